import type { RaceKind } from "./kind.js";
import { updates } from "./updates.js";

/** `s = append(s, …)` beside another use of `s`. */
export const sliceAppendRace: RaceKind = {
  code: "slice-append-race",
  shownBy: ({ conflicts }) =>
    conflicts.filter(
      ({ inThread, other }) => updates(inThread) === "append" || updates(other) === "append",
    ),
  because: (_name, _race, { program }) =>
    program.switches === undefined
      ? "`append` reads length and capacity and writes both anew, so elements can get lost"
      : "adding an element reads the length and writes it anew, so elements can get lost",
};
