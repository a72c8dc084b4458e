import { groupsOf, type Group } from "./group.js";
import { innermost } from "./explain.js";
import type { Dump, Frame, RaceReport, ReportedAccess, Traces } from "./trace.js";

/** What is in a text, for a terminal. `pathOf`: a file's name as it is to be printed. */
export function explainedText(traces: Traces, pathOf: (file: string) => string): string {
  const sections = [
    ...traces.races.map((it) => raceText(it, pathOf)),
    ...traces.dumps.map((it) => dumpText(it, pathOf)),
  ];
  return sections.join("\n");
}

function raceText(race: RaceReport, pathOf: (file: string) => string): string {
  const lines = [`data race (line ${race.at} of the text)`];
  for (const it of [...race.accesses].reverse()) lines.push(`  ${accessText(it, pathOf)}`);
  for (const [goroutine, frames] of race.started) {
    const at = innermost(frames);
    if (at !== undefined) lines.push(`  ${goroutine} is started by ${frameText(at, pathOf)}`);
  }
  if (race.accesses.length > 1)
    lines.push("  Nothing orders the two: no lock that both hold, no message between them.");
  if (race.accesses.length < 2) lines.push("  The report breaks off: only part of it can be told.");
  else if (race.cut) lines.push("  The end of the report is missing.");
  return `${lines.join("\n")}\n`;
}

function accessText(
  { write, atomic, goroutine, frames }: ReportedAccess,
  pathOf: (file: string) => string,
): string {
  const verb = `${write ? "writes" : "reads"}${atomic ? " atomically" : ""}`;
  const at = innermost(frames);
  const where =
    at === undefined ? "where, the detector does not know any more" : frameText(at, pathOf);
  return `${goroutine} ${verb} in ${where}`;
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

function dumpText(dump: Dump, pathOf: (file: string) => string): string {
  const groups = groupsOf(dump.goroutines);
  const all = dump.goroutines.reduce((sum, it) => sum + it.count, 0);
  const own = groups.reduce((sum, it) => sum + it.count, 0);
  const besides = all > own ? `, ${all - own} of Go's own left out` : "";
  const lines = [
    `${titleOf(dump)} (line ${dump.at} of the text)`,
    `  ${counted(own, "goroutine")}, ${counted(groups.length, "kind")}${besides}`,
    ...groups.flatMap((it) => groupLines(it, pathOf)),
    ...waitingLines(groups, pathOf),
  ];
  return `${lines.join("\n")}\n`;
}

/** Of a stack, besides where it waits. */
const mostCallers = 3;

function groupLines(group: Group, pathOf: (file: string) => string): string[] {
  const { wait, stack, createdBy, count, minutes } = group;
  const [top, ...rest] = stack;
  const since = minutes === 0 ? "" : ` for ${counted(minutes, "minute")}`;
  const where = top === undefined ? "" : ` in ${frameText(top, pathOf)}`;
  const lines = [`  ${count} × ${wait.words}${since}${where}`];
  for (const it of rest.slice(0, mostCallers)) {
    lines.push(`        called by ${frameText(it, pathOf)}`);
  }
  const left = rest.length - mostCallers;
  if (left > 0) lines.push(`        and ${counted(left, "call")} further out`);
  if (createdBy !== null) lines.push(`        started by ${frameText(createdBy, pathOf)}`);
  if (wait.forever) lines.push("        nothing can ever end that");
  return lines;
}

/** Who waits for the same lock; a dump does not say who holds it. */
function waitingLines(groups: readonly Group[], pathOf: (file: string) => string): string[] {
  const byAddress = new Map<string, Group[]>();
  for (const it of groups) {
    const { address } = it.wait;
    if (address === null) continue;
    byAddress.set(address, [...(byAddress.get(address) ?? []), it]);
  }
  return [...byAddress].map(([address, waiting]) => {
    const where = waiting.flatMap(({ stack }) =>
      stack[0] === undefined ? [] : [placeText(stack[0], pathOf)],
    );
    const count = waiting.reduce((sum, it) => sum + it.count, 0);
    return `  ${counted(count, "goroutine")} wait${count === 1 ? "s" : ""} for ${address}, at ${where.join(", ")}: owner unknown`;
  });
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function frameText(frame: Frame, pathOf: (file: string) => string): string {
  return `\`${frame.func}\` (${placeText(frame, pathOf)})`;
}

function placeText({ file, line }: Frame, pathOf: (file: string) => string): string {
  return `${pathOf(file)}:${line}`;
}
