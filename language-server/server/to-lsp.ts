import {
  type CodeLens,
  type Diagnostic,
  DiagnosticSeverity,
  type Range,
} from "vscode-languageserver/node";
import type { ExplorationSummary, Finding, Gap, Severity } from "../../protocol/finding.js";
import { type ExploreParams, showCommand } from "../../protocol/lsp.js";
import { previousText } from "../report/previous.js";
import type { Span } from "../../protocol/span.js";

export const source = "happens-before";

/** What a diagnostic carries back to us in a code action. */
export interface DiagnosticData {
  readonly fingerprint: string;
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function rangeOf(span: Span): Range {
  return { start: span.start, end: span.end };
}

/** Names of files as the client knows them. */
export type ClientUri = (uri: string) => string;

export function diagnosticOf(
  finding: Finding,
  docsUrl: string | null,
  clientUri: ClientUri,
): Diagnostic {
  const data: DiagnosticData = { fingerprint: finding.fingerprint };
  return {
    range: rangeOf(finding.primary.span),
    severity: severities[finding.severity],
    source,
    code: finding.code,
    ...(docsUrl === null ? {} : { codeDescription: { href: `${docsUrl}/${finding.code}.md` } }),
    message: finding.message,
    relatedInformation: finding.related.map((it) => ({
      location: { uri: clientUri(it.span.uri), range: rangeOf(it.span) },
      message: it.message,
    })),
    data,
  };
}

export function gapDiagnostic(gap: Gap): Diagnostic {
  return {
    range: rangeOf(gap.span),
    severity: DiagnosticSeverity.Hint,
    source,
    code: "not-analyzed",
    message: gap.reason,
  };
}

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** What a code lens says of an exploration: how many schedules, how many of them go wrong. */
export function lensTitle(summary: ExplorationSummary): string {
  const failing = summary.outcomes
    .filter((it) => it.kind !== "ok")
    .reduce((sum, it) => sum + it.executions, 0);
  const count = `${plural(summary.executions, "schedule")}${summary.complete ? "" : " tried"}`;
  const fails = failing === 0 ? "none fails" : `${failing} fail`;
  const before = sinceEdit(summary);
  const said =
    failing === 0 && before?.startsWith("fixed") === true
      ? [before]
      : [count, fails, ...(before === null ? [] : [before])];
  return `⇄ ${said.join(" · ")} · Show`;
}

/** What became of the schedules that failed before an edit: the worst of it; null when there were none. */
function sinceEdit(summary: ExplorationSummary): string | null {
  const verdicts = summary.previous ?? [];
  const [fixed] = verdicts;
  if (fixed === undefined) return null;
  if (verdicts.some((it) => it.kind === "still fails")) return "still fails";
  const lost = verdicts.some((it) => it.kind === "no longer applies");
  return lost ? "the schedule of before no longer applies" : previousText(fixed, summary);
}

export function lensOf(uri: string, line: number, title: string): CodeLens {
  const position = { line, character: 0 };
  const params: ExploreParams = { uri, position };
  return {
    range: { start: position, end: position },
    command: { title, command: showCommand, arguments: [params] },
  };
}
