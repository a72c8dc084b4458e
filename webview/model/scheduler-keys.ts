import type { Move } from "./cursor.js";
import type { Pressed } from "./keys.js";
import type { SchedulerEvent } from "./scheduler.js";

// The keys of somebody who is the scheduler.

export type SchedulerAction =
  | { readonly kind: "event"; readonly event: SchedulerEvent }
  | { readonly kind: "move"; readonly move: Move }
  | { readonly kind: "source" | "leave" };

/** What a key means; null: nothing. */
export function schedulerAction(pressed: Pressed): SchedulerAction | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null;
  const by = (rows: number): SchedulerAction => ({ kind: "move", move: { kind: "by", rows } });
  const to = (row: number): SchedulerAction => ({ kind: "move", move: { kind: "to", row } });
  switch (pressed.key) {
    case "ArrowDown":
    case "ArrowRight":
      return by(1);
    case "ArrowUp":
    case "ArrowLeft":
      return by(-1);
    case "PageDown":
      return by(10);
    case "PageUp":
      return by(-10);
    case "Home":
      return to(0);
    case "End":
      return to(Number.MAX_SAFE_INTEGER);
    case "Enter":
      return { kind: "source" };
    case "Escape":
      return { kind: "leave" };
    default:
      return letterAction(pressed);
  }
}

function letterAction({ key, shiftKey }: Pressed): SchedulerAction | null {
  if (/^[1-9]$/.test(key)) {
    return { kind: "event", event: { type: "pick", move: Number(key) - 1 } };
  }
  const event = (type: "undo" | "redo" | "restart" | "hint" | "finish"): SchedulerAction => ({
    kind: "event",
    event: { type },
  });
  switch (key.toLowerCase()) {
    case "u":
      return event(shiftKey ? "redo" : "undo");
    case "r":
      return event("restart");
    case "x":
      return event("hint");
    case "b":
      return event("finish");
    case "g":
      return { kind: "source" };
    default:
      return null;
  }
}
