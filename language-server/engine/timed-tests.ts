import type { Severity } from "../../protocol/finding.js";
import type { Step, Witness } from "../../protocol/witness.js";

/**
 * A test that sleeps to let others go first goes wrong when they are slower still, and one that watches something
 * periodic fails when it is slow for several periods: known, and accepted by who writes such a test. That sleeping orders
 * nothing, which a race shows, is not.
 */
export function severityOfTimed(severity: Severity, witness: Witness): Severity {
  return severity !== "hint" && restsOnPace(witness) ? "information" : severity;
}

/** Whether a test goes wrong only where its own sleep ends early, or fails where more than one timer does. */
function restsOnPace({ schedule, threads, steps, outcome }: Witness): boolean {
  if (schedule.time !== "any" || outcome.kind === "race") return false;
  if (!/^(?:Test|Example)/.test(threads[0]?.name ?? "")) return false;
  const timed = steps.filter((it) => wakes(it) || goesOff(it));
  const fails = outcome.kind === "assertion" || outcome.kind === "panic";
  return (fails && timed.length > 1) || timed.some((it) => wakes(it) && it.thread === 0);
}

function wakes({ action }: Step): boolean {
  return action.kind === "sleep" && action.text?.startsWith("wakes") === true;
}

/** A timer that goes off says when; one that is set or stopped says that. */
function goesOff({ action }: Step): boolean {
  return action.kind === "timer" && /^\d/.test(action.text);
}
