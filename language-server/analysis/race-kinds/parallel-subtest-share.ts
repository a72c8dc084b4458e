import { funcOf } from "../../ir/access.js";
import type { Func, Program } from "../../ir/ir.js";
import { asked, type RaceKind } from "./kind.js";
import type { Frame } from "../facts/threads.js";

/** Both sides run in tests that were made with `t.Run` and have called `t.Parallel`. */
export const parallelSubtestShare: RaceKind = {
  code: "parallel-subtest-share",
  shownBy: ({ conflicts }, sight) =>
    conflicts.filter(
      ({ inThread, other }) => isParallel(inThread.frame, sight) || isParallel(other.frame, sight),
    ),
  because: () =>
    "a test that calls `t.Parallel` runs beside its siblings, after its parent's function has ended",
};

const isParallel = asked((frame: Frame, { program, threads }) => {
  const isSubtest = [...threads.threadsOf(frame)].some(
    ({ spawner }) => spawner.instance.func.name === "(*testing.T).Run",
  );
  if (!isSubtest) return false;
  const callers = new Set([frame]);
  for (const it of callers) for (const caller of it.callers.keys()) callers.add(caller);
  return [...callers].some((it) => callsParallel(program, it.instance.func));
});

function callsParallel(program: Program, { blocks }: Func): boolean {
  return blocks.some(({ instrs }) =>
    instrs.some(
      (it) =>
        it.op === "call" &&
        it.callee.kind === "static" &&
        funcOf(program, it.callee.func).name === "(*testing.T).Parallel",
    ),
  );
}
