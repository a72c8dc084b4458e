// Waiting for somebody while holding a lock that this somebody needs first: each goroutine that may wake the waiter, and
// where it may itself be waiting for the lock.

import type { Instr, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { graphOf, type Graph } from "./graph.js";
import { orders } from "./orders.js";
import type { Parallel } from "./parallel.js";
import { pointsTo, type PointsTo } from "./points-to.js";
import type { Node } from "./solver.js";
import type { Held } from "./state.js";
import { threads, type Frame, type Happening, type Thread, type Threads } from "./threads.js";
import { meets } from "./tokens.js";

type Acquire = Happening<"acquire">;

/** An operation that waits for another goroutine, or one that ends such a wait. */
type Meeting = Happening<"receive"> | Happening<"signal">;

export interface BlockedWithLock {
  readonly wait: Meeting;
  readonly span: SpanId;
  readonly held: Held;
  /** Acquisitions of the lock by goroutines that can end the wait. */
  readonly acquires: readonly Acquire[];
}

export const blockedWithLocks: Fact<readonly BlockedWithLock[]> = {
  name: "blocked-with-locks",
  compute: ({ get }) => new Finder(get(pointsTo), get(threads), get(orders)).find(),
};

class Finder {
  readonly #points: PointsTo;
  readonly #threads: Threads;
  readonly #parallel: Parallel;

  constructor(points: PointsTo, all: Threads, parallel: Parallel) {
    this.#points = points;
    this.#threads = all;
    this.#parallel = parallel;
  }

  find(): readonly BlockedWithLock[] {
    const found = new Map<string, BlockedWithLock>();
    for (const wait of this.#waits()) {
      const span = this.#threads.spanOf(wait.frame, wait.op.instr);
      for (const held of wait.state.held) {
        if (!this.#isMutex(held.locks)) continue;
        const acquires = this.#neededBy(wait, held);
        const key = `${span} ${held.locks.join()}`;
        const known = found.get(key)?.acquires ?? [];
        const all = [...known, ...acquires];
        if (all.length > 0) found.set(key, { wait, span, held, acquires: all });
      }
    }
    return [...found.values()];
  }

  /** Of a channel with room only the sends may wait that find it full: which these are is not known. */
  #waits(): readonly Meeting[] {
    const { receives, signals } = this.#threads;
    const unbuffered = new Set(receives.map(({ op }) => op.instr));
    const sends = signals.filter(
      (it) => it.op.instr.op === "send" && !unbuffered.has(it.op.instr) && this.#mayBeFull(it),
    );
    return [...receives.filter(({ op }) => waits(op.instr)), ...sends].filter(
      ({ state }) => state.held.length > 0,
    );
  }

  /** Whether there are more sends than there is room for; those that run again and again are not counted. */
  #mayBeFull({ op: { tokens } }: Happening<"signal">): boolean {
    const room = Math.min(...tokens.map((it) => this.#points.objectAt(it)?.capacity ?? 0));
    const sends = this.#threads.signals.filter(
      ({ op }) => op.instr.op === "send" && meets(op.tokens, tokens),
    );
    const graph = (it: Happening<"signal">): Graph => graphOf(it.frame.instance.func);
    const isAfter = (it: Happening<"signal">): boolean =>
      sends.some(
        (other) =>
          other.frame.instance === it.frame.instance &&
          graph(it).instrsAfter(other.op.instr).includes(it.op.instr),
      );
    const after = sends.filter(isAfter);
    const isRepeated = (it: Happening<"signal">): boolean =>
      graph(it).instrsAfter(it.op.instr).includes(it.op.instr) ||
      this.#parallel.mayHappenInParallel(it, it);
    const most =
      new Set(sends.map((it) => it.frame.instance)).size +
      new Set(after.map((it) => it.op.instr)).size;
    return most > room || sends.some(isRepeated);
  }

  /** Where goroutines that can end the wait take the lock. */
  #neededBy(wait: Meeting, held: Held): readonly Acquire[] {
    const partners = wait.op.kind === "receive" ? this.#threads.signals : this.#threads.receives;
    const ending = partners.filter(({ op }) => meets(op.tokens, wait.op.tokens));
    return this.#threads.acquires.filter(
      (it) =>
        it.op.instr.op === "acquire" &&
        !(it.op.shared && held.shared) &&
        it.op.locks.some((lock) => held.locks.includes(lock)) &&
        ending.some(({ frame }) => this.#inOneThread(it.frame, frame)) &&
        this.#parallel.mayHappenInParallel(wait, it),
    );
  }

  #inOneThread(left: Frame, right: Frame): boolean {
    const [a, b] = [this.#threads.threadsOf(left), this.#threads.threadsOf(right)];
    return (a.size === 0 && b.size === 0) || [...a].some((it: Thread) => b.has(it));
  }

  #isMutex(locks: readonly Node[]): boolean {
    return locks.every((it) => this.#points.objectAt(it)?.kind !== "chan");
  }
}

function waits(instr: Instr): boolean {
  if (instr.op === "sync") return instr.fn === "wg-wait" || instr.fn === "cond-park";
  return instr.op === "recv" || instr.op === "send" || instr.op === "select";
}
