import {
  type CodeLens,
  type Diagnostic,
  DiagnosticSeverity,
  type Range,
} from "vscode-languageserver/node";
import type { ExplorationSummary, Finding, Gap, Severity } from "../../protocol/finding.js";
import { type ExploreParams, showCommand } from "../../protocol/lsp.js";
import type { Span } from "../../protocol/span.js";
import { previousText } from "../../wording/previous.js";
import { failingOf, verdict } from "../../wording/verdict.js";

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

/** What a code lens says of an exploration. */
export function lensTitle(summary: ExplorationSummary): string {
  const seen = verdict(summary);
  const before = sinceEdit(summary);
  if (before === null) return `⇄ ${capital(seen)} · Show`;
  const isWhole = before.startsWith("fixed") && failingOf(summary) === 0;
  return `⇄ ${capital(isWhole ? before : `${seen} · ${before}`)} · Show`;
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function lensOf(uri: string, line: number, title: string): CodeLens {
  const position = { line, character: 0 };
  const params: ExploreParams = { uri, position };
  return {
    range: { start: position, end: position },
    command: { title, command: showCommand, arguments: [params] },
  };
}
