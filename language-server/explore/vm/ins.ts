import type { Instr, SpanId } from "../../ir/ir.js";
import type { Cpu } from "./cpu.js";

export type Exec = (cpu: Cpu, ins: Ins) => void;

/** One instruction. Operands `a`, `b`, `c` and `dst` are registers or small numbers, `x`, `y` what the instruction needs besides. */
export class Ins {
  readonly exec: Exec;
  readonly span: SpanId;
  readonly instr: Instr | null;
  dst = 0;
  a = 0;
  b = 0;
  c = 0;
  x: unknown = null;
  y: unknown = null;
  list: readonly number[] = [];

  constructor(exec: Exec, span: SpanId, instr: Instr | null) {
    this.exec = exec;
    this.span = span;
    this.instr = instr;
  }
}
