import type { CheckCode, Gap, OutcomeKind, Severity, Site } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type { CancelToken } from "../base/cancel.js";
import type { Program } from "../ir/ir.js";

/** One check = one file that exports one `Check`, one fixture folder and one page under docs/checks. */
export interface Check {
  readonly code: CheckCode;
  readonly language: Program["language"];
  readonly doc: CheckDoc;
  run(pass: Pass): void;
}

/** Everything the documentation page, the hover and SARIF say about a check. */
export interface CheckDoc {
  /** No capital, no full stop, at most 60 characters. */
  readonly title: string;
  /** What, why it is bad, how to fix: Markdown, one sentence per line. */
  readonly text: string;
  /** A whole compilable file that must give the finding. */
  readonly bad: string;
  /** A whole compilable file that must give none. */
  readonly good: string;
  readonly since: string;
  /** Once it is confirmed or proved. */
  readonly severity: Severity;
}

/**
 * What the explorer must show to confirm a report: an execution with this outcome at one of these
 * groups of places (both accesses of a race, every blocked operation of a deadlock). With outcome "ok" nothing fails: a
 * group is a look, another goroutine's write and the write that comes of the look, all of one object, in this order.
 */
export interface Candidate {
  readonly outcome: OutcomeKind;
  /** The more telling first. */
  readonly places: readonly (readonly Span[])[];
  /** What else the same defect may come to; less telling. */
  readonly or?: Candidate;
  /** What else goes wrong at these places for the same reason, and is not told again. */
  readonly leadsTo?: readonly OutcomeKind[];
}

export interface Report {
  /** One plain sentence with names and lines; names in backquotes. */
  readonly message: string;
  readonly primary: Site;
  readonly related: readonly Site[];
  /** A proposal: the driver lowers what is merely possible to `information`. */
  readonly severity: Severity;
  /** `proved` only by must-facts: nothing unknown, merged or capped on the way. */
  readonly confidence: "proved" | "possible";
  readonly candidate: Candidate | null;
  /** It comes of entries alone that nobody wrote: nothing is said of it before a schedule shows it. */
  readonly assumed?: boolean;
  /** What stays the same under edits elsewhere: the function and the path of what is accessed. */
  readonly subject: { readonly func: string; readonly path: string };
}

/** What a check may see and do. A check has no other input and no other effect. */
export interface Pass {
  readonly program: Program;
  readonly cancel: CancelToken;
  /** The result of a shared analysis, computed at most once per program. */
  get<T>(fact: Fact<T>): T;
  report(report: Report): void;
}

export interface FactInput {
  readonly program: Program;
  readonly cancel: CancelToken;
  readonly get: <T>(fact: Fact<T>) => T;
  /** Says where precision or coverage was given up. */
  readonly gap: (gap: Gap) => void;
}

/** A shared analysis: call graph, points-to, locksets, may-happen-in-parallel. Known by identity. */
export interface Fact<T> {
  readonly name: string;
  compute(input: FactInput): T;
}
