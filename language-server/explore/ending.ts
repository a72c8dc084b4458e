// How an execution of the search ended, and which of its steps a run of the program needs to end the same way: a search
// goes on after main's end and after a panic, a program does not.

import type { OutcomeKind } from "../../protocol/finding.js";
import type { Choice } from "../../protocol/witness.js";
import { present } from "../base/assert.js";
import { placeOf } from "../ir/access.js";
import type { Program } from "../ir/ir.js";
import type { Done, Execution } from "./dpor/execution.js";
import { blockedPlaces, racePlaces } from "./sighting.js";
import { toldChoice, type Event, type Halt, type Machine } from "./vm/machine.js";
import { touches } from "./vm/touch.js";

/** Something that went wrong, as it will be sighted when the program runs. */
export interface Failing {
  readonly kind: OutcomeKind;
  readonly places: readonly string[];
  /** The steps that show it; null: the whole execution. */
  readonly steps: readonly number[] | null;
}

/** Who is stuck in an execution that was cut, of a program that goes on. */
function partialFailures(machine: Machine): readonly Failing[] {
  const stuck = machine.circle() ?? machine.forsaken();
  if (stuck === null) return [];
  const { kind, blocked } = stuck.outcome;
  return [{ kind, places: blockedPlaces(blocked), steps: null }];
}

/** All that went wrong in the execution that the machine has just ended, or that was cut. */
export function failuresOf(
  machine: Machine,
  program: Program,
  halt: Halt | undefined,
): readonly Failing[] {
  if (halt === undefined || halt.kind === "depth") return partialFailures(machine);
  if (halt.kind !== "finished") return [];
  const { outcome } = halt;
  const failing: Failing[] = machine.races().map((race) => ({
    kind: "race",
    places: racePlaces(program, race),
    steps: [race.first.step, race.second.step],
  }));
  for (const { kind, span, step } of machine.failures()) {
    failing.push({ kind, places: [placeOf(program, span)], steps: [step] });
  }
  const circle = machine.circle();
  if (circle !== null && outcome.kind === "deadlock" && machine.endStep() >= 0) {
    const places = blockedPlaces(circle.outcome.blocked);
    failing.push({ kind: "deadlock", places, steps: null });
  } else if (
    outcome.kind === "deadlock" ||
    outcome.kind === "leak" ||
    outcome.kind === "livelock"
  ) {
    failing.push({ kind: outcome.kind, places: blockedPlaces(outcome.blocked), steps: null });
  }
  return failing;
}

/**
 * Choices that lead a program to the given steps, as far as they are possible there: those that happen before them. Without
 * steps, the whole execution, and then who still waits, because a program's writer has to announce that it does.
 */
export function causeOf(
  machine: Machine,
  execution: Execution,
  steps: readonly number[] | null,
): readonly Choice[] {
  const choices: Choice[] = [];
  const numbers = new Map<number, number>();
  for (let thread = 0; thread < execution.atStart; thread++) numbers.set(thread, thread);
  // Lanes of an event loop are numbered as they begin: without some tasks others would go by other numbers.
  const whole = steps === null || numbersLanes(execution);
  for (let at = 0; at < execution.length; at++) {
    if (!whole && !steps.some((it) => leadsTo(execution, at, it))) continue;
    const done = execution.at(at);
    choices.push(renumbered(done, numbers));
    // Where steps are left out threads come to be in another order.
    for (const it of done.spawned) numbers.set(it, numbers.size);
  }
  if (steps === null) for (const { thread } of machine.blocked()) choices.push({ thread });
  return choices;
}

function numbersLanes(execution: Execution): boolean {
  const { length } = execution;
  return length > 0 && "told" in execution.at(length - 1).choice;
}

/** The choice of an event, with the threads' numbers by their canonical ones. */
function renumbered(
  { choice, thread, partner }: Done,
  numbers: ReadonlyMap<number, number>,
): Choice {
  if ("told" in choice) return toldChoice(choice);
  const own = present(numbers.get(thread), "a thread that has been started");
  if (choice.partner === undefined) return { ...choice, thread: own };
  const other = present(numbers.get(partner), "a partner that has been started");
  return { ...choice, thread: own, partner: other };
}

function leadsTo(execution: Execution, at: number, step: number): boolean {
  if (at >= step) return at === step;
  return step < execution.length && execution.isAfter(step, execution.at(at));
}

/** Values that threads share, beyond which they are not told apart. */
const mostValues = 6;

/** Steps of an execution, for what they touch. */
export interface Touching {
  readonly length: number;
  at(index: number): Pick<Event, "thread" | "touches">;
}

/** Of one object that was read or written: by whom first, whether by others too, and its last value. */
interface Seen {
  readonly thread: number;
  shared: boolean;
  value: unknown;
}

/** By `Touch.object`. */
export type SeenValues = Map<number, Seen>;

/** What tells the end from others of its kind: what the program printed, or else the last values of what threads share. */
export function endLabel(machine: Machine, execution: Touching): string {
  const told = printed(machine);
  if (told !== "") return told;
  const last: SeenValues = new Map();
  for (let at = 0; at < execution.length; at++) noteValues(last, execution.at(at));
  return valuesLabel(machine, last);
}

/** Notes what a step read and wrote. */
export function noteValues(last: SeenValues, event: Pick<Event, "thread" | "touches">): void {
  for (const { object, kind, value } of event.touches) {
    if (kind !== touches.read && kind !== touches.write) continue;
    const known = last.get(object);
    if (known === undefined) last.set(object, { thread: event.thread, shared: false, value });
    else {
      known.shared ||= known.thread !== event.thread;
      if (kind === touches.write) known.value = value;
    }
  }
}

/** `x = 1, y = 2`. */
export function valuesLabel(machine: Machine, last: SeenValues): string {
  const values: string[] = [];
  for (const [object, { shared, value }] of last) {
    if (shared && isPlain(value)) values.push(`${machine.nameOf(object)} = ${String(value)}`);
  }
  return values.sort().slice(0, mostValues).join(", ");
}

/** Equal when nothing that comes after can tell the two apart. */
export function valuesKey(last: SeenValues): string {
  return [...last]
    .map(([object, { thread, shared, value }]) => {
      const seen = isPlain(value) ? `${typeof value} ${String(value)}` : "";
      return `${object} ${shared ? "" : thread} ${seen}`;
    })
    .sort()
    .join("|");
}

function isPlain(value: unknown): value is number | bigint | string | boolean {
  return ["number", "bigint", "string", "boolean"].includes(typeof value);
}

/** The program's output as a label. */
export function printed(machine: Machine): string {
  return machine.output().trim();
}

/** How a program's execution ended as a whole; null when it did not come to its end. */
export function endKind(machine: Machine, halt: Halt | undefined): OutcomeKind | null {
  if (halt?.kind !== "finished") return null;
  const { kind } = halt.outcome;
  return kind === "ok" && machine.races().length > 0 ? "race" : kind;
}

/** The steps that an end of this kind hangs on; null: all. What a search does after a crash, no program does. */
export function decisiveSteps(machine: Machine, kind: OutcomeKind): readonly number[] | null {
  const failed = machine.failures().find((it) => it.kind === kind);
  return failed === undefined ? null : [failed.step];
}
