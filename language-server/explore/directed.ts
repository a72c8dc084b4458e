// Schedules made for a purpose: to bring two operations next to each other, in either order; to do some in a given order.

import type { Choice } from "../../protocol/witness.js";
import { placeOf } from "../ir/access.js";
import type { Program } from "../ir/ir.js";
import type { OrderedStep } from "./explorer.js";
import { fair, type Strategy } from "./strategy.js";
import type { Machine } from "./vm/machine.js";

/**
 * Holds a thread that stands at `held` back until another stands at `other`, which then goes first (Sen: Race Directed
 * Random Testing, PLDI'08). Places as `uri:line:column`.
 */
export function holding(machine: Machine, program: Program, held: string, other: string): Strategy {
  const otherwise = fair();
  let met = false;
  const standsAt = ({ thread }: Choice, place: string): boolean =>
    placeBefore(machine, program, thread) === place;
  return {
    pick(enabled, last) {
      if (met) return otherwise.pick(enabled, last);
      const waiting = enabled.filter((it) => standsAt(it, held));
      const partner = enabled.find(
        (it) => standsAt(it, other) && waiting.some((first) => first.thread !== it.thread),
      );
      if (partner !== undefined) {
        met = true;
        return partner;
      }
      const [first] = waiting;
      const free = enabled.filter((it) => it.thread !== first?.thread);
      return otherwise.pick(free.length > 0 ? free : enabled, last);
    },
  };
}

/**
 * Does these steps in their order: who stands before one that is to come later waits, while anybody else can go on. A thread
 * of the order is whoever first comes to a place of it. What nobody comes to is left out.
 */
export function inOrder(
  machine: Machine,
  program: Program,
  order: readonly OrderedStep[],
): Strategy {
  const otherwise = fair();
  const known = new Map<number, number>();
  let next = 0;
  const does = ({ thread, place }: OrderedStep, choice: Choice): boolean => {
    if (placeBefore(machine, program, choice.thread) !== place) return false;
    const one = known.get(thread);
    return one === undefined ? ![...known.values()].includes(choice.thread) : one === choice.thread;
  };
  return {
    pick(enabled, last) {
      const rest = order.slice(next);
      const free = enabled.filter((it) => !rest.some((step) => does(step, it)));
      const skipped = rest.findIndex((step) => enabled.some((it) => does(step, it)));
      const step = rest[skipped];
      if (step === undefined || (skipped > 0 && free.length > 0)) {
        return otherwise.pick(free.length > 0 ? free : enabled, last);
      }
      const choice = otherwise.pick(
        enabled.filter((it) => does(step, it)),
        last,
      );
      known.set(step.thread, choice.thread);
      next += skipped + 1;
      return choice;
    },
  };
}

/** Where a thread stands; null: nowhere in the source. */
function placeBefore(machine: Machine, program: Program, thread: number): string | null {
  const pending = machine.pending(thread);
  return pending === null || pending.span === 0 ? null : placeOf(program, pending.span);
}
