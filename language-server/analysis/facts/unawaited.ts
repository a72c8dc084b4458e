// Goroutines that print, started by a `main` that does nothing afterwards that could wait for them.

import { funcOf } from "../../ir/access.js";
import type { Func, FuncId, Instr, Program, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { calledName } from "./constraints.js";
import { graphOf } from "./graph.js";
import { pointsTo, type Instance, type PointsTo } from "./points-to.js";

export interface Unawaited {
  readonly main: FuncId;
  readonly spawn: SpanId;
  readonly end: SpanId;
}

/** The first such goroutine of each `main`. */
export const unawaited: Fact<readonly Unawaited[]> = {
  name: "unawaited",
  compute: ({ program, get }) => {
    const points = get(pointsTo);
    const mains = program.entries.filter((it) => it.kind === "main" && it.assumption === undefined);
    return mains.flatMap(({ func }) => {
      const main = points.instances.find((it) => it.func.id === func);
      return main === undefined ? [] : inMain(program, points, main);
    });
  },
};

function inMain(program: Program, points: PointsTo, main: Instance): readonly Unawaited[] {
  const { func } = main;
  const graph = graphOf(func);
  const instrs = func.blocks.flatMap((it) => it.instrs);
  if (instrs.some((it) => it.op === "defer")) return [];
  const end = func.blocks.find(({ exit, id }) => exit.op === "return" && id !== func.recover);
  const spawn = instrs.find((it) => it.op === "spawn" && prints(program, points, main, it));
  if (spawn === undefined || end === undefined || spawn.span === 0) return [];
  const after = graph.instrsAfter(spawn);
  if (!after.every((it) => cannotWait(program, points, main, it))) return [];
  return [{ main: func.id, spawn: spawn.span, end: end.exit.span }];
}

const printing = /^(fmt\.Print(ln|f)?|log\.Print(ln|f)?|print|println)$/;

function prints(program: Program, points: PointsTo, main: Instance, spawn: Instr): boolean {
  if (spawn.op !== "spawn") return false;
  if (printing.test(calledName(program, spawn.callee))) return true;
  const callsPrint = ({ blocks }: Func): boolean =>
    blocks.some(({ instrs }) =>
      instrs.some((it) => it.op === "call" && printing.test(calledName(program, it.callee))),
    );
  const literal = spawn.callee.kind === "static" && callsPrint(funcOf(program, spawn.callee.func));
  return literal || points.targets(main, spawn).some((it) => callsPrint(it.instance.func));
}

const plain: ReadonlySet<Instr["op"]> = new Set<Instr["op"]>([
  "alloc",
  "bulk",
  "closure",
  "const",
  "convert",
  "element",
  "extract",
  "field",
  "global",
  "interface",
  "load",
  "make",
  "map",
  "prim",
  "project",
  "run-defers",
  "slice",
  "spawn",
  "store",
  "zero",
]);

/** Whether executing it cannot wait for another goroutine. */
function cannotWait(program: Program, points: PointsTo, main: Instance, instr: Instr): boolean {
  if (plain.has(instr.op)) return true;
  if (instr.op !== "call" || points.targets(main, instr).length > 0) return false;
  return printing.test(calledName(program, instr.callee));
}
