import type { ScheduleSize, Witness } from "../protocol/witness.js";
import { number } from "./verdict.js";

/** How hard a schedule is to come by, and whether there is an easier one: `2 switches (1 forced), 17 steps, …`. */
export function sizeWords(witness: Pick<Witness, "size" | "finding">): string {
  const { steps } = witness.size;
  const parts = [switchWords(witness.size), count(steps, "step", "steps"), rank(witness)];
  return parts.filter((it) => it !== "").join(", ");
}

/** `2 switches (1 forced)`. */
export function switchWords({
  preemptions,
  switches,
}: Pick<ScheduleSize, "preemptions" | "switches">): string {
  return `${count(switches, "switch", "switches")}${forcedWords(switches, switches - preemptions)}`;
}

/** A switch is forced when the thread before cannot go on. */
function forcedWords(switches: number, forced: number): string {
  if (forced === 0) return "";
  if (forced < switches) return ` (${number(forced)} forced)`;
  return switches === 1 ? " (forced)" : " (all forced)";
}

/** Only of a schedule that stands for a finding was a smaller one looked for. */
function rank({ size, finding }: Pick<Witness, "size" | "finding">): string {
  if (size.minimal) return "no smaller schedule exists";
  return finding === "" ? "" : "smallest found";
}

/** In what the run that passes differs; "" when none is known. */
export function contrastWords({ contrast, steps, threads }: Witness): string {
  if (contrast === null) return "";
  const [first, second] = contrast.steps.map((it) => steps[it]);
  if (first === undefined || second === undefined) return "";
  const place = (it: typeof first): string =>
    `line ${it.span.start.line + 1} of ${threads[it.thread]?.name ?? it.func}`;
  return `the run that passes differs in one thing: ${place(second)} before ${place(first)}`;
}

/** What a race comes to where a write is not seen at all; "" when no such run is known. */
export function staleWords({ stale }: Pick<Witness, "stale">): string {
  return stale === null ? "" : `in another run ${stale.message}`;
}

function count(n: number, one: string, many: string): string {
  return `${n === 0 ? "no" : number(n)} ${n === 1 ? one : many}`;
}
