// Goroutines that wait in a loop without a way out, started by functions that have a context to stop them by.

import { typeOf } from "../../ir/access.js";
import type { Func, Instr, Program, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { graphOf } from "./graph.js";
import { pointsTo } from "./points-to.js";

export interface EndlessLoop {
  readonly func: Func;
  /** The `go`. */
  readonly start: SpanId;
  /** Operations in the loop that wait for others. */
  readonly waits: readonly SpanId[];
}

/** Each goroutine's function once. */
export const endlessLoops: Fact<readonly EndlessLoop[]> = {
  name: "endless-loops",
  compute: ({ program, get }) => {
    const points = get(pointsTo);
    const found = new Map<Func, EndlessLoop>();
    for (const instance of points.instances) {
      if (instance.func.library || !hasContext(program, instance.func)) continue;
      for (const { instrs } of instance.func.blocks) {
        for (const instr of instrs) {
          if (instr.op !== "spawn") continue;
          for (const { instance: target } of points.targets(instance, instr)) {
            const { func } = target;
            if (func.library || found.has(func)) continue;
            const waits = waitsWithoutEnd(func);
            if (waits.length > 0) found.set(func, { func, start: instr.span, waits });
          }
        }
      }
    }
    return [...found.values()];
  },
};

/** Given to it, not made by it: what starts with a context of its own may be meant to stay. */
function hasContext(program: Program, { params, captures, regTypes }: Func): boolean {
  return [...params, ...captures].some((reg) => {
    const id = regTypes[reg];
    if (id === undefined) return false;
    const type = typeOf(program, id);
    const held = type.kind === "pointer" ? typeOf(program, type.elem) : type;
    return held.kind === "named" && held.name === "context.Context";
  });
}

/** Waits from which no end of the function can be reached. */
function waitsWithoutEnd(func: Func): readonly SpanId[] {
  const graph = graphOf(func);
  const ends = func.blocks.flatMap(({ exit, id }) =>
    (exit.op === "return" || exit.op === "panic") && id !== func.recover ? [id as number] : [],
  );
  const isCaught = (block: number): boolean =>
    ends.some((it) => it === block || graph.reaches({ block, index: 0 }, { block: it, index: 0 }));
  return func.blocks.flatMap(({ instrs }, block) => {
    const point = { block, index: 0 };
    if (!graph.isReached(block) || !graph.inLoop(point) || isCaught(block)) return [];
    return instrs.filter(isWait).map((it) => it.span);
  });
}

function isWait(instr: Instr): boolean {
  if (instr.op === "select") return instr.blocking;
  return instr.op === "recv" || instr.op === "send";
}
