// The identity of a Mazurkiewicz trace as a number: the same for every order of the same events with the same
// happens-before relation. For those who want to check that no trace is run twice; the search itself does not need it.

import type { Clock, Execution } from "./execution.js";

/** 53 bits: a sum over the events, so that their order does not matter; each by its plan and its clock. */
export function traceHash(execution: Execution): number {
  let [a, b] = [0, 0];
  for (let at = 0; at < execution.length; at++) {
    const { plan, clock } = execution.at(at);
    const [x, y] = mixed(plan, clock);
    a = (a + x) >>> 0;
    b = (b + y) >>> 0;
  }
  return (a & 0x1fffff) * 2 ** 32 + b;
}

function mixed(plan: number, clock: Clock): readonly [number, number] {
  let a = Math.imul(plan ^ 0x9e3779b9, 0x85ebca6b);
  let b = Math.imul(plan ^ 0x7f4a7c15, 0xc2b2ae35);
  for (const it of clock) {
    a = Math.imul(a ^ it, 0x01000193) ^ (a >>> 13);
    b = Math.imul(b ^ (it + 0x51ed27), 0x27d4eb2f) ^ (b >>> 15);
  }
  return [a >>> 0, b >>> 0];
}
