// The kinds that say what is shared and how, and nothing of why.

import type { AccessHappening, Race } from "../facts/races.js";
import type { RaceKind } from "./kind.js";
import { updates } from "./updates.js";

export const concurrentMap: RaceKind = {
  code: "concurrent-map",
  shownBy: ({ object, offset, conflicts }) =>
    object.kind === "map" && offset === 0 ? conflicts : [],
};

export const lostUpdate: RaceKind = {
  code: "lost-update",
  shownBy: (race) =>
    race.conflicts.some((it) => updates(it.inThread) !== null && it.other.op.write)
      ? race.conflicts
      : [],
};

export const capturedVariable: RaceKind = {
  code: "captured-variable",
  shownBy: (race) => (isCaptured(race) ? race.conflicts : []),
};

export const unsynchronizedAccess: RaceKind = {
  code: "unsynchronized-access",
  shownBy: ({ conflicts }) => conflicts,
};

/** Whether a goroutine's function literal uses a variable of the function around it. */
export function isCaptured({ object, conflicts }: Race): boolean {
  return object.kind === "variable" && conflicts.some((it) => throughCapture(it.inThread));
}

function throughCapture({ op, frame }: AccessHappening): boolean {
  return frame.instance.func.captures.includes(op.through);
}
