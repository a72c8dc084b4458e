import { instrsOf } from "../../ir/access.js";
import type { Func, Instr } from "../../ir/ir.js";
import { graphOf } from "../facts/graph.js";
import { has } from "../facts/tokens.js";
import { asked, bothWays, type RaceKind, type Sight } from "./kind.js";
import type { AccessHappening, Conflict } from "../facts/races.js";

/**
 * The goroutine writes its result and signals; who waits gives up after a time, and reads the result all the same.
 */
export const resultVarVsTimeout: RaceKind = {
  code: "result-var-vs-timeout",
  shownBy: ({ conflicts }, sight) =>
    conflicts.filter((conflict) =>
      bothWays(conflict).some(
        ([result, read]) => result.op.write && givesUpBefore(read, result, conflict, sight),
      ),
    ),
  because: () => "when another case of the `select` is chosen, the goroutine may still be writing",
};

/** Whether before the read, and after the goroutine's start, a select waits for the goroutine or for something else. */
function givesUpBefore(
  read: AccessHappening,
  result: AccessHappening,
  { thread }: Conflict,
  sight: Sight,
): boolean {
  const { instance } = read.frame;
  if (!choosesIn(instance.func, sight)) return false;
  const graph = graphOf(instance.func);
  const starts = instance === thread.spawner.instance;
  const before = starts
    ? graph.instrsAfter(thread.instr)
    : instance.func.blocks.flatMap(({ instrs }) => instrs);
  return before.some((it) => {
    if (!isChoice(it)) return false;
    const joining = it.cases.filter((one) => isSignal(one, result, read, sight));
    return (
      joining.length > 0 &&
      joining.length < it.cases.length &&
      graph.instrsAfter(it).includes(read.op.instr)
    );
  });
}

function isChoice(it: Instr): it is Extract<Instr, { readonly op: "select" }> {
  return it.op === "select" && it.blocking && it.cases.length > 1;
}

const choosesIn = asked((func: Func) => instrsOf(func).some(isChoice));

type Case = Extract<Instr, { readonly op: "select" }>["cases"][number];

/** Whether the goroutine gives what the case waits for after it has written. */
function isSignal(
  { dir, chan }: Case,
  result: AccessHappening,
  { frame }: AccessHappening,
  { points }: Sight,
): boolean {
  return (
    dir === "recv" &&
    [...points.locations(frame.instance, chan)].some((it) => has(result.after, it))
  );
}
