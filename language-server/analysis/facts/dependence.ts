// What depends on a value within one function: by data, and by branches that were taken because of it.

import type { Func, Instr, Reg } from "../../ir/ir.js";
import { calleeRegs, edges, uses } from "../../ir/shape.js";
import { graphOf, type Point } from "./graph.js";

/** Registers that are computed from others, also through local variables. */
export class Dependence {
  readonly #func: Func;
  readonly #next = new Map<Reg, Reg[]>();
  readonly #known = new Map<Reg, ReadonlySet<Reg>>();

  constructor(func: Func) {
    this.#func = func;
    for (const { instrs, exit } of func.blocks) {
      for (const it of instrs) this.#instr(it);
      for (const edge of edges(exit)) {
        func.blocks[edge.block]?.params.forEach((param, index) => {
          this.#add(edge.args[index], param);
        });
      }
    }
  }

  #add(from: Reg | undefined, to: Reg): void {
    if (from === undefined) return;
    const list = this.#next.get(from);
    if (list === undefined) this.#next.set(from, [to]);
    else list.push(to);
  }

  #instr(instr: Instr): void {
    // What is stored in a variable is what its loads give.
    if (instr.op === "store") this.#add(instr.value, instr.addr);
    if (!("dst" in instr) || instr.dst === null) return;
    const { dst } = instr;
    switch (instr.op) {
      case "load":
      case "prim":
      case "convert":
      case "interface":
      case "assert":
      case "extract":
      case "project":
      case "at":
      case "bulk":
      case "slice":
        for (const it of uses(instr)) this.#add(it, dst);
        break;
      case "call":
        for (const it of instr.args) this.#add(it, dst);
        for (const it of calleeRegs(instr.callee)) this.#add(it, dst);
        break;
      default:
        break;
    }
  }

  /** The register and all that is computed from it. */
  on(reg: Reg): ReadonlySet<Reg> {
    const known = this.#known.get(reg);
    if (known !== undefined) return known;
    const all = new Set([reg]);
    for (const it of all) for (const next of this.#next.get(it) ?? []) all.add(next);
    this.#known.set(reg, all);
    return all;
  }

  /** The block that a branch on the value leads to, and from where alone the point is reached. */
  sideOf(reg: Reg, point: Point): number | null {
    const graph = graphOf(this.#func);
    const all = this.on(reg);
    for (const [block, { instrs, exit }] of this.#func.blocks.entries()) {
      if (exit.op !== "branch" || !all.has(exit.cond)) continue;
      const branch = { block, index: instrs.length };
      const [then, otherwise] = [exit.then.block, exit.else.block];
      if (then === otherwise) continue;
      const leads = (from: number): boolean =>
        from === point.block || graph.reachesAvoiding({ block: from, index: -1 }, point, branch);
      if (leads(then) === leads(otherwise)) continue;
      const side = leads(then) ? then : otherwise;
      if (graph.blockDominates(side, point.block)) return side;
    }
    return null;
  }

  /** Whether what the function returns depends on the value: it is in it, or chosen by it. */
  isReturned(reg: Reg): boolean {
    const all = this.on(reg);
    return this.#func.blocks.some(({ exit }) => {
      if (exit.op === "return") return exit.values.some((it) => all.has(it));
      return exit.op === "branch" && all.has(exit.cond) && this.#func.results > 0;
    });
  }
}

const known = new WeakMap<Func, Dependence>();

export function dependenceOf(func: Func): Dependence {
  let dependence = known.get(func);
  if (dependence === undefined) known.set(func, (dependence = new Dependence(func)));
  return dependence;
}
