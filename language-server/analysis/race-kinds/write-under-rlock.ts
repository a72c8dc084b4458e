import { bothWays, type RaceKind } from "./kind.js";

/** The writer holds the lock that the other side holds, but as one of many readers. */
export const writeUnderRlock: RaceKind = {
  code: "write-under-rlock",
  shownBy: ({ conflicts }) =>
    conflicts.filter((conflict) =>
      bothWays(conflict).some(
        ([writer, other]) =>
          writer.op.write &&
          writer.state.held.some(
            (mine) =>
              mine.shared &&
              other.state.held.some((theirs) => theirs.locks.some((it) => mine.locks.includes(it))),
          ),
      ),
    ),
  because: () => "`RLock` lets several goroutines in at once, so it does not protect a write",
};
