// What one execution lets us expect of others: each pair of its operations that is in a race, by vector clocks, the other
// way round. A prediction is a schedule; only what running it shows counts.

import type { Choice, ThreadId } from "../../protocol/witness.js";
import { Execution, type Attempt } from "./dpor/execution.js";
import { strictest } from "./dependence.js";
import { Plans } from "./dpor/plans.js";
import { ThreadNames } from "./dpor/thread-names.js";
import { toldChoice, type Event, type Machine } from "./vm/machine.js";

/** A race of an execution, and the choices of the execution with it turned round. */
export interface Reversed {
  /** Steps of the execution; the second is the number of its steps where it has not happened. */
  readonly steps: readonly [number, number];
  /** To be followed as far as it goes. */
  readonly choices: readonly Choice[];
  /** Index in `choices` of what was the second. */
  readonly moved: number;
}

/**
 * Runs `choices` from where the machine is (it has been configured and reset), and turns each immediate race round, the
 * latest first. The machine may be used for something else as soon as the first is there.
 */
export function* reversals(machine: Machine, choices: readonly Choice[]): Iterable<Reversed> {
  const names = new ThreadNames(machine.threadCount());
  const events = choices.map((it) => machine.step(it));
  const plans = new Plans(strictest);
  const execution = new Execution(plans, names, machine.threadCount());
  for (const [index, it] of choices.entries()) execution.push(events[index] as Event, it);
  const waiting = attempts(machine, names, plans, execution);
  for (let second = execution.length - 1; second >= 0; second--) {
    for (const first of execution.at(second).races) {
      yield { steps: [first, second], ...turned(execution, first, second) };
    }
  }
  for (const [id, attempt] of waiting) {
    const races: number[] = [];
    execution.racesOf(attempt, races);
    for (const first of races) {
      const { before, independent, after } = without(execution, first);
      const turnedRound = [...before, ...independent, { thread: id }, ...after];
      const moved = before.length + independent.length;
      yield { steps: [first, execution.length], choices: turnedRound, moved };
    }
  }
}

/** What threads stand before at the end, by the machine's numbers. */
function attempts(
  machine: Machine,
  names: ThreadNames,
  plans: Plans,
  execution: Execution,
): readonly (readonly [ThreadId, Attempt])[] {
  const all: (readonly [ThreadId, Attempt])[] = [];
  for (let id = 0; id < machine.threadCount(); id++) {
    const standing = machine.standing(id);
    if (standing === null || standing.touches.length === 0) continue;
    const { touches } = standing;
    const thread = names.ofMachine(id);
    const plan = plans.ofStep(thread, touches);
    all.push([id, { thread, plan, touches, before: execution.clockOf(thread) }]);
  }
  return all;
}

function turned(
  execution: Execution,
  first: number,
  second: number,
): Pick<Reversed, "choices" | "moved"> {
  const { before, independent, after } = without(execution, first, second);
  const choices = [...before, ...independent, toldChoice(execution.at(second).choice), ...after];
  return { choices, moved: before.length + independent.length };
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
