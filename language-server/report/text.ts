import type { CheckResult, ExplorationSummary, Finding, Gap } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import { endLines, type EndLine } from "../../wording/ends.js";
import { previousText } from "../../wording/previous.js";
import { failureNames, verdict } from "../../wording/verdict.js";

/** Findings and what was explored, for a terminal; empty sections are left out. */
export function findingsText(result: CheckResult, pathOf: (uri: string) => string): string {
  const sections = [
    ...result.findings.map((it) => findingText(it, pathOf)),
    result.explorations.map((it) => `${explorationText(it, pathOf)}\n`).join(""),
    gapsText(result.gaps, pathOf),
    `${countText(result)}\n`,
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
  const failing = it.outcomes.filter(({ kind }) => kind !== "ok");
  const kinds = failing.map(({ kind, executions }) =>
    failing.length === 1 ? failureNames[kind] : `${executions} ${failureNames[kind]}`,
  );
  const told = verdict(it, (span) => at(span, pathOf));
  const previous = (it.previous ?? []).map((was) => `\n  ${previousText(was, it)}`);
  return `${it.entry}: ${told}${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}${previous.join("")}`;
}

/** The ways in which the program can end, a line each: what it ends with, how often, and whether that is a failure. */
export function endsText(summary: ExplorationSummary): string {
  const rows = endLines(summary);
  const widest = (of: (it: EndLine) => string): number =>
    Math.max(0, ...rows.map((it) => of(it).length));
  const labels = widest(labelOf);
  const shares = widest((it) => it.share);
  return rows
    .map((it) => {
      const row = `  ${labelOf(it).padEnd(labels)}   ${it.share.padStart(shares)}   ${failureOf(it)}`;
      return `${row.trimEnd()}\n`;
    })
    .join("");
}

function failureOf({ kind, label }: EndLine): string {
  if (kind === null || kind === "ok") return "";
  return label === "" ? "fails" : `fails: ${failureNames[kind]}`;
}

/** An end without a label is called by its kind. */
function labelOf({ kind, label }: EndLine): string {
  if (label !== "") return label;
  return kind === null || kind === "ok" ? "ends well" : failureNames[kind];
}

function gapsText(gaps: readonly Gap[], pathOf: (uri: string) => string): string {
  if (gaps.length === 0) return "";
  const shown = gaps.slice(0, 10).map((it) => `  ${at(it.span, pathOf)}: ${it.reason}\n`);
  const more = gaps.length > shown.length ? `  and ${gaps.length - shown.length} more\n` : "";
  return `not looked at:\n${shown.join("")}${more}`;
}

function countText({ findings, suppressed }: CheckResult): string {
  const n = (severity: Finding["severity"], name: string): string => {
    const count = findings.filter((it) => it.severity === severity).length;
    return count === 0 ? "" : `${count} ${name}${count === 1 ? "" : "s"}`;
  };
  const counts = [n("error", "error"), n("warning", "warning"), n("information", "note")];
  const told = counts.filter((it) => it !== "").join(", ");
  const left = [
    leftOut(suppressed?.ignored ?? 0, "ignored by comments"),
    leftOut(suppressed?.baseline ?? 0, "in the baseline"),
  ].filter((it) => it !== "");
  const besides = left.length === 0 ? "" : ` (not shown: ${left.join(", ")})`;
  const nothing = left.length === 0 ? "nothing found" : "nothing else found";
  return `${told || `${nothing} in what was looked at`}${besides}`;
}

function leftOut(count: number, why: string): string {
  return count === 0 ? "" : `${count} ${why}`;
}

function at(span: Span, pathOf: (uri: string) => string): string {
  if (span.uri === "") return "-";
  return `${pathOf(span.uri)}:${span.start.line + 1}:${span.start.character + 1}`;
}
