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
  /** Nothing was tried here yet. */
  fresh: boolean;
}

export type SearchEnd =
  /** Everything was tried. */
  | "done"
  /** `visit` asked for an end. */
  | "stopped";

/** With more threads than these, steps that nobody can notice are not tried in every order. */
const fewThreads = 4;

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
  /** Called where all that is left is asleep: the work was spent on orders seen before. */
  readonly wasted: () => Verdict;
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
    } else if (frame.todo.length === 0 && frame.fresh && search.wasted() === "stop") {
      return "stopped";
    }
    frame.fresh = false;
    const next = over ? undefined : frame.todo.shift();
    if (next !== undefined) {
      if (search.interrupted()) return "stopped";
      const event = machine.step(next);
      if (unnoticed(event) && machine.threadCount() > fewThreads) frame.todo.length = 0;
      frames.push(frame);
      choices.push(next);
      events.push(event);
      frame = open(
        machine,
        frame.sleep.filter((it) => independent(it.event, event)),
        event,
      );
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
  return { mark: machine.mark(), todo: ordered(awake, last), sleep, fresh: true };
}

/**
 * A step that commutes with all that others may do: after it everything can still happen that could before, but for
 * the program's end while the step's thread has not begun, which only makes it a goroutine that came late.
 */
function unnoticed({ action, touches }: Event): boolean {
  return touches.length === 0 && (action.kind === "start" || action.kind === "spawn");
}

/** The way the program would go on by itself first, so that early executions have few switches. */
function ordered(choices: readonly Choice[], last: Event | undefined): Choice[] {
  if (choices.length < 2) return [...choices];
  const first = natural.pick(choices, last);
  const rest = choices.filter((it) => it !== first);
  const same = rest.filter((it) => continues(it, last));
  return [first, ...same, ...rest.filter((it) => !continues(it, last))];
}
