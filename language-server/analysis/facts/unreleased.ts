// TypeScript: locks that a function takes with `acquire` and gives back itself, but not on every way out.

import type { Exit, Func, Instr, Program } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { type Taking, takings } from "./async-locks.js";
import { LockReturns } from "./lock-returns.js";
import { type Point, SharedPlaces } from "./shared-places.js";

export interface Unreleased {
  readonly taking: Taking;
  /** The way out: `return`, an error that is thrown, or one that comes of a wait or a call. */
  readonly way: "return" | "throw";
  /** What leads out. */
  readonly at: Instr | Exit;
}

export const unreleased: Fact<readonly Unreleased[]> = {
  name: "unreleased",
  compute: ({ program, get }) =>
    get(takings).flatMap((it) => {
      if (it.holding !== null || it.given === null || it.scope === "call") return [];
      const out = new Ways(program, it.func, it).out();
      return out === null ? [] : [out];
    }),
};

class Ways {
  readonly #func: Func;
  readonly #taking: Taking;
  readonly #places: SharedPlaces;
  readonly #returns: LockReturns;

  constructor(program: Program, func: Func, taking: Taking) {
    this.#func = func;
    this.#taking = taking;
    this.#places = new SharedPlaces(program, func);
    this.#returns = new LockReturns(this.#places, taking);
  }

  out(): Unreleased | null {
    // Whoever hands it on or takes it inside a try has its own way.
    if (!this.#isGivenBack() || this.#escapes() || this.#isGuarded()) return null;
    const found: Unreleased[] = [];
    const seen = new Set<string>();
    const { point } = this.#taking;
    const work: { readonly point: Point; readonly tries: number }[] = [
      { point: { ...point, index: point.index + 2 }, tries: 0 },
    ];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const key = `${next.point.block}:${next.point.index}:${next.tries}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const block = this.#func.blocks[next.point.block];
      const instr = block?.instrs[next.point.index];
      if (instr === undefined) {
        if (block === undefined) continue;
        this.#exit(block.exit, next.tries, found);
        for (const to of this.#places.successors(next.point.block)) {
          work.push({ point: { block: to, index: 0 }, tries: next.tries });
        }
        continue;
      }
      if (this.#returns.gives(instr)) continue;
      const fails = instr.op === "await" && next.tries === 0;
      if (fails) found.push({ taking: this.#taking, way: "throw", at: instr });
      const tries = next.tries + (instr.op === "try" ? 1 : instr.op === "end-try" ? -1 : 0);
      work.push({ point: { ...next.point, index: next.point.index + 1 }, tries });
    }
    return found.find((it) => it.way === "return") ?? found[0] ?? null;
  }

  #exit(exit: Exit, tries: number, found: Unreleased[]): void {
    if (exit.op === "return") found.push({ taking: this.#taking, way: "return", at: exit });
    if (exit.op === "panic" && tries === 0) {
      found.push({ taking: this.#taking, way: "throw", at: exit });
    }
  }

  #isGivenBack(): boolean {
    return this.#func.blocks.some(({ instrs }) => instrs.some((it) => this.#returns.gives(it)));
  }

  #escapes(): boolean {
    return this.#func.blocks.some(({ instrs, exit }) => {
      const returned = exit.op === "return" && exit.values.some((it) => this.#returns.ways.has(it));
      return returned || instrs.some((it) => this.#handsOn(it));
    });
  }

  #handsOn(instr: Instr): boolean {
    if (instr.op === "closure") return instr.captures.some((it) => this.#returns.ways.has(it));
    if (instr.op === "call") return instr.args.some((it) => this.#returns.ways.has(it));
    if (instr.op === "set-prop") return this.#returns.ways.has(instr.value);
    return (
      instr.op === "prim" &&
      instr.fn === "js.define" &&
      instr.args.some((it) => this.#returns.ways.has(it))
    );
  }

  /** Within a `try` that began before it was taken. */
  #isGuarded(): boolean {
    const { block, index } = this.#taking.point;
    const before = this.#func.blocks.flatMap((it, at) =>
      it.instrs.filter((_, nth) => at < block || (at === block && nth < index)),
    );
    const count = (op: Instr["op"]): number => before.filter((it) => it.op === op).length;
    return count("try") > count("end-try");
  }
}
