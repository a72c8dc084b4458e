// The command line's JSON, version 1: what `docs/schema/check.schema.json` describes. Files are paths, lines and columns
// count from 1, as people and other tools have them; inside a witness spans stay as the protocol has them.

import type {
  CheckResult,
  ExplorationSummary,
  Finding,
  Gap,
  Site,
} from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type { PreviousVerdict } from "../../protocol/witness.js";
import { previousText } from "../../wording/previous.js";
import { verdict } from "../../wording/verdict.js";

export interface JsonSite {
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
}

/** `pathOf`: a `file:` URI as the path to print. */
export function toJson(result: CheckResult, pathOf: (uri: string) => string): unknown {
  const { findings, explorations, gaps } = result;
  return {
    version: 1,
    findings: findings.map((it) => jsonFinding(it, pathOf)),
    explorations: explorations.map((it) => jsonExploration(it, pathOf)),
    gaps: gaps.map((it) => jsonGap(it, pathOf)),
    suppressed: result.suppressed ?? { ignored: 0, baseline: 0 },
  };
}

function jsonFinding(finding: Finding, pathOf: (uri: string) => string): unknown {
  const { code, severity, confidence, message, primary, related, fingerprint, witness } = finding;
  return {
    code,
    severity,
    confidence,
    message,
    primary: jsonSite(primary, pathOf),
    related: related.map((it) => jsonSite(it, pathOf)),
    fingerprint,
    witness,
  };
}

function jsonSite({ span, message }: Site, pathOf: (uri: string) => string): JsonSite {
  return {
    file: pathOf(span.uri),
    startLine: span.start.line + 1,
    startColumn: span.start.character + 1,
    endLine: span.end.line + 1,
    endColumn: span.end.character + 1,
    message,
  };
}

function jsonExploration(it: ExplorationSummary, pathOf: (uri: string) => string): unknown {
  const { span, unsupported, previous, ...figures } = it;
  return {
    ...figures,
    ...place(span, pathOf),
    unsupported: unsupported === null ? null : jsonGap(unsupported, pathOf),
    verdict: verdict(it),
    ...(previous === undefined ? {} : { previous: previous.map((was) => jsonPrevious(was, it)) }),
  };
}

function jsonPrevious(it: PreviousVerdict, summary: ExplorationSummary): unknown {
  return { verdict: it.kind, text: previousText(it, summary) };
}

function jsonGap({ span, reason }: Gap, pathOf: (uri: string) => string): unknown {
  return { ...place(span, pathOf), reason };
}

function place(span: Span, pathOf: (uri: string) => string): { file: string; line: number } {
  return { file: pathOf(span.uri), line: span.start.line + 1 };
}
