// What single instructions mean to lock-balance.ts.

import { funcOf } from "../../ir/access.js";
import type { Instr, Program, Reg } from "../../ir/ir.js";

/** `defer mu.Lock()`: a function that was made for it and does nothing else. */
export function isDeferredLock(program: Program, instr: Instr): boolean {
  if (instr.op !== "defer" || instr.callee.kind !== "static" || instr.args.length !== 1)
    return false;
  const { blocks, params } = funcOf(program, instr.callee.func);
  const [first, ...more] = blocks.flatMap((it) => it.instrs);
  return first?.op === "acquire" && more.length === 0 && params.includes(first.lock);
}

/** Whether the instruction hands the value on, so that others may call it. */
export function usesValue(instr: Instr, reg: Reg): boolean {
  switch (instr.op) {
    case "call":
    case "defer":
    case "spawn":
      return (
        instr.args.includes(reg) ||
        (instr.op === "spawn" && instr.callee.kind === "dynamic" && instr.callee.value === reg)
      );
    case "store":
      return instr.value === reg;
    case "send":
      return instr.value === reg;
    case "interface":
    case "convert":
      return instr.value === reg;
    case "closure":
      return instr.captures.includes(reg);
    default:
      return false;
  }
}
