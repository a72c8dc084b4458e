import type { CheckResult, ExplorationSummary, Finding, Gap } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import { previousText } from "./previous.js";

/** Findings and what was explored, for a terminal; empty sections are left out. */
export function findingsText(result: CheckResult, pathOf: (uri: string) => string): string {
  const sections = [
    ...result.findings.map((it) => findingText(it, pathOf)),
    result.explorations.map((it) => `${explorationText(it, pathOf)}\n`).join(""),
    gapsText(result.gaps, pathOf),
    `${countText(result.findings)}\n`,
  ];
  return sections.filter((it) => it !== "").join("\n");
}

export function findingText(finding: Finding, pathOf: (uri: string) => string): string {
  const { severity, code, confidence, message, primary, related } = finding;
  const head = `${at(primary.span, pathOf)}: ${severity}: ${message} [${code}, ${confidence}]\n`;
  const places = [primary, ...related].map((it) => `  ${at(it.span, pathOf)}: ${it.message}\n`);
  return head + places.join("");
}

/** One line that never claims more than was looked at, and one for each schedule of before. */
export function explorationText(it: ExplorationSummary, pathOf: (uri: string) => string): string {
  const outcomes = it.outcomes.map(({ kind, executions }) => `${executions} ${kind}`).join(", ");
  const previous = (it.previous ?? []).map((verdict) => `\n  ${previousText(verdict, it)}`);
  return `${it.entry}: ${badge(it, pathOf)}${outcomes === "" ? "" : ` (${outcomes})`}${previous.join("")}`;
}

function badge(it: ExplorationSummary, pathOf: (uri: string) => string): string {
  const n = schedules(it.executions);
  if (it.complete) return `complete, ${n}`;
  switch (it.limit) {
    case "unsupported": {
      const gap = it.unsupported;
      const where = gap === null ? "" : `, ${at(gap.span, pathOf)}: ${gap.reason}`;
      return `stopped at what is not modelled after ${n}${where}`;
    }
    case "time":
      return `stopped by the time limit after ${n}`;
    case "executions":
      return `stopped by the limit on schedules after ${n}`;
    case "depth":
      return `schedules were cut at the limit on steps, ${n}`;
    case "cancelled":
      return `cancelled after ${n}`;
    case null:
      return `not complete, ${n}`;
  }
}

function schedules(n: number): string {
  return n === 1 ? "1 schedule" : `${n.toLocaleString("en")} schedules`;
}

function gapsText(gaps: readonly Gap[], pathOf: (uri: string) => string): string {
  if (gaps.length === 0) return "";
  const shown = gaps.slice(0, 10).map((it) => `  ${at(it.span, pathOf)}: ${it.reason}\n`);
  const more = gaps.length > shown.length ? `  and ${gaps.length - shown.length} more\n` : "";
  return `not looked at:\n${shown.join("")}${more}`;
}

function countText(findings: readonly Finding[]): string {
  const n = (severity: Finding["severity"], name: string): string => {
    const count = findings.filter((it) => it.severity === severity).length;
    return count === 0 ? "" : `${count} ${name}${count === 1 ? "" : "s"}`;
  };
  const counts = [n("error", "error"), n("warning", "warning"), n("information", "note")];
  return counts.filter((it) => it !== "").join(", ") || "nothing found";
}

function at(span: Span, pathOf: (uri: string) => string): string {
  if (span.uri === "") return "-";
  return `${pathOf(span.uri)}:${span.start.line + 1}:${span.start.character + 1}`;
}
