import { emptySections } from "../facts/empty-sections.js";
import type { AccessHappening } from "../facts/races.js";
import { asked, bothWays, type RaceKind } from "./kind.js";

/** One side locks and unlocks just before, and the other side holds that lock, or does the same. */
export const typoLock: RaceKind = {
  code: "typo-lock",
  shownBy: ({ conflicts }, sight) =>
    conflicts.filter((conflict) =>
      bothWays(conflict).some(([bare, other]) =>
        emptyBefore(bare, sight).some(({ locks }) => {
          const theirs = [...other.state.held, ...emptyBefore(other, sight)];
          return theirs.some((it) => it.locks.some((lock) => locks.includes(lock)));
        }),
      ),
    ),
  because: () =>
    "the lock is released again before that, so it protects nothing: `defer` is missing",
};

const emptyBefore = asked((it: AccessHappening, { points }) => emptySections(points, it));
