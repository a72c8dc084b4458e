// Races that come of one cause are told once: those that the explorer found and no check foresaw, and those of generic code
// that show for several types.

import type { Finding } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type { Step, Witness } from "../../protocol/witness.js";
import { placeKey } from "./confirm.js";

/**
 * What is left of unforeseen findings.
 * @param told what is told anyway
 * @param unforeseen in the order of finding, which is kept
 */
export function oneOfEachCause(
  told: readonly Finding[],
  unforeseen: readonly Finding[],
): readonly Finding[] {
  const races = [...told, ...unforeseen].flatMap((it) => raceOf(it) ?? []);
  const kept: Race[] = told.flatMap((it) => raceOf(it) ?? []);
  return unforeseen.filter((finding) => {
    const race = raceOf(finding);
    if (race === null) return true;
    if (isBeingMade(race) && races.some((it) => it.entry === race.entry && !isBeingMade(it))) {
      return false;
    }
    if (kept.some((it) => isSameVariable(it, race))) return false;
    kept.push(race);
    return true;
  });
}

/** Findings without those that a schedule shows at the same two places of generic code, for other types. */
export function oneOfEachInstance(findings: readonly Finding[]): readonly Finding[] {
  const told = new Set<string>();
  return findings.filter((finding) => {
    const places = genericPlaces(finding);
    if (places === null) return true;
    const key = [finding.code, ...places].join(" ");
    const isNew = !told.has(key);
    told.add(key);
    return isNew;
  });
}

/** Where the two meet in the race of a witness; null when there is none, or neither runs generic code. */
function genericPlaces({ witness }: Finding): readonly string[] | null {
  if (witness?.outcome.kind !== "race") return null;
  const both = witness.outcome.steps.flatMap((it) => witness.steps[it] ?? []);
  const isGeneric = both.some(({ func }) => func.includes("["));
  return isGeneric ? both.map(({ span }) => placeKey(span)).sort() : null;
}

/** A race in the witness of a finding. */
interface Race {
  readonly entry: string;
  readonly name: string;
  /** Where the variable is made. */
  readonly made: Span;
  /** Those of its steps that write; a write that is no step of its own is not among them. */
  readonly writes: readonly Step[];
  readonly funcs: readonly string[];
}

function raceOf({ witness }: Finding): Race | null {
  if (witness?.outcome.kind !== "race") return null;
  const { outcome, objects, steps, schedule } = witness;
  const object = objects[outcome.object];
  if (object?.span === null || object?.span === undefined) return null;
  const both = outcome.steps.flatMap((it) => steps[it] ?? []);
  const funcs = both.map(({ func }) => func);
  return {
    entry: schedule.entry,
    name: object.name,
    made: object.span,
    writes: both.filter(isWrite),
    funcs,
  };
}

const isWrite = ({ action }: Witness["steps"][number]): boolean => action.kind === "write";

/**
 * Nobody else has what is still being made: that its first value is written in a race comes of how it got to the other,
 * which is a race of its own.
 */
function isBeingMade({ made, writes }: Race): boolean {
  return writes.length > 0 && writes.every(({ span }) => isWithin(span, made));
}

function isWithin(inner: Span, outer: Span): boolean {
  const isBefore = (a: Span["start"], b: Span["start"]): boolean =>
    a.line < b.line || (a.line === b.line && a.character <= b.character);
  return (
    inner.uri === outer.uri && isBefore(outer.start, inner.start) && isBefore(inner.end, outer.end)
  );
}

/** One variable, or elements of one array, and a function that has to do with both. */
function isSameVariable(a: Race, b: Race): boolean {
  return (
    a.entry === b.entry &&
    baseOf(a) === baseOf(b) &&
    isWithin(a.made, b.made) &&
    isWithin(b.made, a.made) &&
    a.funcs.some((it) => b.funcs.includes(it))
  );
}

/** The name without the index of an element and what comes after it. */
function baseOf({ name }: Race): string {
  const index = name.indexOf("[");
  return index < 0 ? name : name.slice(0, index + 1);
}
