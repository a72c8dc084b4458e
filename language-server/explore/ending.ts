// How an execution of the search ended, and which of its steps a run of the program needs to end the same way: a search
// goes on after main's end and after a panic, a program does not.

import type { OutcomeKind } from "../../protocol/finding.js";
import type { Choice } from "../../protocol/witness.js";
import { placeOf } from "../ir/access.js";
import type { Program } from "../ir/ir.js";
import type { Execution } from "./dpor/execution.js";
import { blockedPlaces, racePlaces } from "./sighting.js";
import { type Halt, type Machine, toldChoice } from "./vm/machine.js";
import { touches } from "./vm/touch.js";

/** Something that went wrong, as it will be sighted when the program runs. */
export interface Failing {
  readonly kind: OutcomeKind;
  readonly places: readonly string[];
  /** The steps that show it; null: the whole execution. */
  readonly steps: readonly number[] | null;
}

/** All that went wrong in the execution that the machine has just ended. */
export function failuresOf(
  machine: Machine,
  program: Program,
  { outcome }: Extract<Halt, { kind: "finished" }>,
): readonly Failing[] {
  const failing: Failing[] = machine.races().map((race) => ({
    kind: "race",
    places: racePlaces(program, race),
    steps: [race.first.step, race.second.step],
  }));
  for (const { kind, span, step } of machine.failures()) {
    failing.push({ kind, places: [placeOf(program, span)], steps: [step] });
  }
  if (outcome.kind === "deadlock" || outcome.kind === "leak" || outcome.kind === "livelock") {
    failing.push({ kind: outcome.kind, places: blockedPlaces(outcome.blocked), steps: null });
  }
  return failing;
}

/**
 * Choices that lead a program to the given steps: those that happen before them. Without steps, the whole execution, main's
 * end last: nobody waits for that.
 */
export function causeOf(
  machine: Machine,
  execution: Execution,
  steps: readonly number[] | null,
): readonly Choice[] {
  const end = machine.endStep();
  const choices: Choice[] = [];
  // Lanes of an event loop are numbered as they begin: without some tasks others would go by other numbers.
  const whole = steps === null || numbersLanes(execution);
  for (let at = 0; at < execution.length; at++) {
    const needed = whole ? at !== end : steps.some((it) => leadsTo(execution, at, it));
    if (needed) choices.push(toldChoice(execution.at(at).choice));
  }
  if (steps === null && end >= 0 && end < execution.length) choices.push(execution.at(end).choice);
  return choices;
}

function numbersLanes(execution: Execution): boolean {
  const { length } = execution;
  return length > 0 && "told" in execution.at(length - 1).choice;
}

function leadsTo(execution: Execution, at: number, step: number): boolean {
  if (at >= step) return at === step;
  return step < execution.length && execution.isAfter(step, execution.at(at));
}

/** Values that threads share, beyond which they are not told apart. */
const mostValues = 6;

/** What tells the end from others of its kind: what the program printed, or else the last values of what threads share. */
export function endLabel(machine: Machine, execution: Execution): string {
  const told = printed(machine);
  if (told !== "") return told;
  const last = new Map<number, { thread: number; shared: boolean; value: unknown }>();
  for (let at = 0; at < execution.length; at++) {
    const event = execution.at(at);
    for (const { object, kind, value } of event.touches) {
      if (kind !== touches.read && kind !== touches.write) continue;
      const known = last.get(object);
      if (known === undefined) {
        if (last.size < mostValues)
          last.set(object, { thread: event.thread, shared: false, value });
      } else {
        known.shared ||= known.thread !== event.thread;
        if (kind === touches.write) known.value = value;
      }
    }
  }
  const values: string[] = [];
  for (const [object, { shared, value }] of last) {
    if (shared && isPlain(value)) values.push(`${machine.nameOf(object)} = ${String(value)}`);
  }
  return values.sort().join(", ");
}

function isPlain(value: unknown): value is number | bigint | string | boolean {
  return ["number", "bigint", "string", "boolean"].includes(typeof value);
}

/** The program's output as a label. */
export function printed(machine: Machine): string {
  return machine.output().trim();
}
