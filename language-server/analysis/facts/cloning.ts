import type { Func, FuncId, Program } from "../../ir/ir.js";

/** Functions up to this size are told apart by call site whatever they do. */
const tiny = 24;
/** Functions up to this size are, when they allocate, spawn or call back. */
const small = 90;

/** Which functions are worth an instance per call site. */
export class Cloning {
  readonly #program: Program;
  readonly #worth = new Map<FuncId, boolean>();

  constructor(program: Program) {
    this.#program = program;
  }

  size(func: Func): number {
    return func.blocks.reduce((sum, it) => sum + it.instrs.length + 1, 0);
  }

  worthwhile(func: Func): boolean {
    const known = this.#worth.get(func.id);
    if (known !== undefined) return known;
    const worth = this.#judge(func);
    this.#worth.set(func.id, worth);
    return worth;
  }

  #judge(func: Func): boolean {
    const size = this.size(func);
    if (size > small || this.#callsItself(func)) return false;
    // What it calls is the lock of one condition and not of all.
    if (size <= tiny || func.name === "(*sync.Cond).Wait") return true;
    return func.blocks.some((block) =>
      block.instrs.some((it) => {
        switch (it.op) {
          case "alloc":
          case "make":
          case "closure":
          case "spawn":
            return true;
          case "call":
            return it.callee.kind === "dynamic";
          default:
            return false;
        }
      }),
    );
  }

  /** Directly, or through one other function: longer cycles end at the depth of contexts. */
  #callsItself(func: Func): boolean {
    const callees = this.#staticCallees(func);
    if (callees.has(func.id)) return true;
    for (const id of callees) {
      const callee = this.#program.funcs[id];
      if (callee !== undefined && this.#staticCallees(callee).has(func.id)) return true;
    }
    return false;
  }

  #staticCallees(func: Func): Set<FuncId> {
    const callees = new Set<FuncId>();
    for (const block of func.blocks) {
      for (const it of block.instrs) {
        if (it.op === "closure") callees.add(it.func);
        if (it.op !== "call" && it.op !== "spawn" && it.op !== "defer") continue;
        if (it.callee.kind === "static") callees.add(it.callee.func);
      }
    }
    return callees;
  }
}
