import type { Step, ThreadId, Witness } from "../../../protocol/witness.js";
import { type Edge, ordinalOf } from "../order.js";
import { partsOf } from "./dependence.js";

/** Whether the step of row `from` happens before what the threads of row `to` do next. */
export function knownAt(witness: Witness, from: number, to: number): boolean {
  const step = witness.steps[from];
  const later = witness.steps[to];
  if (step === undefined || later === undefined || from > to) return false;
  return from === to || (later.clock[step.thread] ?? 0) >= ordinalOf(step, step.thread);
}

/** From one thread to another: by two steps of which the first happens before the second, or by one step of both. */
export interface Hand {
  readonly from: number;
  readonly to: number;
}

/** How what a step did came to be known to a thread. */
export interface Known {
  /** The first step of the thread, or the one that starts it, after which it is known. */
  readonly row: number;
  /** In order; empty: it is the thread's own step, or one thread runs everything. */
  readonly by: readonly Hand[];
}

/** The ways on which the order of a witness hands things on. */
export class Paths {
  readonly #witness: Witness;
  readonly #into = new Map<number, readonly Edge[]>();

  constructor(witness: Witness, edges: readonly Edge[]) {
    this.#witness = witness;
    for (const it of edges) this.#into.set(it.to, [...(this.#into.get(it.to) ?? []), it]);
  }

  /** Null: it is not known there at all. */
  to(row: number, thread: ThreadId): Known | null {
    const writer = this.#witness.steps[row]?.thread;
    if (this.#witness.language === "ts" || writer === thread) return { row, by: [] };
    const found = this.#first(row, thread);
    const by: Hand[] = [];
    for (let [at, taker] = [found, thread]; at >= 0 && taker !== writer; ) {
      const hand = this.#hand(row, at, taker);
      if (hand === null) break;
      by.unshift(hand);
      taker = hand.giver;
      const next = taker === writer ? row : this.#first(row, taker);
      if (next >= at) break;
      at = next;
    }
    return found < 0 ? null : { row: found, by: by.map(({ from, to }) => ({ from, to })) };
  }

  /** The first step that the thread takes part in, or that starts it, after which the step of `row` is known. */
  #first(row: number, thread: ThreadId): number {
    return this.#witness.steps.findIndex(
      (step, at) => at >= row && concerns(step, thread) && knownAt(this.#witness, row, at),
    );
  }

  #hand(row: number, at: number, taker: ThreadId): (Hand & { readonly giver: ThreadId }) | null {
    const step = this.#witness.steps[at];
    if (step === undefined) return null;
    const others =
      step.thread === taker ? partsOf(step).filter((it) => it !== taker) : [step.thread];
    const edge = this.#into
      .get(at)
      ?.find((it) => step.thread === taker && knownAt(this.#witness, row, it.from));
    const from = this.#witness.steps[edge?.from ?? -1];
    if (edge !== undefined && from !== undefined) return { ...edge, giver: from.thread };
    const [giver] = others;
    return giver === undefined ? null : { from: at, to: at, giver };
  }
}

function concerns(step: Step, thread: ThreadId): boolean {
  return (
    partsOf(step).includes(thread) ||
    (step.action.kind === "spawn" && step.action.thread === thread)
  );
}
