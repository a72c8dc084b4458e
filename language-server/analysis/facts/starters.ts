import type { Func, Program } from "../../ir/ir.js";
import { startsGoroutine } from "./escape.js";
import { outermost } from "./lock-paths.js";

/** Functions with a `go` in them or in one of their literals. */
export function functionsThatStart(program: Program): Set<Func> {
  const starting = new Set<Func>();
  for (const func of program.funcs) {
    const starts = func.blocks.some((block) =>
      block.instrs.some((it) => startsGoroutine(program, it)),
    );
    if (starts) starting.add(outermost(program, func));
  }
  return starting;
}
