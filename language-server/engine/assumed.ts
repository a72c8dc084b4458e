// TypeScript entries that nobody wrote: two overlapping calls of an async function.

import { funcOf } from "../ir/access.js";
import type { Entry, Func, Program } from "../ir/ir.js";

/** The entry that shows a function: the program, when it calls the function, else two calls of it. */
export function entryShowing(program: Program, func: Func): Entry | undefined {
  const made = program.entries.find(
    (it) => it.assumption !== undefined && funcOf(program, it.func).span === func.span,
  );
  return made !== undefined && isUsed(program, func) ? program.entries[0] : made;
}

/** Whether the program itself calls a function by its name, or a method by its. */
function isUsed(program: Program, target: Func): boolean {
  const made = new Set(
    program.entries.filter((it) => it.assumption !== undefined).map((it) => it.func),
  );
  const method = target.display.slice(target.display.lastIndexOf(".") + 1);
  const isMethod = target.display.includes(".");
  const definition = program.funcs.filter((it) => !made.has(it.id));
  const uses = definition.flatMap(({ blocks }) => blocks.flatMap(({ instrs }) => instrs));
  if (!isMethod) {
    return uses.some(
      (it) => it.op === "call" && it.callee.kind === "static" && it.callee.func === target.id,
    );
  }
  // Once where it is defined, and again where it is called.
  return uses.filter((it) => it.op === "const" && it.value === method).length > 1;
}
