// Which steps of a schedule what went wrong depends on (its causal past), by the conflicts that order the steps.

import type { Choice, Outcome } from "../../protocol/witness.js";
import { Execution } from "./dpor/execution.js";
import { Plans } from "./dpor/plans.js";
import { ThreadNames } from "./dpor/thread-names.js";
import type { Machine } from "./vm/machine.js";

/**
 * By step of `choices`, run from where the machine is: whether it is, or happens before, what the outcome tells. All of
 * them are essential to a good outcome.
 */
export function essentialSteps(
  machine: Machine,
  choices: readonly Choice[],
  outcome: Outcome,
  threads: number,
): readonly boolean[] {
  if (outcome.kind === "ok") return choices.map(() => true);
  const names = new ThreadNames();
  const execution = new Execution(new Plans(true), names, threads);
  for (const it of choices) execution.push(machine.step(it), it);
  const ends = endsOf(outcome, execution, names);
  return choices.map((_, at) =>
    ends.some((end) => end === at || happensBefore(execution, at, end)),
  );
}

function endsOf(outcome: Outcome, execution: Execution, names: ThreadNames): readonly number[] {
  switch (outcome.kind) {
    case "ok":
      return [];
    case "race":
      return outcome.steps;
    case "panic":
    case "assertion":
      return [outcome.step];
    case "deadlock":
    case "leak":
    case "livelock":
      return [
        ...outcome.blocked.flatMap((it) => [it.thread, ...it.holders]),
        ...(outcome.kind === "leak" ? [0] : []),
      ].map((it) => lastOf(execution, names.ofMachine(it)));
  }
}

/** Position of the last step of a thread; -1 when it has none. */
function lastOf(execution: Execution, thread: number): number {
  for (let at = execution.length - 1; at >= 0; at--) {
    const event = execution.at(at);
    if (event.thread === thread || event.partner === thread) return at;
  }
  return -1;
}

function happensBefore(execution: Execution, first: number, second: number): boolean {
  if (second < 0 || first >= second) return false;
  return execution.isAfter(second, execution.at(first));
}
