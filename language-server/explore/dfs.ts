// Depth-first search over all choices, with sleep sets: a step that was explored from here is not tried again until
// something happens that does not commute with it. Complete for what `dependence.ts` says, though not minimal.

import type { Choice } from "../../protocol/witness.js";
import type { FuncId } from "../ir/ir.js";
import { independent } from "./dependence.js";
import { continues, natural, sameChoice, type Execution } from "./strategy.js";
import type { Event, Machine } from "./vm/machine.js";

interface Explored {
  readonly choice: Choice;
  readonly event: Event;
}

interface Frame {
  readonly mark: number;
  /** What is left to try here, in order. */
  readonly todo: Choice[];
  readonly sleep: Explored[];
}

export type SearchEnd =
  /** Everything was tried. */
  | "done"
  /** `visit` asked for an end. */
  | "stopped";

/** What the caller wants after an execution. */
export type Verdict = "go on" | "stop";

export interface Search {
  readonly machine: Machine;
  readonly entry: FuncId;
  /** Steps of one execution. */
  readonly depth: number;
  /** Polled before every step. */
  readonly interrupted: () => boolean;
  /** Called with every execution that ended, or was cut by `depth`. */
  readonly visit: (execution: Execution) => Verdict;
}

export function depthFirst(search: Search): SearchEnd {
  const { machine, depth } = search;
  machine.reset(search.entry);
  const frames: Frame[] = [];
  const choices: Choice[] = [];
  const events: Event[] = [];
  let frame = open(machine, [], undefined);
  for (;;) {
    const halt = machine.halted();
    const over = halt !== undefined || choices.length >= depth;
    if (over) {
      const verdict = search.visit({ choices: [...choices], events: [...events], halt });
      if (verdict === "stop") return "stopped";
    }
    const next = over ? undefined : frame.todo.shift();
    if (next !== undefined) {
      if (search.interrupted()) return "stopped";
      const event = machine.step(next);
      frames.push(frame);
      choices.push(next);
      events.push(event);
      frame = open(machine, frame.sleep.filter((it) => independent(it.event, event)), event);
      continue;
    }
    // Back to the last place with something left to try.
    const parent = frames.pop();
    const choice = choices.pop();
    const event = events.pop();
    if (parent === undefined || choice === undefined || event === undefined) return "done";
    frame = parent;
    machine.undoTo(frame.mark);
    frame.sleep.push({ choice, event });
  }
}

function open(machine: Machine, sleep: Explored[], last: Event | undefined): Frame {
  const enabled = machine.halted() === undefined ? machine.enabled() : [];
  const awake = enabled.filter((it) => !sleep.some((asleep) => sameChoice(asleep.choice, it)));
  return { mark: machine.mark(), todo: ordered(awake, last), sleep };
}

/** The way the program would go on by itself first, so that early executions have few switches. */
function ordered(choices: readonly Choice[], last: Event | undefined): Choice[] {
  if (choices.length < 2) return [...choices];
  const first = natural.pick(choices, last);
  const rest = choices.filter((it) => it !== first);
  const same = rest.filter((it) => continues(it, last));
  return [first, ...same, ...rest.filter((it) => !continues(it, last))];
}
