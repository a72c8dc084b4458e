// Makes a schedule with fewer switches out of one that shows something, by moving whole blocks of one thread's steps
// together and running again. What no longer shows the same thing is dropped.

import type { Choice } from "../../protocol/witness.js";
import type { FuncId } from "../ir/ir.js";
import { execute, fair, sameChoice, type Execution, type Strategy } from "./strategy.js";
import type { Machine } from "./vm/machine.js";

/** Follows `choices` as far as they are possible, each thread's in their order, then goes on naturally. */
export function following(choices: readonly Choice[]): Strategy {
  const left = [...choices];
  const otherwise = fair();
  return {
    pick(enabled, last) {
      const index = firstPossible(left, enabled);
      if (index < 0) return otherwise.pick(enabled, last);
      const [choice] = left.splice(index, 1) as [Choice];
      return enabled.find((it) => sameChoice(it, choice)) as Choice;
    },
  };
}

/** The first choice that is enabled and has none of its threads' earlier choices before it. */
function firstPossible(left: readonly Choice[], enabled: readonly Choice[]): number {
  const waiting = new Set<number>();
  for (const [index, choice] of left.entries()) {
    const involved = [choice.thread, choice.partner ?? choice.thread];
    const mine = involved.every((it) => !waiting.has(it));
    if (mine && enabled.some((it) => sameChoice(it, choice))) return index;
    for (const it of involved) waiting.add(it);
  }
  return -1;
}

/** Stretches of one thread. */
function blocks(choices: readonly Choice[]): Choice[][] {
  const result: Choice[][] = [];
  for (const choice of choices) {
    const block = result.at(-1);
    const before = block?.at(-1);
    if (block !== undefined && before?.thread === choice.thread) block.push(choice);
    else result.push([choice]);
  }
  return result;
}

/** Every way to join a block with the next one of its thread: either comes to the other. */
function* joined(choices: readonly Choice[]): Iterable<readonly Choice[]> {
  const all = blocks(choices);
  for (let at = 0; at < all.length; at++) {
    const thread = all[at]?.[0]?.thread;
    const next = all.findIndex((it, index) => index > at && it[0]?.thread === thread);
    if (next < 0) continue;
    const pulled = [...all.slice(0, at + 1), all[next] ?? [], ...all.slice(at + 1, next)];
    yield [...pulled, ...all.slice(next + 1)].flat();
    const pushed = [...all.slice(0, at), ...all.slice(at + 1, next), all[at] ?? []];
    yield [...pushed, ...all.slice(next)].flat();
  }
}

export interface Shortening<Best> {
  readonly machine: Machine;
  readonly entry: FuncId;
  readonly depth: number;
  /** What the execution shows if it is better than the best so far, else null. */
  readonly better: (execution: Execution, best: Best) => Best | null;
  /** Counts down; nothing is tried at 0. */
  readonly budget: { left: number };
  readonly interrupted: () => boolean;
}

/** Improves until no move helps or the budget is used up. */
export function shorten<Best extends { readonly choices: readonly Choice[] }>(
  start: Best,
  shortening: Shortening<Best>,
): Best {
  const { machine, entry, depth, budget } = shortening;
  let best = start;
  for (let improved = true; improved; ) {
    improved = false;
    for (const candidate of joined(best.choices)) {
      if (budget.left <= 0 || shortening.interrupted()) return best;
      budget.left -= candidate.length + 1;
      const { interrupted } = shortening;
      const execution = execute(machine, entry, following(candidate), depth, interrupted);
      const better = shortening.better(execution, best);
      if (better === null) continue;
      best = better;
      improved = true;
      break;
    }
  }
  return best;
}
