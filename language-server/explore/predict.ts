// What one execution lets us expect of others: each pair of its operations that is in a race, by vector clocks, the other
// way round. A prediction is a schedule; only what running it shows counts.

import type { Choice } from "../../protocol/witness.js";
import { Execution, type Attempt } from "./dpor/execution.js";
import { strictest } from "./dependence.js";
import { Plans } from "./dpor/plans.js";
import { ThreadNames } from "./dpor/thread-names.js";
import { type Machine, toldChoice } from "./vm/machine.js";

/** A race of an execution, and the choices of the execution with it turned round. */
export interface Reversed {
  /** Steps of the execution; the second is the number of its steps where it has not happened. */
  readonly steps: readonly [number, number];
  /** To be followed as far as it goes. */
  readonly choices: readonly Choice[];
}

/**
 * Runs `choices` from where the machine is (it has been configured and reset), and turns each immediate race round, the
 * latest first. `threads`: how many there may be.
 */
export function reversals(
  machine: Machine,
  choices: readonly Choice[],
  threads: number,
): readonly Reversed[] {
  const names = new ThreadNames();
  const plans = new Plans(strictest);
  const execution = new Execution(plans, names, threads);
  for (const it of choices) execution.push(machine.step(it), it);
  const reversed: Reversed[] = [];
  for (let second = execution.length - 1; second >= 0; second--) {
    for (const first of execution.at(second).races) {
      reversed.push({ steps: [first, second], choices: turned(execution, first, second) });
    }
  }
  for (let id = 0; id < machine.threadCount(); id++) {
    const standing = machine.standing(id);
    if (standing === null || standing.touches.length === 0) continue;
    const thread = names.ofMachine(id);
    const attempt: Attempt = {
      thread,
      plan: plans.ofStep(thread, standing.touches),
      touches: standing.touches,
      before: execution.clockOf(thread),
    };
    const races: number[] = [];
    execution.racesOf(attempt, races);
    for (const first of races) {
      const kept = without(execution, first);
      reversed.push({
        steps: [first, execution.length],
        choices: [...kept.before, ...kept.independent, { thread: id }, ...kept.after],
      });
    }
  }
  return reversed;
}

function turned(execution: Execution, first: number, second: number): readonly Choice[] {
  const { before, independent, after } = without(execution, first, second);
  return [...before, ...independent, toldChoice(execution.at(second).choice), ...after];
}

/** The execution in three: what comes before `first`, what does not depend on it, and the rest without `second`. */
function without(
  execution: Execution,
  first: number,
  second = -1,
): Record<"before" | "independent" | "after", readonly Choice[]> {
  const before: Choice[] = [];
  const independent: Choice[] = [];
  const after: Choice[] = [];
  const event = execution.at(first);
  for (let at = 0; at < execution.length; at++) {
    const choice = toldChoice(execution.at(at).choice);
    if (at < first) before.push(choice);
    else if (at === second) continue;
    else if (execution.isAfter(at, event)) after.push(choice);
    else independent.push(choice);
  }
  return { before, independent, after };
}
