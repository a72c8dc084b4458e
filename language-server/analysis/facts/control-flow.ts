import type { Func, Instr } from "../../ir/ir.js";
import { edges } from "../../ir/shape.js";

interface Position {
  readonly block: number;
  readonly index: number;
}

/** Which instruction of a function can come after which. */
export class ControlFlow {
  readonly #func: Func;
  readonly #positions = new Map<Instr, Position>();

  constructor(func: Func) {
    this.#func = func;
    func.blocks.forEach((block, number) => {
      block.instrs.forEach((it, index) => this.#positions.set(it, { block: number, index }));
    });
  }

  blockOf(instr: Instr): number | undefined {
    return this.#positions.get(instr)?.block;
  }

  /** Instructions that can come after `from`, as far as they are not behind `avoiding`; in the order of the blocks. */
  after(from: Instr, avoiding: Instr | null = null): Instr[] {
    const start = this.#positions.get(from);
    if (start === undefined) return [];
    const found = new Set<Instr>();
    /** Gives whether the end of the block is reached. */
    const walk = (block: number, index: number): boolean => {
      for (const it of this.#func.blocks[block]?.instrs.slice(index) ?? []) {
        if (it === avoiding) return false;
        found.add(it);
      }
      return true;
    };
    const seen = new Set<number>();
    const work = walk(start.block, start.index + 1) ? this.successors(start.block) : [];
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      if (seen.has(block)) continue;
      seen.add(block);
      if (walk(block, 0)) work.push(...this.successors(block));
    }
    return [...found];
  }

  reaches(from: Instr, to: Instr, avoiding: Instr | null = null): boolean {
    return this.after(from, avoiding).includes(to);
  }

  successors(block: number): number[] {
    const exit = this.#func.blocks[block]?.exit;
    return exit === undefined ? [] : edges(exit).map((it) => it.block);
  }

  /** Blocks on the ways from `from` back to `to` that do not come through `to` before. */
  between(from: number, to: number): ReadonlySet<number> {
    const forward = this.#reachable([from], (it) => this.successors(it), to);
    const before = new Map<number, number[]>();
    this.#func.blocks.forEach((_, number) => {
      for (const it of this.successors(number)) {
        before.set(it, [...(before.get(it) ?? []), number]);
      }
    });
    const backward = this.#reachable(before.get(to) ?? [], (it) => before.get(it) ?? [], to);
    return new Set([...forward].filter((it) => backward.has(it)));
  }

  #reachable(
    from: readonly number[],
    next: (block: number) => readonly number[],
    without: number,
  ): Set<number> {
    const seen = new Set(from.filter((it) => it !== without));
    for (const block of seen) for (const it of next(block)) if (it !== without) seen.add(it);
    return seen;
  }
}
