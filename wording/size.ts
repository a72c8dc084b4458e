import type { Span } from "../protocol/span.js";
import type { Blocked, ScheduleSize, ThreadId, Witness } from "../protocol/witness.js";
import { distinctName } from "./place.js";
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

/** In what the run that passes, or at least does not fail like this one, differs; "" when none is known. */
export function contrastWords(witness: Witness): string {
  const { contrast, steps, threads, sources } = witness;
  const first = steps[contrast?.steps[0] ?? -1];
  if (contrast === null || first === undefined) return "";
  const name = (thread: ThreadId): string => threads[thread]?.name ?? `thread ${thread}`;
  const uris = sources.map((it) => it.uri);
  const place = ({ uri, start }: Span, thread: ThreadId): string =>
    `${distinctName(uri, uris)}:${start.line + 1} of ${name(thread)}`;
  const [at, then] = contrast.steps;
  const other =
    contrast.races === true ? "a run that does not fail like this" : "the run that passes";
  if (at === then) {
    const there = contrast.instead === undefined ? "" : `: there ${contrast.instead}`;
    return `${other} takes another way at step ${at + 1}, ${place(first.span, first.thread)}${there}`;
  }
  const second = steps[then] ?? stuck(witness, contrast.waiting);
  const before = place(first.span, first.thread);
  const thread = second?.thread ?? contrast.waiting;
  if (thread === undefined) return "";
  const after = second === undefined ? name(thread) : place(second.span, thread);
  return `${other} differs in one thing: ${after} before ${before}`;
}

/** Where a thread stands at the end that never goes on. */
function stuck({ outcome }: Witness, thread: ThreadId | undefined): Blocked | undefined {
  return "blocked" in outcome ? outcome.blocked.find((it) => it.thread === thread) : undefined;
}

/** What a race comes to where a write is not seen at all; "" when no such run is known. */
export function staleWords({ stale }: Pick<Witness, "stale">): string {
  return stale === null ? "" : `in another run ${stale.message}`;
}

function count(n: number, one: string, many: string): string {
  return `${n === 0 ? "no" : number(n)} ${n === 1 ? one : many}`;
}
