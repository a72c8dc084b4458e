import type { PanelCommand } from "../../protocol/panel-commands.js";
import { effects, type Request } from "./commands.js";
import type { PanelEvent } from "./store.js";

/** A key the panel answers, as people read it and as it acts. */
export interface Key {
  readonly shown: string;
  readonly does: string;
  /** Writes a character, so it can be switched off for those who type by voice or by accident. */
  readonly character?: true;
}

export const keys: readonly Key[] = [
  { shown: "↑ ↓ or ← →", does: "previous and next step" },
  { shown: "Shift + arrow", does: "previous and next step of this lane" },
  { shown: ", .", does: "the same", character: true },
  { shown: "Home, End", does: "first and last step" },
  { shown: "Page Up, Page Down", does: "ten steps" },
  { shown: "Enter, G", does: "go to the line in the editor" },
  { shown: "Space", does: "play and pause; with reduced motion, to the next switch of lanes" },
  { shown: "N, P", does: "next and previous failing schedule", character: true },
  { shown: "C", does: "compare with the nearest passing schedule", character: true },
  { shown: "W, S", does: "zoom in and out around the step", character: true },
  { shown: "A, D", does: "pan to earlier and later steps", character: true },
  { shown: "Ctrl + wheel", does: "zoom at the pointer" },
  { shown: "F", does: "focus the step: in the middle, with text", character: true },
  { shown: "0", does: "the whole schedule in one view", character: true },
  { shown: "/", does: "search; Enter and Shift + Enter go through what matches", character: true },
  {
    shown: "H",
    does: "all happens-before arrows (of more than 400 in sight, some)",
    character: true,
  },
  { shown: "?", does: "this help", character: true },
  { shown: "Esc", does: "back to the editor" },
];

export interface Pressed {
  /** What the key writes. */
  readonly key: string;
  /** Where the key is on the keyboard: W, A, S and D are a block only there. */
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** What a key means while the lanes have the focus: an event, a request to the editor, or nothing. */
export function keyAction(pressed: Pressed, characters = true): PanelEvent | Request | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null;
  const { key } = pressed;
  if (key === "PageDown" || key === "PageUp") {
    return { type: "move", move: { kind: "by", rows: key === "PageDown" ? 10 : -10 } };
  }
  if (key === "Escape") return "leave";
  const command = namedKeys(pressed) ?? (characters ? characterKeys(pressed) : null);
  return command === null ? null : effects[command];
}

function namedKeys({ key, shiftKey }: Pressed): PanelCommand | null {
  switch (key) {
    case "ArrowDown":
    case "ArrowRight":
      return shiftKey ? "nextInLane" : "nextStep";
    case "ArrowUp":
    case "ArrowLeft":
      return shiftKey ? "previousInLane" : "previousStep";
    case "Home":
      return "firstStep";
    case "End":
      return "lastStep";
    case "Enter":
      return "goToSource";
    case " ":
      return "play";
    default:
      return null;
  }
}

// Four keys that are a block wherever letters are, and a digit that some keyboards write with Shift.
const byCode: Readonly<Record<string, PanelCommand>> = {
  KeyW: "zoomIn",
  KeyS: "zoomOut",
  KeyA: "panEarlier",
  KeyD: "panLater",
  Digit0: "fitAll",
};

const byCharacter: Readonly<Record<string, PanelCommand>> = {
  "?": "toggleKeys",
  "/": "search",
  "0": "fitAll",
  ".": "nextInLane",
  ",": "previousInLane",
  c: "compareSchedules",
  f: "focusStep",
  g: "goToSource",
  h: "toggleArrows",
  n: "nextFailing",
  p: "previousFailing",
};

function characterKeys({ key, code }: Pressed): PanelCommand | null {
  return byCode[code] ?? byCharacter[key.toLowerCase()] ?? null;
}
