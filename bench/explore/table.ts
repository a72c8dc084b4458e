// The benchmark's figures as text.

import type { BadEnds } from "../../test/fixtures/explore/counts.js";
import type { Measured, Ours, Spin } from "./measure.js";
import { type Row, titleOf } from "./rows.js";
import type { Result } from "./run-one.js";
import type { SpinResult } from "./spin.js";

const columns = [
  "program",
  "traces",
  "executions",
  "blocked",
  "events",
  "cpu ms",
  "traces/s",
  "events/s",
  "first bug ms",
  "peak MB",
  "heap MB",
  "ours",
  "SPIN",
  "states",
  "states/trace",
  "SPIN ms",
  "ours/SPIN",
  "without POR",
  "shortest",
];

export const header = `${line(columns)}\n`;

export const legend = [
  "traces: != n where somebody else counted n; .. where the search was cut. blocked: by sleep sets; duplicates are added as +n.",
  "peak MB: resident, above a process that only reads the program. states: of SPIN with partial-order reduction.",
  "Traces are not comparable with states. shortest: SPIN's steps to an error; a step that starts threads counts as several.",
  "",
].join("\n");

export function printRow({ row, ours, spin }: Measured): string {
  const title = row.untilBug ? `${titleOf(row)} to the first bug` : titleOf(row);
  return `${line([title, ...ourCells(row, ours), ...spinCells(ours, spin)])}\n`;
}

function ourCells(row: Row, ours: Ours): readonly string[] {
  if (ours.kind === "failed") {
    const { reason } = ours;
    return [...Array.from({ length: 10 }, () => ""), reason];
  }
  const { result, peakMegabytes } = ours;
  const { traces, executions, blocked, duplicates, events, cpuMillis, firstBugMillis } = result;
  const wrong = row.traces !== null && result.complete && traces !== row.traces;
  return [
    `${traces}${wrong ? ` != ${row.traces}` : ""}${result.complete ? "" : " .."}`,
    String(executions),
    `${blocked}${duplicates > 0 ? `+${duplicates}` : ""}`,
    String(events),
    cpuMillis.toFixed(0),
    perSecond(traces, cpuMillis),
    perSecond(events, cpuMillis),
    firstBugMillis?.toFixed(1) ?? "",
    peakMegabytes.toFixed(0),
    result.heapMegabytes.toFixed(0),
    verdictOf(result).join("+") || "none",
  ];
}

/** As SPIN sees it, for which a leak is a deadlock. */
function verdictOf({ outcomes }: Result): readonly string[] {
  const count = (...kinds: readonly (keyof Result["outcomes"])[]): number =>
    kinds.reduce((sum, it) => sum + (outcomes[it] ?? 0), 0);
  return [
    ...(count("deadlock", "leak") > 0 ? ["blocked"] : []),
    ...(count("panic", "assertion") > 0 ? ["panic"] : []),
  ];
}

/** What the table of counts says SPIN must find. */
export function expectedOf(bad: readonly (keyof BadEnds)[]): readonly string[] {
  const blocked = bad.includes("deadlock") || bad.includes("leak");
  return [...(blocked ? ["blocked"] : []), ...(bad.includes("panic") ? ["panic"] : [])];
}

function spinCells(ours: Ours, spin: Spin): readonly string[] {
  if (spin.kind === "not there") return ["not there"];
  if (spin.kind === "not translated") return [`not translated: ${spin.reason}`];
  const { reduced, full, shortest } = spin;
  if (reduced.kind === "failed") return [`failed: ${reduced.reason}`];
  const result = ours.kind === "result" ? ours.result : null;
  const verdict = reduced.errors.join("+") || "none";
  const differs = result !== null && verdict !== (verdictOf(result).join("+") || "none");
  return [
    `${verdict}${differs && reduced.complete ? " DIFFERS" : ""}`,
    statesOf(reduced),
    result === null ? "" : (reduced.states / result.traces).toFixed(1),
    reduced.cpuMillis.toFixed(0),
    result === null ? "" : (result.cpuMillis / Math.max(reduced.cpuMillis, 1)).toFixed(2),
    full.kind === "run" ? `${statesOf(full)} in ${full.cpuMillis.toFixed(0)} ms` : "failed",
    shortest?.kind === "run" && shortest.shortest !== null ? String(shortest.shortest) : "",
  ];
}

function statesOf(run: SpinResult): string {
  return run.kind === "run" ? `${run.states}${run.complete ? "" : " .."}` : "";
}

function perSecond(count: number, millis: number): string {
  return millis === 0 ? "" : ((count * 1000) / millis).toFixed(0);
}

function line(cells: readonly string[]): string {
  const widths = [44, ...columns.slice(1).map((it) => Math.max(it.length, 8) + 1)];
  return cells
    .map((it, i) => (i === 0 ? it.padEnd(widths[i] ?? 0) : it.padStart(widths[i] ?? 0)))
    .join(" ");
}
