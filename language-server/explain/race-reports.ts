// Reports of Go's race detector, wherever they stand in a text.

import { framesAt, type Line } from "./lines.js";
import type { Frame, RaceReport, ReportedAccess } from "./trace.js";

const begins = /WARNING: DATA RACE\s*$/;
const access =
  /^\s*(Previous )?(atomic )?(read|write)(?: of size \d+)? at 0x[0-9a-f]+ by (main goroutine|goroutine \d+|\S.*?)(?: \(.*\))?:\s*$/i;
const started = /^\s*(Goroutine \d+) \([^)]*\) created at:\s*$/i;

/** Reports of one text that are read. */
const most = 1000;

/** The first ones, and how many there are besides. */
export function raceReports(lines: readonly Line[]): {
  readonly races: readonly RaceReport[];
  readonly moreRaces: number;
} {
  const starts = lines.flatMap(({ text }, index) => (begins.test(text) ? [index] : []));
  const races = starts.slice(0, most).map((it) => reportAt(lines, it));
  return { races, moreRaces: starts.length - races.length };
}

function reportAt(lines: readonly Line[], from: number): RaceReport {
  const accesses: ReportedAccess[] = [];
  const starts = new Map<string, readonly Frame[]>();
  let at = from + 1;
  let whole = false;
  for (; at < lines.length; ) {
    const text = lines[at]?.text ?? "";
    if (begins.test(text)) break;
    if (/^\s*={10,}\s*$/.test(text)) {
      whole = true;
      break;
    }
    const it = access.exec(text);
    const of = started.exec(text);
    if (it === null && of === null) {
      at++;
      continue;
    }
    const { frames, next } = framesAt(lines, at + 1);
    if (it !== null) {
      const [, , atomic, verb = "", goroutine = ""] = it;
      const write = verb.toLowerCase() === "write";
      accesses.push({ write, atomic: atomic !== undefined, goroutine, frames });
    } else if (of?.[1] !== undefined) starts.set(of[1].toLowerCase(), frames);
    at = next;
  }
  return { at: lines[from]?.at ?? 1, accesses, started: starts, cut: !whole };
}
