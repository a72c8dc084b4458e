// Tells that an agent goes round: it has come to an operation in the same state as before, and all it has done in between was to
// look. It goes on doing so until what it has seen changes, so it need not be run until then.

import type { Frame } from "../js-code.js";
import type { Vm } from "../js-interp.js";
import type { Op, Result, Round } from "./ops.js";

/** A round of more operations than these is not noticed. */
const longest = 6;

interface Moment {
  readonly op: Op;
  readonly changes: number;
  readonly frames: readonly FrameState[];
}

interface FrameState {
  readonly frame: Frame;
  readonly block: number;
  readonly pc: number;
  readonly regs: readonly unknown[];
}

export class Rounds {
  readonly #vm: Vm;
  readonly #moments: Moment[] = [];

  constructor(vm: Vm) {
    this.#vm = vm;
  }

  /** The agent stands before an operation. */
  note(op: Op): void {
    const frames: FrameState[] = [];
    for (let frame = this.#vm.top; frame !== null; frame = frame.parent) {
      const { block, pc, regs } = frame;
      frames.push({ frame, block, pc, regs: [...regs] });
    }
    this.#moments.push({ op, changes: this.#vm.changes, frames });
    if (this.#moments.length > longest + 1) this.#moments.shift();
  }

  /** What must change before the last operation noted comes to anything else; `results`: of those before it. */
  last(results: readonly Result[]): readonly Round[] | null {
    const now = this.#moments.at(-1);
    if (now === undefined) return null;
    const seen: Round[] = [];
    for (let back = 1; back < this.#moments.length; back++) {
      const before = this.#moments.at(-1 - back) as Moment;
      const result = results.at(-back);
      const round = result === undefined ? null : looked(before.op, result);
      if (round === null || before.changes !== now.changes) return null;
      seen.push(round);
      if (sameState(before, now)) return seen;
    }
    return null;
  }
}

/** What an operation that changed nothing has seen. */
function looked(op: Op, result: Result): Round | null {
  if (op.kind === "wait") {
    const saw = result.kind === "woken" ? result.saw : undefined;
    return saw === undefined ? null : { element: op.element, value: saw };
  }
  if (op.kind === "notify") {
    const none = result.kind === "value" && Number(result.value) === 0;
    return none ? { element: op.element, value: null } : null;
  }
  if (op.kind !== "access" || result.kind !== "value") return null;
  const { what, element, operands } = op;
  const value = String(result.value);
  if (what === "get" || what === "load") return { element, value };
  const failed = what === "compareExchange" && value !== String(operands[0]);
  return failed ? { element, value } : null;
}

function sameState(a: Moment, b: Moment): boolean {
  return (
    a.op.span === b.op.span &&
    JSON.stringify(plain(a.op)) === JSON.stringify(plain(b.op)) &&
    a.frames.length === b.frames.length &&
    a.frames.every((it, index) => sameFrame(it, b.frames[index] as FrameState))
  );
}

function sameFrame(a: FrameState, b: FrameState): boolean {
  if (a.frame !== b.frame || a.block !== b.block || a.pc !== b.pc) return false;
  const length = Math.max(a.regs.length, b.regs.length);
  for (let index = 0; index < length; index++) {
    if (!Object.is(a.regs[index], b.regs[index])) return false;
  }
  return true;
}

/** Without bigints, which JSON does not know. */
function plain(op: Op): unknown {
  if (op.kind === "access") return { ...op, operands: op.operands.map(String) };
  return op.kind === "wait" ? { ...op, expected: String(op.expected) } : op;
}
