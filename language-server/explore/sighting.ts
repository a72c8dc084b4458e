// What one execution shows that is worth telling, and which of two schedules for the same thing tells it better.

import type { OutcomeKind } from "../../protocol/finding.js";
import type { Action, Blocked, Choice, Outcome } from "../../protocol/witness.js";
import { placeOf } from "../ir/access.js";
import type { Program } from "../ir/ir.js";
import type { Span } from "../../protocol/span.js";
import { switches, type Execution } from "./strategy.js";
import { failure, type Machine, type Race, type RaceAccess } from "./vm/machine.js";

export interface Sighting {
  readonly kind: OutcomeKind;
  /** Sorted and distinct. */
  readonly places: readonly string[];
  readonly outcome: Outcome;
  readonly message: string;
  /** Smaller is better, compared from the left. */
  readonly cost: readonly number[];
}

/** Everything bad in the execution the machine has just ended. */
export function sightings(
  machine: Machine,
  program: Program,
  execution: Execution,
): readonly Sighting[] {
  const base = [switches(execution.choices), execution.choices.length];
  const races = machine
    .races()
    .map((it) =>
      raceSighting(machine, program, it, execution.choices.slice(0, it.second.step + 1)),
    );
  const end = endSighting(machine, program, execution, base);
  return end === null ? races : [...races, end];
}

/** The story of a race ends with its second access. */
export function told({ outcome }: Sighting, choices: readonly Choice[]): readonly Choice[] {
  return outcome.kind === "race" ? choices.slice(0, outcome.steps[1] + 1) : choices;
}

export function sightingKey({ kind, places }: Pick<Sighting, "kind" | "places">): string {
  return `${kind} ${places.join(" ")}`;
}

/** Whether the first cost is the smaller one. */
export function cheaper(a: readonly number[], b: readonly number[]): boolean {
  const index = a.findIndex((it, at) => it !== b[at]);
  return index >= 0 && (a[index] ?? 0) < (b[index] ?? 0);
}

/** A race is told best where the two accesses stand side by side. */
function raceSighting(
  machine: Machine,
  program: Program,
  race: Race,
  choices: readonly Choice[],
): Sighting {
  const { first, second } = race;
  const apart = second.step - first.step === 1 ? 0 : 1;
  const both = [placeOf(program, first.span), placeOf(program, second.span)];
  return {
    kind: "race",
    places: distinct(both),
    outcome: { kind: "race", object: race.object, steps: [first.step, second.step] },
    message: raceMessage(machine, program, race),
    cost: [apart, switches(choices), choices.length],
  };
}

function raceMessage(machine: Machine, program: Program, { name, first, second }: Race): string {
  if (program.language === "go") {
    return `${name} is ${said(machine, first)} and ${said(machine, second)} with nothing that orders the two`;
  }
  const overwrites = "from a value that it computed before";
  return `what is ${said(machine, first)} to ${name} is lost: it is ${said(machine, second)} ${overwrites}`;
}

function said(machine: Machine, access: RaceAccess): string {
  const name = machine.threads()[access.thread]?.name ?? `thread ${access.thread}`;
  return `${access.write ? "written" : "read"} by ${name}`;
}

function endSighting(
  machine: Machine,
  program: Program,
  execution: Execution,
  base: readonly number[],
): Sighting | null {
  const { halt } = execution;
  if (halt?.kind !== "finished") return null;
  const { outcome } = halt;
  const cost = [0, ...base];
  switch (outcome.kind) {
    case "ok":
    case "race":
      return null;
    case "deadlock":
    case "leak":
      return {
        kind: outcome.kind,
        places: distinct(outcome.blocked.map((it) => placeKey(it.span))),
        outcome,
        message: `${outcome.message}: ${waits(machine, outcome.blocked)}`,
        cost,
      };
    case "panic":
    case "assertion": {
      const last = execution.events.at(-1);
      const step = outcome.kind === "assertion" ? execution.events[outcome.step] : last;
      const died = step?.asides.find((it) => isLastWord(it.action))?.span ?? step?.span;
      return {
        kind: outcome.kind,
        places: died === undefined ? [] : [placeOf(program, died)],
        outcome,
        message: outcome.message,
        cost,
      };
    }
  }
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
