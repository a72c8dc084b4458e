// A place in the tree of all schedules, from which one can go down and back up. Two places with the same key have the
// same future: what can still come there, and how often, is the same.

import type { PlayEnd } from "../../../protocol/play.js";
import type { Choice, Schedule } from "../../../protocol/witness.js";
import { present } from "../../base/assert.js";
import type { FuncId } from "../../ir/ir.js";
import {
  endKind,
  noteValues,
  printed,
  type SeenValues,
  valuesKey,
  valuesLabel,
} from "../ending.js";
import { sameChoice } from "../strategy.js";
import { asItRuns, type Event, type Machine } from "../vm/machine.js";
import { touches } from "../vm/touch.js";

export interface PositionOptions {
  readonly machine: Machine;
  readonly entry: FuncId;
  readonly schedule: Schedule;
  /** No schedule of the program has a race: then it does not matter in which order things came to be as they are. */
  readonly raceFree: boolean;
}

/** Makes the machine stand before the first choice, as programs run by themselves. */
export function configured(
  { machine, entry, schedule }: Omit<PositionOptions, "raceFree">,
  telling: boolean,
): void {
  const { visible, time = "quiet", draws = false } = schedule;
  machine.configure({ ...asItRuns, visible: new Set(visible), time, draws, telling });
  machine.reset(entry);
}

/** Index of the first of the schedule's choices that the machine cannot take; null: it can take all. */
export function impossibleStep(options: Omit<PositionOptions, "raceFree">): number | null {
  const { machine, schedule } = options;
  configured(options, false);
  for (const [index, choice] of schedule.choices.entries()) {
    if (!isPossible(machine, choice)) return index;
    machine.step(choice);
  }
  return null;
}

/** Whether the machine can take the choice. */
export function isPossible(machine: Machine, choice: Choice): boolean {
  return machine.halted() === undefined && machine.enabled().some((it) => sameChoice(it, choice));
}

/** Where a machine has stopped; null where it has not. A crash is told by what it says, other ends as in summaries. */
export function endOf(machine: Machine, values: SeenValues): PlayEnd | null {
  const halt = machine.halted();
  if (halt === undefined) return null;
  const kind = endKind(machine, halt);
  if (halt.kind === "finished" && "message" in halt.outcome && "step" in halt.outcome) {
    return { kind: halt.outcome.kind, label: halt.outcome.message };
  }
  if (kind !== null) {
    const told = printed(machine);
    return { kind, label: told === "" ? valuesLabel(machine, values) : told };
  }
  const reason = halt.kind === "unsupported" ? halt.reason : "it goes on for too long";
  return { kind: null, label: reason };
}

const noValues: SeenValues = new Map();

export class Position {
  readonly machine: Machine;
  readonly #raceFree: boolean;
  readonly #choices: Choice[] = [];
  readonly #events: Event[] = [];
  /** Before each step and now. */
  readonly #values: SeenValues[] = [noValues];

  /** At the end of the schedule's choices, all of which must be possible. */
  constructor(options: PositionOptions) {
    const { machine, schedule, raceFree } = options;
    this.machine = machine;
    this.#raceFree = raceFree;
    configured(options, false);
    for (const it of schedule.choices) this.down(it);
  }

  get choices(): readonly Choice[] {
    return this.#choices;
  }

  get last(): Event | undefined {
    return this.#events.at(-1);
  }

  down(choice: Choice): void {
    const event = this.machine.step(choice);
    const before = present(this.#values.at(-1), "values");
    this.#choices.push(choice);
    this.#events.push(event);
    this.#values.push(looksAtValues(event) ? noted(before, event) : before);
  }

  /** Back to where the machine was at the mark, with so many choices made. */
  upTo(mark: number, choices: number): void {
    this.machine.undoTo(mark);
    this.#choices.length = choices;
    this.#events.length = choices;
    this.#values.length = choices + 1;
  }

  end(): PlayEnd | null {
    return endOf(this.machine, this.#seen);
  }

  /** Once there has been a race there is nothing more to find out about races. */
  key(): string {
    const { machine } = this;
    const raced = machine.races().length > 0;
    const state = machine.hashNumber(!this.#raceFree && !raced);
    // What was printed decides alone what the end is called.
    const values = printed(machine) === "" ? valuesKey(this.#seen) : "";
    return `${state} ${raced ? "!" : ""}${values}`;
  }

  get #seen(): SeenValues {
    return present(this.#values.at(-1), "values");
  }
}

function looksAtValues(event: Event): boolean {
  return event.touches.some(({ kind }) => kind === touches.read || kind === touches.write);
}

function noted(before: SeenValues, event: Event): SeenValues {
  const after: SeenValues = new Map([...before].map(([object, it]) => [object, { ...it }]));
  noteValues(after, event);
  return after;
}
