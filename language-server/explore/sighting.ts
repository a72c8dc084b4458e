// What one execution shows that is worth telling.

import type { OutcomeKind } from "../../protocol/finding.js";
import type { Action, Blocked, Outcome } from "../../protocol/witness.js";
import { placeOf } from "../ir/access.js";
import type { Program } from "../ir/ir.js";
import type { Span } from "../../protocol/span.js";
import { sizeOf } from "./size.js";
import type { Execution } from "./strategy.js";
import {
  failure,
  type Circle,
  type Forsaken,
  type Machine,
  type MadeUp,
  type Race,
  type RaceAccess,
} from "./vm/machine.js";

export interface Sighting {
  readonly kind: OutcomeKind;
  /** Sorted and distinct. */
  readonly places: readonly string[];
  readonly outcome: Outcome;
  readonly message: string;
  /** Steps of the execution that the story takes. */
  readonly length: number;
  /** Smaller is better, compared from the left: whether a race's accesses stand apart, then the size of the schedule. */
  readonly cost: readonly number[];
  /** What the execution took from outside. */
  readonly madeUp: MadeUp | null;
}

/** Everything bad in the execution the machine has just ended. */
export function sightings(
  machine: Machine,
  program: Program,
  execution: Execution,
): readonly Sighting[] {
  const races = machine.races().map((it) => raceSighting(machine, program, it, execution));
  const end = endSighting(machine, program, execution);
  const madeUp = machine.madeUp();
  return (end === null ? races : [...races, end]).map((it) => ({ ...it, madeUp }));
}

/** What an execution shows, without what it rests on. */
type Shown = Omit<Sighting, "madeUp">;

export function sightingKey({ kind, places }: Pick<Sighting, "kind" | "places">): string {
  return `${kind} ${places.join(" ")}`;
}

/** A race is told best where the two accesses stand side by side. */
function raceSighting(
  machine: Machine,
  program: Program,
  race: Race,
  { choices, preempts }: Execution,
): Shown {
  const { first, second } = race;
  const beside = second.step - first.step === 1 ? 0 : 1;
  // What comes of a race is told before where it is easiest to see.
  const apart = race.loses === undefined ? beside : race.loses ? beside : beside + 2;
  const length = second.step + 1;
  return {
    kind: "race",
    places: racePlaces(program, race),
    outcome: { kind: "race", object: race.object, steps: [first.step, second.step] },
    message: raceMessage(machine, program, race),
    length,
    cost: [apart, ...sizeOf(choices.slice(0, length), preempts)],
  };
}

export function racePlaces(program: Program, { first, second }: Race): readonly string[] {
  return distinct([placeOf(program, first.span), placeOf(program, second.span)]);
}

function raceMessage(machine: Machine, program: Program, race: Race): string {
  const { name, first, second, because = "" } = race;
  if (program.language === "go" || program.workers !== undefined) {
    const what = `${name} is ${said(machine, first)} and ${said(machine, second)}`;
    const why = because === "" ? "" : `: ${because}`;
    return `${what} with nothing that orders the two${why}`;
  }
  const overwrites = "from a value that it computed before";
  return `what is ${said(machine, first)} to ${name} is lost: it is ${said(machine, second)} ${overwrites}`;
}

function said(machine: Machine, access: RaceAccess): string {
  const name = machine.threads()[access.thread]?.name ?? `thread ${access.thread}`;
  return `${access.does ?? (access.write ? "written" : "read")} by ${name}`;
}

