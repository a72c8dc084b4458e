// Cycles in the lock-order graph that can really close: each edge "takes b while holding a" is an acquisition in
// a thread; the acquisitions of a cycle must be able to happen in parallel, must not be serialised by another
// lock that two of them hold (a gate lock), and must block each other in the modes they use.

import { throwIfCancelled } from "../../base/cancel.js";
import type { Fact } from "../check.js";
import { Parallel } from "./parallel.js";
import { pointsTo, type PointsTo } from "./points-to.js";
import type { Held } from "./state.js";
import type { Node } from "./solver.js";
import { threads, type Happening } from "./threads.js";

export interface OrderEdge {
  readonly held: Held;
  readonly acquire: Happening<"acquire">;
}

/** Edges in the order of the cycle: each takes what the next one holds. */
export type LockCycle = readonly OrderEdge[];

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
    const finder = new CycleFinder(new Parallel(points, all), edges.slice(0, mostEdges));
    for (const edge of finder.edges) {
      throwIfCancelled(cancel);
      finder.extend([edge]);
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
  readonly #seen = new Set<string>();

  constructor(parallel: Parallel, edges: readonly OrderEdge[]) {
    this.#parallel = parallel;
    this.edges = edges;
  }

  extend(chain: readonly OrderEdge[]): void {
    const first = chain[0];
    const last = chain[chain.length - 1];
    if (first === undefined || last === undefined) return;
    if (chain.length > 1 && blocks(last, first)) {
      this.#found(chain);
      return;
    }
    if (chain.length === longest) return;
    for (const next of this.edges) {
      if (!blocks(last, next) || chain.includes(next)) continue;
      if (chain.some((it) => sameLocks(it, next) || !this.#together(it, next))) continue;
      this.extend([...chain, next]);
    }
  }

  #found(chain: readonly OrderEdge[]): void {
    const key = chain
      .map((it) => `${it.held.span} ${it.acquire.op.instr.span}`)
      .sort()
      .join(";");
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.cycles.push(chain);
  }

  /** Whether two threads can stand at the two acquisitions at once. */
  #together(left: OrderEdge, right: OrderEdge): boolean {
    const gate = left.acquire.state.held.some((a) =>
      right.acquire.state.held.some(
        (b) => !(a.shared && b.shared) && a.locks.some((it) => b.locks.includes(it)),
      ),
    );
    return !gate && this.#parallel.mayHappenInParallel(left.acquire, right.acquire);
  }
}

/** Whether the first waits for a lock that the second holds. */
function blocks(waiting: OrderEdge, holding: OrderEdge): boolean {
  const { op } = waiting.acquire;
  if (op.shared && holding.held.shared) return false;
  return op.locks.some((it) => holding.held.locks.includes(it));
}

/** Edges over the same locks in the same order are not two corners of a cycle. */
function sameLocks(left: OrderEdge, right: OrderEdge): boolean {
  return (
    left.held.locks.join() === right.held.locks.join() &&
    left.acquire.op.locks.join() === right.acquire.op.locks.join()
  );
}
