// Race reports and goroutine dumps of the real Go run-time, as they stand in logs: read, grouped and told in words.

import { goroutineDumps } from "./dumps.js";
import { linesOf } from "./lines.js";
import { raceReports } from "./race-reports.js";
import type { Frame, Traces } from "./trace.js";
import { groupsOf } from "./group.js";
import { ownFrames } from "./waits.js";

/** Everything of the kind in a text, in its order. */
export function tracesIn(text: string): Traces {
  const lines = linesOf(text);
  return { races: raceReports(lines), dumps: goroutineDumps(lines) };
}

/** A line of the user's source that a report or a dump is about. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** The innermost places of the user's code: of accesses, and of goroutines that wait for others. */
export function placesIn({ races, dumps }: Traces): readonly Place[] {
  const frames = [
    ...races.flatMap(({ accesses }) => accesses.map((it) => innermost(it.frames))),
    ...dumps.flatMap(({ goroutines }) =>
      groupsOf(goroutines).flatMap(({ wait, stack }) => (wait.forOthers ? [stack[0]] : [])),
    ),
  ];
  const places = new Map<string, Place>();
  for (const it of frames) {
    if (it !== undefined) places.set(`${it.file}:${it.line}`, { file: it.file, line: it.line });
  }
  return [...places.values()];
}

/** The first frame of the user's code, else of any. */
export function innermost(frames: readonly Frame[]): Frame | undefined {
  return ownFrames(frames)[0] ?? frames[0];
}
