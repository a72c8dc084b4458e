import { useMemo } from "preact/hooks";

/** Less movement than this, in pixels, is a click of an unsteady hand. */
const leastDrag = 4;

/** What is to be selected as text, not to be held by. */
const words = ".what, .waits, .cell.text, .cell.line";

interface Held {
  readonly pointer: number;
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly top: number;
}

interface Dragging {
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  readonly onPointerCancel: (event: PointerEvent) => void;
  /** The click that ends a drag is none; for the phase before anybody inside is told of it. */
  readonly onClickCapture: (event: MouseEvent) => void;
}

/** Pans by holding the drawing with the mouse; fingers and pens have the browser's own way. */
export function useDragging(scroller: { readonly current: HTMLElement | null }): Dragging {
  return useMemo(() => {
    let held: Held | null = null;
    let dragged = false;
    const release = (event: PointerEvent): void => {
      held = null;
      if (event.currentTarget instanceof Element) event.currentTarget.classList.remove("dragged");
    };
    return {
      onPointerDown: ({ button, pointerType, pointerId, clientX, clientY, target }) => {
        const it = scroller.current;
        dragged = false;
        if (it === null || button !== 0 || pointerType !== "mouse") return;
        if (target instanceof Element && target.closest(words) !== null) return;
        const { scrollLeft: left, scrollTop: top } = it;
        held = { pointer: pointerId, x: clientX, y: clientY, left, top };
      },
      onPointerMove: (event) => {
        const it = scroller.current;
        const { currentTarget, clientX, clientY, buttons, pointerId } = event;
        if (it === null || held?.pointer !== pointerId || !(currentTarget instanceof Element))
          return;
        if (buttons === 0) {
          release(event);
          return;
        }
        const [dx, dy] = [clientX - held.x, clientY - held.y];
        if (!dragged && Math.hypot(dx, dy) < leastDrag) return;
        if (!dragged) {
          dragged = true;
          currentTarget.setPointerCapture(pointerId);
          currentTarget.classList.add("dragged");
        }
        it.scrollTop = held.top - dy;
        it.scrollLeft = held.left - dx;
      },
      onPointerUp: release,
      onPointerCancel: release,
      onClickCapture: (event) => {
        if (dragged) event.stopPropagation();
        dragged = false;
      },
    };
  }, [scroller]);
}
