// Schedules made for a purpose: to bring two operations next to each other, in either order.

import type { Choice } from "../../protocol/witness.js";
import { placeOf } from "../ir/access.js";
import type { Program } from "../ir/ir.js";
import { fair, type Strategy } from "./strategy.js";
import type { Machine } from "./vm/machine.js";

/**
 * Holds a thread that stands at `held` back until another stands at `other`, which then goes first (Sen: Race Directed
 * Random Testing, PLDI'08). Places as `uri:line:column`.
 */
export function holding(machine: Machine, program: Program, held: string, other: string): Strategy {
  const otherwise = fair();
  let met = false;
  const standsAt = ({ thread }: Choice, place: string): boolean => {
    const pending = machine.pending(thread);
    return pending !== null && pending.span !== 0 && placeOf(program, pending.span) === place;
  };
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
