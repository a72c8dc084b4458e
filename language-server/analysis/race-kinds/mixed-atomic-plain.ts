import type { RaceKind } from "./kind.js";

/** One side goes through sync/atomic, the other does not. */
export const mixedAtomicPlain: RaceKind = {
  code: "mixed-atomic-plain",
  shownBy: ({ conflicts }) =>
    conflicts.filter(({ inThread, other }) => inThread.op.atomic !== other.op.atomic),
  because: () => "an atomic access orders only other atomic ones",
};
