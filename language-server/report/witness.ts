import type { Recording, Witness } from "../../protocol/witness.js";
import { sentence } from "./sentence.js";

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
    outcome: recording.outcome,
    output: recording.output,
  };
}
