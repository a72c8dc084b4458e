import type { Move } from "../model/cursor.js";

/** What a key means on the page, or null where it is somebody else's: a slider's, a button's, a link's, a scrolled box's. */
export function keyMove(event: KeyboardEvent): Move | "play" | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const target = event.target instanceof Element ? event.target : null;
  if (target !== null && target.closest("input, pre") !== null) return null;
  const by = (rows: number): Move => ({ kind: "by", rows });
  switch (event.key) {
    case "ArrowDown":
    case "ArrowRight":
      return event.shiftKey ? { kind: "in-lane", direction: 1 } : by(1);
    case "ArrowUp":
    case "ArrowLeft":
      return event.shiftKey ? { kind: "in-lane", direction: -1 } : by(-1);
    case "Home":
      return { kind: "to", row: 0 };
    case "End":
      return { kind: "to", row: Number.MAX_SAFE_INTEGER };
    case "PageDown":
      return by(10);
    case "PageUp":
      return by(-10);
    case " ":
      return target?.closest("button, a") === null || target === null ? "play" : null;
    default:
      return null;
  }
}
