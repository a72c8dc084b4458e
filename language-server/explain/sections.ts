// Traces as what people are told of them: without Go's own frames and goroutines, in words, and grouped.

import type {
  ExplainedAccess,
  ExplainedDump,
  ExplainedGroup,
  ExplainedPlace,
  ExplainedRace,
  ExplainedSection,
} from "../../protocol/explanation.js";
import { groupsOf, type Group } from "./group.js";
import type { Dump, Frame, RaceReport, ReportedAccess, Traces } from "./trace.js";
import { ownFrames } from "./waits.js";

/** The `file:` URI of a source that a report names; null when it is not here. */
export type UriOf = (file: string) => string | null;

/** Of a stack, besides where it waits. */
const mostCallers = 3;

/** In the order of the text. */
export function sectionsOf({ races, dumps }: Traces, uriOf: UriOf): readonly ExplainedSection[] {
  const place = (frame: Frame): ExplainedPlace => {
    const { func, file, line } = frame;
    return { func, file, line, uri: uriOf(file) };
  };
  const told = dumps.map((it) => dumpSection(it, place));
  // A crash dumps each thread of the system again.
  const own = told.filter((it) => it.goroutines > 0);
  const sections = [
    ...races.map((it) => raceSection(it, place)),
    ...(own.length > 0 || races.length > 0 ? own : told),
  ];
  return sections.sort((a, b) => a.at - b.at);
}

type PlaceOf = (frame: Frame) => ExplainedPlace;

function raceSection(race: RaceReport, placeOf: PlaceOf): ExplainedRace {
  const accesses = [...race.accesses].reverse().map((it) => accessOf(it, placeOf));
  const started = [...race.started].flatMap(([goroutine, frames]) => {
    const at = innermost(frames);
    return at === undefined ? [] : [{ goroutine, place: placeOf(at) }];
  });
  const remarks: string[] = [];
  if (accesses.length > 1)
    remarks.push("Nothing orders the two: no lock that both hold, no message between them.");
  if (accesses.length < 2) remarks.push("The report breaks off: only part of it can be told.");
  else if (race.cut) remarks.push("The end of the report is missing.");
  return { kind: "race", at: race.at, title: "data race", accesses, started, remarks };
}

function accessOf(
  { write, atomic, goroutine, frames }: ReportedAccess,
  placeOf: PlaceOf,
): ExplainedAccess {
  const at = innermost(frames);
  return {
    goroutine,
    does: `${write ? "writes" : "reads"}${atomic ? " atomically" : ""}`,
    place: at === undefined ? null : placeOf(at),
  };
}

/** The first frame of the user's code, else of any. */
function innermost(frames: readonly Frame[]): Frame | undefined {
  return ownFrames(frames)[0] ?? frames[0];
}

function dumpSection(dump: Dump, placeOf: PlaceOf): ExplainedDump {
  const groups = groupsOf(dump.goroutines);
  const all = dump.goroutines.reduce((sum, it) => sum + it.count, 0);
  const own = groups.reduce((sum, it) => sum + it.count, 0);
  const waiting = new Map<string, number>();
  for (const { wait, count } of groups) {
    if (wait.address === null) continue;
    waiting.set(wait.address, (waiting.get(wait.address) ?? 0) + count);
  }
  const names = [...waiting.keys()];
  return {
    kind: dump.kind,
    at: dump.at,
    title: titleOf(dump),
    goroutines: own,
    besides: all - own,
    groups: groups.map((it) => groupOf(it, names, placeOf)),
    objects: [...waiting].map(([name, count]) => ({ name, waiting: count })),
  };
}

function titleOf({ kind, message }: Dump): string {
  switch (kind) {
    case "deadlock":
      return "deadlock: every goroutine waits";
    case "panic":
      return message;
    case "profile":
      return "goroutine profile";
    case "dump":
      return `goroutine dump${message === "" ? "" : ` after ${message}`}`;
  }
}

function groupOf(group: Group, objects: readonly string[], placeOf: PlaceOf): ExplainedGroup {
  const { wait, stack, createdBy, count, ids, minutes } = group;
  const [top, ...callers] = stack;
  return {
    count,
    ids,
    does: wait.words,
    minutes,
    place: top === undefined ? null : placeOf(top),
    callers: callers.slice(0, mostCallers).map(placeOf),
    moreCallers: Math.max(0, callers.length - mostCallers),
    startedBy: createdBy === null ? null : placeOf(createdBy),
    forever: wait.forever,
    waits: wait.forOthers,
    waitsFor: wait.address === null ? null : objects.indexOf(wait.address),
  };
}
