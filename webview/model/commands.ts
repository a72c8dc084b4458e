import type { PanelCommand } from "../../protocol/panel-commands.js";
import type { PanelEvent } from "./store.js";
import { zoomStep } from "./zoom.js";

/** What a command asks of the editor instead of the panel: to show the step's line. */
export type Request = "source" | "leave";

const by = (rows: number): PanelEvent => ({ type: "move", move: { kind: "by", rows } });
const lane = (direction: 1 | -1): PanelEvent => ({
  type: "move",
  move: { kind: "in-lane", direction },
});
const turn = (direction: 1 | -1): PanelEvent => ({
  type: "move",
  move: { kind: "turn", direction },
});

/** What each command does: the same whether a key, a button or the palette asks for it. */
export const effects: Readonly<Record<PanelCommand, PanelEvent | Request>> = {
  nextStep: by(1),
  previousStep: by(-1),
  firstStep: { type: "move", move: { kind: "to", row: 0 } },
  lastStep: { type: "move", move: { kind: "to", row: Number.MAX_SAFE_INTEGER } },
  nextInLane: lane(1),
  previousInLane: lane(-1),
  nextSwitch: turn(1),
  previousSwitch: turn(-1),
  nextFailing: { type: "failing", direction: 1 },
  previousFailing: { type: "failing", direction: -1 },
  compareSchedules: { type: "compare", with: null },
  play: { type: "play" },
  faster: { type: "faster", by: 1 },
  slower: { type: "faster", by: -1 },
  zoomIn: { type: "zoom", times: zoomStep },
  zoomOut: { type: "zoom", times: 1 / zoomStep },
  panEarlier: { type: "pan", direction: -1 },
  panLater: { type: "pan", direction: 1 },
  focusStep: { type: "focus" },
  fitAll: { type: "fit" },
  search: { type: "seek" },
  nextMatch: { type: "match", direction: 1 },
  previousMatch: { type: "match", direction: -1 },
  toggleArrows: { type: "arrows" },
  goToSource: "source",
  toggleKeys: { type: "help" },
};
