// Cycles in the lock-order graph that can really close: each edge "takes b while holding a" is an acquisition in
// a thread; the acquisitions of a cycle must be able to happen in parallel, must not be serialised by another
// lock that two of them hold (a gate lock), and must block each other in the modes they use.

import { throwIfCancelled } from "../../base/cancel.js";
import type { Fact } from "../check.js";
import { orders } from "./orders.js";
import type { Parallel } from "./parallel.js";
import { pointsTo, type PointsTo } from "./points-to.js";
import { protectedBoth } from "./races.js";
import type { Held } from "./state.js";
import type { Node } from "./solver.js";
import { threads, type Happening } from "./threads.js";

type Acquire = Happening<"acquire">;

export interface OrderEdge {
  readonly held: Held;
  readonly acquire: Acquire;
}

export interface LockCycle {
  /** In the order of the cycle: each takes what the next one holds. */
  readonly edges: readonly OrderEdge[];
  /** Where others wait to write, which keeps readers from locks that are held for reading. */
  readonly writers: readonly Acquire[];
  /** Of one lock after another of those that are made at one place: whether they can be the same nobody knows. */
  readonly alike: boolean;
}

const longest = 4;
/** A program with more nested acquisitions is looked at in part. */
const mostEdges = 600;

export const lockOrder: Fact<readonly LockCycle[]> = {
  name: "lock-order",
  compute({ cancel, get, gap, program }) {
    const points = get(pointsTo);
    const all = get(threads);
    const edges = edgesOf(points, all.acquires);
    const span = program.spans[0];
    if (edges.length > mostEdges && span !== undefined) {
      gap({ span, reason: "lock order: too many nested acquisitions; some are not compared" });
    }
    const writers = all.acquires.filter(({ op }) => op.instr.op === "acquire" && !op.shared);
    const finder = new CycleFinder(get(orders), edges.slice(0, mostEdges), writers);
    for (const edge of finder.edges) {
      throwIfCancelled(cancel);
      finder.extend([edge], []);
      finder.alike(edge);
    }
    return finder.cycles;
  },
};

function edgesOf(points: PointsTo, acquires: readonly Happening<"acquire">[]): OrderEdge[] {
  const isMutex = (lock: Node): boolean => points.objectAt(lock)?.kind !== "chan";
  return acquires
    .filter((it) => it.op.instr.op === "acquire" && it.op.locks.every(isMutex))
    .flatMap((acquire) =>
      acquire.state.held.filter((it) => it.locks.every(isMutex)).map((held) => ({ held, acquire })),
    );
}

class CycleFinder {
  readonly cycles: LockCycle[] = [];
  readonly edges: readonly OrderEdge[];
  readonly #parallel: Parallel;
  readonly #writers: readonly Acquire[];
  readonly #seen = new Set<string>();

  constructor(parallel: Parallel, edges: readonly OrderEdge[], writers: readonly Acquire[]) {
    this.#parallel = parallel;
    this.edges = edges;
    this.#writers = writers;
  }

  /** `writers`: those that let the readers among the edges wait. */
  extend(chain: readonly OrderEdge[], writers: readonly Acquire[]): void {
    const first = chain[0];
    const last = chain[chain.length - 1];
    if (first === undefined || last === undefined) return;
    if (chain.length > 1) {
      const closing = this.#blocks(last, first);
      if (closing !== null) {
        this.#found({ edges: chain, writers: [...writers, ...closing], alike: false });
        return;
      }
    }
    if (chain.length === longest) return;
    for (const next of this.edges) {
      if (chain.includes(next)) continue;
      const waitsFor = this.#blocks(last, next);
      if (waitsFor === null) continue;
      if (chain.some((it) => sameLocks(it, next) || !this.#together(it.acquire, next.acquire)))
        continue;
      this.extend([...chain, next], [...writers, ...waitsFor]);
    }
  }

  /** Several goroutines that each take one of some locks and then another of them. */
  alike(edge: OrderEdge): void {
    const { held, acquire } = edge;
    if (held.shared && acquire.op.shared) return;
    const isSame = acquire.op.locks.join() === held.locks.join();
    if (!isSame || !this.#parallel.mayHappenInParallel(acquire, acquire)) return;
    this.#found({ edges: [edge], writers: [], alike: true });
  }

  /** Whether the first waits for a lock that the second holds; the writers that it takes for that, or null. */
  #blocks(waiting: OrderEdge, holding: OrderEdge): readonly Acquire[] | null {
    const { op } = waiting.acquire;
    const common = op.locks.filter((it) => holding.held.locks.includes(it));
    if (common.length === 0) return null;
    if (!op.shared || !holding.held.shared) return [];
    const writer = this.#writers.find(
      (it) =>
        it.op.locks.some((lock) => common.includes(lock)) &&
        !it.state.held.some((held) => held.locks.some((lock) => common.includes(lock))) &&
        this.#together(it, waiting.acquire) &&
        this.#together(it, holding.acquire),
    );
    return writer === undefined ? null : [writer];
  }

  #found(cycle: LockCycle): void {
    const key = cycle.edges
      .map((it) => `${it.held.span} ${it.acquire.op.instr.span}`)
      .sort()
      .join(";");
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.cycles.push(cycle);
  }

  /** Whether two threads can stand at the two acquisitions at once. */
  #together(left: Acquire, right: Acquire): boolean {
    if (protectedBoth(left.state.held, right.state.held)) return false;
    return this.#parallel.mayHappenInParallel(left, right);
  }
}

/** Edges over the same locks in the same order are not two corners of a cycle. */
function sameLocks(left: OrderEdge, right: OrderEdge): boolean {
  return (
    left.held.locks.join() === right.held.locks.join() &&
    left.acquire.op.locks.join() === right.acquire.op.locks.join()
  );
}