function endSighting(machine: Machine, program: Program, execution: Execution): Shown | null {
  const { halt, choices, preempts } = execution;
  if (halt === undefined || halt.kind === "depth") return partialSighting(machine, execution);
  if (halt.kind !== "finished") return null;
  const { outcome } = halt;
  const length = choices.length;
  const cost = [0, ...sizeOf(choices, preempts)];
  const circle = machine.circle();
  // A circle of which Go would say nothing is told as soon as it is closed.
  if (circle !== null && outcome.kind === "deadlock" && machine.endStep() >= 0) {
    return waitingSighting(machine, circle, execution);
  }
  const forsaken = longBefore(machine, outcome, choices.length);
  if (forsaken !== null) return waitingSighting(machine, forsaken, execution);
  switch (outcome.kind) {
    case "ok":
    case "race":
      return null;
    case "deadlock":
    case "leak":
    case "livelock":
      return {
        kind: outcome.kind,
        places: blockedPlaces(outcome.blocked),
        outcome,
        message: `${outcome.message}: ${waits(machine, outcome.blocked)}`,
        length,
        cost,
      };
    case "panic":
    case "assertion": {
      const died = machine.failures().find((it) => it.kind === outcome.kind);
      return {
        kind: outcome.kind,
        places: died === undefined ? [] : [placeOf(program, died.span)],
        outcome,
        message: outcome.message,
        length,
        cost,
      };
    }
  }
}

/** A program that goes on is not waited for: who is stuck is told while others live. */
function partialSighting(machine: Machine, execution: Execution): Shown | null {
  const stuck = machine.circle() ?? machine.forsaken();
  return stuck === null ? null : waitingSighting(machine, stuck, execution);
}

/** Steps that a program may take after those who stay behind came to wait, for its whole run to be told. */
const mostAfter = 16;

/** Those who stay behind at main's end, where main went on for long when nobody could wake them any more. */
function longBefore(machine: Machine, outcome: Outcome, length: number): Forsaken | null {
  const forsaken = machine.forsaken();
  if (forsaken === null || outcome.kind !== "leak") return null;
  const same =
    blockedPlaces(forsaken.outcome.blocked).join() === blockedPlaces(outcome.blocked).join();
  return same && length - forsaken.step > mostAfter ? forsaken : null;
}

function waitingSighting(
  machine: Machine,
  { step, outcome }: Circle | Forsaken,
  { choices, preempts }: Execution,
): Shown {
  const length = step + 1;
  return {
    kind: outcome.kind,
    places: blockedPlaces(outcome.blocked),
    outcome,
    message: `${outcome.message}: ${waits(machine, outcome.blocked)}`,
    length,
    cost: [0, ...sizeOf(choices.slice(0, length), preempts)],
  };
}

export function blockedPlaces(blocked: readonly Blocked[]): readonly string[] {
  return distinct(blocked.map((it) => placeKey(it.span)));
}

/** Whether an action tells why the execution went wrong. */
export function isLastWord(action: Action): boolean {
  return (
    action.kind === "panic" ||
    (action.kind === "yield" && action.text?.startsWith(failure) === true)
  );
}

/** `worker waits for lock a, which main has; …` */
function waits(machine: Machine, blocked: readonly Blocked[]): string {
  const name = (id: number): string => machine.threads()[id]?.name ?? `thread ${id}`;
  const each = blocked.map(({ thread, reason, holders }) => {
    const verb = reason.startsWith("to ") ? "waits" : "waits for";
    const has = holders.length === 0 ? "" : `, which ${holders.map(name).join(" and ")} has`;
    return `${name(thread)} ${verb} ${reason}${has}`;
  });
  return each.join("; ");
}

function distinct(places: readonly string[]): readonly string[] {
  return [...new Set(places)].sort();
}

function placeKey({ uri, start }: Span): string {
  return `${uri}:${start.line}:${start.character}`;
}

/**
 * Whether something that goes wrong only if a timer is early is a defect: that a program gives up, or says that it took too
 * long, is what its timers are there for.
 */
export function tellsOfDelay({ kind, message }: Sighting): boolean {
  if (kind === "assertion") return false;
  return (
    kind !== "panic" ||
    /runtime error|(?:closed|nil) channel|nil map|sync: |fatal error/.test(message)
  );
}
