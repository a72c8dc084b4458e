import type { Witness } from "../../protocol/witness.js";
import { lineLabel, threadName } from "./labels.js";

// A step as part of a longer sentence.

/** `w2 reads fetched = false (L11)`. */
export function what(witness: Witness, row: number | null): string {
  const step = witness.steps[row ?? -1];
  if (step === undefined) return "";
  return `${threadName(witness, step.thread)} ${doing(witness, row ?? -1)}`;
}

/** The step's sentence without who does it. */
export function doing(witness: Witness, row: number): string {
  const step = witness.steps[row];
  if (step === undefined) return "";
  const who = `${threadName(witness, step.thread)} `;
  const words = step.text.startsWith(who) ? step.text.slice(who.length) : step.text;
  return `${words} (${lineLabel(step.span)})`;
}
