// Which steps of a schedule what went wrong depends on (its causal past), by the conflicts that order the steps.

import type { Outcome, Schedule } from "../../protocol/witness.js";
import type { FuncId } from "../ir/ir.js";
import { Execution } from "./dpor/execution.js";
import { strictest } from "./dependence.js";
import { Plans } from "./dpor/plans.js";
import { ThreadNames } from "./dpor/thread-names.js";
import { sameChoice } from "./strategy.js";
import { asItRuns, type Machine } from "./vm/machine.js";

/**
 * By step of `choices`: whether it is, or happens before, what the outcome tells (its steps are those of the machine).
 * All of them are essential to a good outcome. The machine goes on after the end, because an end depends on everything;
 * a step that only ends the program is none there.
 */
export function essentialSteps(
  machine: Machine,
  entry: FuncId,
  { visible, choices, time = "quiet", draws, weak }: Schedule,
  outcome: Outcome,
): readonly boolean[] {
  if (outcome.kind === "ok") return choices.map(() => true);
  machine.configure({
    ...asItRuns,
    visible: new Set(visible),
    time,
    draws: draws === true,
    weak: weak === true,
    telling: false,
    ghosts: true,
  });
  machine.reset(entry);
  const names = new ThreadNames(machine.threadCount());
  const events = choices.map((choice) => {
    const possible = machine.choicesOf(choice.thread).some((it) => sameChoice(it, choice));
    return possible ? machine.step(choice) : null;
  });
  const execution = new Execution(new Plans(strictest), names, machine.threadCount());
  const positions = choices.map((choice, index) => {
    const event = events[index] ?? null;
    if (event === null) return -1;
    execution.push(event, choice);
    return execution.length - 1;
  });
  const ends = endsOf(outcome, execution, names, positions);
  return positions.map(
    (at) => at < 0 || ends.some((end) => end === at || happensBefore(execution, at, end)),
  );
}

function endsOf(
  outcome: Outcome,
  execution: Execution,
  names: ThreadNames,
  positions: readonly number[],
): readonly number[] {
  switch (outcome.kind) {
    case "ok":
      return [];
    case "race":
      return outcome.steps.map((it) => positions[it] ?? -1);
    case "panic":
    case "assertion":
      return [positions[outcome.step] ?? -1];
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
