// Compiled functions: blocks laid end to end, one `Ins` per instruction with everything resolved that can be, so that
// the interpreter's loop is a load, an increment and an indirect call.

import { assert, present } from "../../base/assert.js";
import type { BlockId, Edge, Exit, Func, Instr, SpanId } from "../../ir/ir.js";
import * as control from "./exec-control.js";
import { compileInstr, compileOrder } from "./compile-instr.js";
import type { Image } from "./image.js";
import { Ins } from "./ins.js";
import { move } from "./exec-values.js";
import { Unsupported } from "./signals.js";

export class Code {
  readonly func: Func;
  readonly ins: readonly Ins[];
  readonly nRegs: number;
  /** Where a function goes on after a recovered panic. */
  readonly recoverPc: number;
  /** Whether spans of its instructions are the user's to see. */
  readonly library: boolean;

  constructor(func: Func, ins: readonly Ins[], nRegs: number, recoverPc: number) {
    this.func = func;
    this.ins = ins;
    this.nRegs = nRegs;
    this.recoverPc = recoverPc;
    this.library = func.library;
  }
}

export function compile(image: Image, func: Func): Code {
  return new Compiler(image, func).compile();
}

class Compiler {
  readonly #image: Image;
  readonly #func: Func;
  readonly #ins: Ins[] = [];
  readonly #starts: number[] = [];
  /** Jumps whose target is known only when all blocks are laid out. */
  readonly #fixups: {
    readonly ins: Ins;
    readonly slot: "a" | "b" | "c";
    readonly block: BlockId;
  }[] = [];
  /** First register beyond the function's own: results nobody wants, then temporaries of moves. */
  readonly #scratch: number;
  #nRegs: number;

  constructor(image: Image, func: Func) {
    this.#image = image;
    this.#func = func;
    this.#scratch = func.regTypes.length;
    this.#nRegs = func.regTypes.length + 1;
  }

  compile(): Code {
    const func = this.#func;
    for (const block of func.blocks) {
      this.#starts[block.id] = this.#ins.length;
      for (const instr of block.instrs) this.#instr(instr);
      this.#exit(block.exit);
    }
    const recoverPc = this.#recovery();
    for (const { ins, slot, block } of this.#fixups)
      ins[slot] = present(this.#starts[block], "block");
    return new Code(func, this.#ins, this.#nRegs, recoverPc);
  }

  #emit(ins: Ins): Ins {
    this.#ins.push(ins);
    return ins;
  }

  #instr(instr: Instr): void {
    const order = compileOrder(this.#image, this.#func, instr);
    if (order !== null) this.#emit(order);
    const ins = this.#emit(this.#compiled(instr));
    if (instr.op !== "try") return;
    this.#fixups.push({ ins, slot: "a", block: instr.handler });
    ins.b = this.#func.blocks[instr.handler]?.params[0] ?? this.#scratch;
  }

  /** What cannot be compiled stops the execution that gets there, and no other. */
  #compiled(instr: Instr): Ins {
    try {
      return compileInstr(this.#image, this.#func, instr, this.#scratch);
    } catch (signal) {
      if (!(signal instanceof Unsupported)) throw signal;
      const ins = new Ins(control.stopUnsupported, instr.span, instr);
      ins.x = signal;
      return ins;
    }
  }

  #exit(exit: Exit): void {
    switch (exit.op) {
      case "jump":
        this.#jump(exit.to, exit.span);
        return;
      case "branch": {
        const ins = this.#emit(new Ins(control.branch, exit.span, null));
        ins.a = exit.cond;
        this.#target(ins, "b", exit.then, exit.span);
        this.#target(ins, "c", exit.else, exit.span);
        return;
      }
      case "return": {
        const [only] = exit.values;
        const exec =
          exit.values.length === 0
            ? control.returnNothing
            : exit.values.length === 1
              ? control.returnOne
              : control.returnMany;
        const ins = this.#emit(new Ins(exec, exit.span, null));
        ins.a = only ?? 0;
        ins.list = exit.values;
        return;
      }
      case "panic":
        this.#emit(new Ins(control.panic, exit.span, null)).a = exit.value;
    }
  }

  /** An edge with arguments gets a landing of its own, laid after the branch. */
  #target(ins: Ins, slot: "b" | "c", edge: Edge, span: SpanId): void {
    if (edge.args.length === 0) {
      this.#fixups.push({ ins, slot, block: edge.block });
      return;
    }
    ins[slot] = this.#ins.length;
    this.#jump(edge, span);
  }

  #jump(edge: Edge, span: SpanId): void {
    const params = present(this.#func.blocks[edge.block], "block").params;
    assert(params.length === edge.args.length, "edge arguments");
    const moves = edge.args.map((from, index) => ({
      from: from,
      to: present(params[index], "param"),
    }));
    this.#moves(
      moves.filter((it) => it.from !== it.to),
      span,
    );
    const ins = this.#emit(new Ins(control.jump, span, null));
    this.#fixups.push({ ins, slot: "a", block: edge.block });
  }

  /** Parallel moves: a register that is still to be read is not overwritten. */
  #moves(moves: readonly { readonly from: number; readonly to: number }[], span: SpanId): void {
    const pending = [...moves];
    while (pending.length > 0) {
      const free = pending.findIndex((it) =>
        pending.every((other) => other === it || other.from !== it.to),
      );
      const at = free < 0 ? 0 : free;
      const next = present(pending[at], "move");
      pending.splice(at, 1);
      if (free < 0) {
        // A cycle: what would be overwritten is saved first.
        const saved = this.#nRegs++;
        this.#move(next.to, saved, span);
        for (const other of pending)
          if (other.from === next.to)
            pending[pending.indexOf(other)] = { from: saved, to: other.to };
      }
      this.#move(next.from, next.to, span);
    }
  }

  #move(from: number, to: number, span: SpanId): void {
    const ins = this.#emit(new Ins(move, span, null));
    ins.a = from;
    ins.dst = to;
  }

  /** After a recovered panic: the remaining deferred calls, then the recover block or zero results. */
  #recovery(): number {
    const pc = this.#ins.length;
    const span = this.#func.span;
    this.#emit(new Ins(control.runDefers, span, null));
    if (this.#func.recover !== null) {
      const ins = this.#emit(new Ins(control.jump, span, null));
      this.#fixups.push({ ins, slot: "a", block: this.#func.recover });
    } else {
      this.#emit(new Ins(control.returnNothing, span, null));
    }
    return pc;
  }
}
