import type { PanelEvent } from "./store.js";

/** A key the panel answers, as people read it and as it acts. */
export interface Key {
  readonly shown: string;
  readonly does: string;
}

export const keys: readonly Key[] = [
  { shown: "↑ ↓ or ← →", does: "previous and next step" },
  { shown: "Shift + arrow", does: "previous and next step of this lane" },
  { shown: "Home, End", does: "first and last step" },
  { shown: "Page Up, Page Down", does: "ten steps" },
  { shown: "Enter, G", does: "go to the line in the editor" },
  { shown: "Space", does: "play and pause" },
  { shown: "N, P", does: "next and previous failing schedule" },
  { shown: "C", does: "compare with the nearest passing schedule" },
  { shown: "H", does: "all happens-before arrows" },
  { shown: "?", does: "this help" },
  { shown: "Esc", does: "back to the editor" },
];

export interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** What a key means while the lanes have the focus: an event, a request to the editor, or nothing. */
export function keyAction(pressed: Pressed): PanelEvent | "source" | "leave" | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null;
  const by = (rows: number): PanelEvent => ({ type: "move", move: { kind: "by", rows } });
  const to = (row: number): PanelEvent => ({ type: "move", move: { kind: "to", row } });
  const lane = (direction: 1 | -1): PanelEvent => ({
    type: "move",
    move: { kind: "in-lane", direction },
  });
  switch (pressed.key) {
    case "ArrowDown":
    case "ArrowRight":
      return pressed.shiftKey ? lane(1) : by(1);
    case "ArrowUp":
    case "ArrowLeft":
      return pressed.shiftKey ? lane(-1) : by(-1);
    case "Home":
      return to(0);
    case "End":
      return to(Number.MAX_SAFE_INTEGER);
    case "PageDown":
      return by(10);
    case "PageUp":
      return by(-10);
    case "Enter":
      return "source";
    case "Escape":
      return "leave";
    case " ":
      return { type: "play" };
    case "?":
      return { type: "help" };
    default:
      return letterAction(pressed.key.toLowerCase());
  }
}

function letterAction(letter: string): PanelEvent | "source" | null {
  switch (letter) {
    case "n":
      return { type: "failing", direction: 1 };
    case "p":
      return { type: "failing", direction: -1 };
    case "c":
      return { type: "compare", with: null };
    case "h":
      return { type: "arrows" };
    case "g":
      return "source";
    default:
      return null;
  }
}
