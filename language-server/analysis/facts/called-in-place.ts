import type { Func, FuncId, Instr, Program, Reg } from "../../ir/ir.js";
import { exitUses, uses } from "../../ir/shape.js";

/**
 * Function literals of `func` that are called where they are made and are nothing else: for what such a call leaves
 * behind, the function around it has to answer.
 */
export function calledInPlace({ funcs }: Program, { id, blocks }: Func): ReadonlySet<FuncId> {
  const instrs = blocks.flatMap((it) => it.instrs);
  const made = new Map<Reg, FuncId>();
  for (const it of instrs) if (it.op === "closure") made.set(it.dst, it.func);
  const called = new Set<FuncId>();
  const elsewhere = new Set<FuncId>();
  for (const it of instrs) {
    if (it.op === "call" && it.callee.kind === "static" && funcs[it.callee.func]?.parent === id)
      called.add(it.callee.func);
    for (const reg of uses(it)) {
      const literal = made.get(reg);
      if (literal !== undefined) (isCallOf(it, reg) ? called : elsewhere).add(literal);
    }
  }
  for (const reg of blocks.flatMap((it) => exitUses(it.exit))) {
    const literal = made.get(reg);
    if (literal !== undefined) elsewhere.add(literal);
  }
  return new Set([...called].filter((it) => !elsewhere.has(it)));
}

function isCallOf(instr: Instr, reg: Reg): boolean {
  return (
    instr.op === "call" &&
    instr.callee.kind === "dynamic" &&
    instr.callee.value === reg &&
    !instr.args.includes(reg)
  );
}
