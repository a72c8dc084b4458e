import type { RaceKind } from "./kind.js";

/** One side had sent the object to the other before it uses it again. */
export const useAfterHandoff: RaceKind = {
  code: "use-after-handoff",
  shownBy: ({ conflicts }) => conflicts.filter((it) => it.handoff !== null),
  because: () => "it was handed over through a channel before",
};
