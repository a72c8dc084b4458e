// What is handed out of a finding.

import type { Choice, Contrast, Schedule } from "../../protocol/witness.js";
import type { Contrasting } from "./contrast.js";
import type { Found } from "./explorer.js";
import type { Best } from "./findings.js";

/**
 * `contrast`: a run that goes well, where there is one; `unseen`: one in which the write of a race is not seen, and `message`
 * what it comes to. `schedule` makes schedules of choices that are taken as the best ones are.
 */
export function foundOf(
  best: Best,
  contrast: Contrasting | null,
  unseen: Schedule | null,
  message: string,
  schedule: (choices: readonly Choice[]) => Schedule,
): Found {
  const [preemptions, switches, steps] = best.cost.slice(1) as [number, number, number];
  return {
    kind: best.kind,
    places: best.places,
    schedule: schedule(best.choices),
    outcome: best.outcome,
    size: { preemptions, switches, steps, minimal: best.minimal },
    contrast: contrast === null ? null : withSchedule(contrast, schedule(contrast.choices)),
    stale: unseen === null ? null : { schedule: { ...unseen, weak: true }, message },
    message: best.message,
    madeUp: best.madeUp,
  };
}

function withSchedule({ steps, waiting, races }: Contrasting, schedule: Schedule): Contrast {
  return {
    schedule,
    steps,
    ...(waiting === undefined ? {} : { waiting }),
    ...(races === undefined ? {} : { races }),
  };
}
