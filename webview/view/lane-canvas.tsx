import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { paint } from "../paint/paint.js";
import type { Palette, Scene } from "../paint/scene.js";
import { type Frames, framesOf, freshBrush } from "./frames.js";
import { onThemeChange, paletteOf } from "./theme.js";

interface Props {
  readonly scene: Scene;
  /** Height of the whole drawing. */
  readonly height: number;
  readonly scroller: { readonly current: HTMLElement | null };
}

/** Painted above and below what is in sight, in pixels: so much can be scrolled before the next frame is there. */
const overscan = 160;

/**
 * The drawing of what is in sight of the lanes. It lies among the rows and moves with them, so text and lines never come
 * apart, and is painted anew when its edge comes into sight.
 */
export function LaneCanvas({ scene, height, scroller }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef({ scene, height });
  const frames = useRef<Frames | null>(null);
  useLayoutEffect(() => {
    latest.current = { scene, height };
    frames.current?.request();
  }, [scene, height]);
  useLayoutEffect(() => {
    const it = canvas.current;
    const around = scroller.current;
    if (it === null || around === null) return undefined;
    let palette: Palette | null = null;
    let painted: Painted = { left: 0, top: 0, bottom: 0, width: 0, height: 0 };
    const loop = framesOf(it, () => {
      palette ??= paletteOf(it);
      painted = draw(it, around, palette, latest.current);
    });
    frames.current = loop;
    const dress = onThemeChange(() => {
      palette = null;
      loop.request();
    });
    const scrolled = (): void => {
      const bottom = Math.min(latest.current.height, around.scrollTop + around.clientHeight);
      const inside = around.scrollTop >= painted.top && bottom <= painted.bottom;
      if (!inside || around.scrollLeft !== painted.left) loop.request();
    };
    // It calls also for the size that is there from the beginning.
    const sized = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = around;
      if (clientWidth !== painted.width || clientHeight !== painted.height) loop.request();
    });
    sized.observe(around);
    around.addEventListener("scroll", scrolled, { passive: true });
    loop.request();
    return () => {
      around.removeEventListener("scroll", scrolled);
      sized.disconnect();
      dress();
      loop.stop();
    };
  }, [scroller]);
  return <canvas class="drawing" ref={canvas} aria-hidden="true" />;
}

/** The part of the drawing that is there, and the size of what it was painted for. */
interface Painted {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

/** Paints what is in sight and a little more; says what that was. */
function draw(
  canvas: HTMLCanvasElement,
  around: HTMLElement,
  palette: Palette,
  { scene, height }: { readonly scene: Scene; readonly height: number },
): Painted {
  const { scrollLeft: left, scrollTop, clientWidth, clientHeight } = around;
  const top = Math.max(0, Math.floor(scrollTop) - overscan);
  const bottom = Math.min(height, scrollTop + clientHeight + overscan);
  const port = { left, top, width: clientWidth, height: Math.max(1, Math.ceil(bottom - top)) };
  canvas.style.transform = `translate(${left}px, ${top}px)`;
  const brush = freshBrush(canvas, port.width, port.height);
  if (brush !== null) {
    brush.translate(-left, -top);
    paint(brush, scene, palette, port);
  }
  return { left, top, bottom, width: clientWidth, height: clientHeight };
}
