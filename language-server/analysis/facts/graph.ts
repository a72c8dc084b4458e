// A function's control flow as checks ask for it: what may come after what, and what comes before on every path.

import type { Func, Instr } from "../../ir/ir.js";
import { edges } from "../../ir/shape.js";

/** An instruction by where it stands; the exit of a block has the index after its last instruction. */
export interface Point {
  readonly block: number;
  readonly index: number;
}

export class Graph {
  readonly #func: Func;
  readonly #next: Edges;
  readonly #after = new Map<number, ReadonlySet<number>>();
  #dominators: readonly ReadonlySet<number>[] | null = null;
  #points: ReadonlyMap<Instr, Point> | null = null;

  constructor(func: Func) {
    this.#func = func;
    this.#next = func.blocks.map(({ exit }) => edges(exit).map((it) => it.block));
  }

  /** Blocks that a path of at least one edge from the end of the block leads to. */
  #blocksAfter(block: number): ReadonlySet<number> {
    const known = this.#after.get(block);
    if (known !== undefined) return known;
    const seen = new Set(this.#next[block] ?? []);
    for (const it of seen) for (const next of this.#next[it] ?? []) seen.add(next);
    this.#after.set(block, seen);
    return seen;
  }

  /** Whether the second may come after the first in one call of the function. */
  reaches(from: Point, to: Point): boolean {
    if (from.block === to.block && from.index < to.index) return true;
    return this.#blocksAfter(from.block).has(to.block);
  }

  pointOf(instr: Instr): Point | undefined {
    this.#points ??= new Map(
      this.#func.blocks.flatMap(({ instrs }, block) =>
        instrs.map((it, index) => [it, { block, index }] as const),
      ),
    );
    return this.#points.get(instr);
  }

  /** Instructions that can come after `from`, as far as they are not behind `avoiding`; in the order of the blocks. */
  instrsAfter(from: Instr, avoiding: Instr | null = null): readonly Instr[] {
    const start = this.pointOf(from);
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
    const work = walk(start.block, start.index + 1) ? [...this.successors(start.block)] : [];
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      if (seen.has(block)) continue;
      seen.add(block);
      if (walk(block, 0)) work.push(...this.successors(block));
    }
    return [...found];
  }

  /** Blocks on the ways from `from` back to `to` that do not come through `to` before. */
  between(from: number, to: number): ReadonlySet<number> {
    const before = predecessors(this.#next);
    const forward = reachable([from], this.#next, to);
    const backward = reachable(before[to] ?? [], before, to);
    return new Set([...forward].filter((it) => backward.has(it)));
  }

  /** Whether a path leads from the first to the second that does not come by `not` in between. */
  reachesAvoiding(from: Point, to: Point, not: Point): boolean {
    if (from.block === to.block && from.index < to.index) {
      const between = not.block === from.block && not.index > from.index && not.index < to.index;
      if (!between) return true;
    }
    if (not.block === from.block && not.index > from.index) return false;
    const blocked = (block: number): boolean => block === not.block;
    const seen = new Set(this.#next[from.block] ?? []);
    for (const it of seen) {
      if (it === to.block && !(blocked(it) && not.index < to.index)) return true;
      if (!blocked(it)) for (const next of this.#next[it] ?? []) seen.add(next);
    }
    return false;
  }

  inLoop({ block }: Point): boolean {
    return this.#blocksAfter(block).has(block);
  }

  /** Whether both are in one loop: each may come after the other. */
  inOneLoop(left: Point, right: Point): boolean {
    if (left.block === right.block) return this.inLoop(left);
    return this.reaches(left, right) && this.reaches(right, left);
  }

  /** Whether every path to the second comes by the first. */
  dominates(first: Point, second: Point): boolean {
    if (first.block === second.block) return first.index <= second.index;
    return this.blockDominates(first.block, second.block);
  }

  blockDominates(first: number, second: number): boolean {
    this.#dominators ??= dominators(this.#next);
    return this.#dominators[second]?.has(first) === true;
  }

  /** Where a branch leads, "then" first. */
  successors(block: number): readonly number[] {
    return this.#next[block] ?? [];
  }

  /** Blocks without an edge into them, but for the entry, are never run. */
  isReached(block: number): boolean {
    return block === 0 || this.#blocksAfter(0).has(block);
  }
}

type Edges = readonly (readonly number[])[];

function predecessors(next: Edges): Edges {
  const before: number[][] = next.map(() => []);
  next.forEach((targets, block) => {
    for (const it of targets) before[it]?.push(block);
  });
  return before;
}

function reachable(from: readonly number[], next: Edges, without: number): ReadonlySet<number> {
  const seen = new Set(from.filter((it) => it !== without));
  for (const block of seen) for (const it of next[block] ?? []) if (it !== without) seen.add(it);
  return seen;
}

function dominators(next: Edges): readonly ReadonlySet<number>[] {
  const all = new Set(next.keys());
  const before = predecessors(next);
  const sets: Set<number>[] = next.map((_, block) => new Set(block === 0 ? [0] : all));
  for (let changed = true; changed; ) {
    changed = false;
    next.forEach((_, block) => {
      if (block === 0) return;
      const known = sets[block] ?? new Set();
      const [first, ...rest] = (before[block] ?? []).map((it) => sets[it] ?? new Set<number>());
      if (first === undefined) return;
      const common = new Set([...first].filter((it) => rest.every((other) => other.has(it))));
      common.add(block);
      if (common.size === known.size) return;
      sets[block] = common;
      changed = true;
    });
  }
  return sets;
}

const graphs = new WeakMap<Func, Graph>();

export function graphOf(func: Func): Graph {
  let graph = graphs.get(func);
  if (graph === undefined) graphs.set(func, (graph = new Graph(func)));
  return graph;
}
