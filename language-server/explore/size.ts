// How hard a schedule is to come by. Fewer switches away from a thread that could have gone on come first (Musuvathi and
// Qadeer, PLDI'07: most defects need one or two), then fewer changes of thread at all, then fewer steps.

import type { Choice } from "../../protocol/witness.js";
import { switches } from "./strategy.js";

export type Size = readonly [preemptions: number, switches: number, steps: number];

export function sizeOf(choices: readonly Choice[], preempts: readonly boolean[]): Size {
  let preemptions = 0;
  for (let index = 0; index < choices.length; index++) if (preempts[index] === true) preemptions++;
  return [preemptions, switches(choices), choices.length];
}

/** Whether the first of two lists of numbers is the smaller one, compared from the left. */
export function smaller(a: readonly number[], b: readonly number[]): boolean {
  const index = a.findIndex((it, at) => it !== b[at]);
  return index >= 0 && (a[index] ?? 0) < (b[index] ?? 0);
}
