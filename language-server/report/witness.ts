import type { Recording, ScheduleSize, Witness } from "../../protocol/witness.js";
import { sentence } from "./sentence.js";
import { withWakers } from "./wakers.js";

/** Puts a replayed execution into words. */
export function toWitness(
  recording: Recording,
  { finding, sources }: Pick<Witness, "finding" | "sources">,
): Witness {
  return {
    version: 1,
    language: recording.language,
    finding,
    sources,
    threads: recording.threads,
    objects: recording.objects,
    schedule: recording.schedule,
    steps: recording.steps.map((it) => ({ ...it, text: sentence(recording, it) })),
    outcome: withWakers(recording),
    size: sizeOf(recording),
    contrast: null,
    stale: null,
    output: recording.output,
  };
}

/** Counted from the steps alone, which do not tell whether there is a smaller schedule. */
function sizeOf({ steps }: Recording): ScheduleSize {
  let [preemptions, switches] = [0, 0];
  steps.forEach((step, index) => {
    const before = steps[index - 1];
    if (before === undefined || before.thread === step.thread) return;
    // A rendezvous belongs to both of its threads.
    if (before.action.kind === "send" && before.action.partner === step.thread) return;
    switches++;
    if (step.enabled.some((it) => it.thread === before.thread)) preemptions++;
  });
  return { preemptions, switches, steps: steps.length, minimal: false };
}
