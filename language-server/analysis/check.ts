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
  /** The same defect in TypeScript, of a check that is Go's: one code and one page for both. */
  readonly ts?: Pick<CheckDoc, "text" | "bad" | "good"> & { run(pass: Pass): void };
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
  /** How it is told once an execution has shown a group, for each of them; none: as it was reported. */
  readonly readings?: readonly Reading[];
  /** What else the same defect may come to; less telling. */
  readonly or?: Candidate;
  /** What else goes wrong at these places for the same reason, and is not told again. */
  readonly leadsTo?: readonly OutcomeKind[];
  /**
   * It is the outcome itself, which the explorer tells anyway, by a better name, that of the defect or only of how it ends:
   * what somebody wrote shows it and no made-up caller, and it is not told where another finding explains the same execution.
   */
  readonly renames?: "defect" | "end";
  /** What is done on the way to a group of places and at them, one after the other: a schedule that does so is tried first. */
  readonly orders?: readonly (readonly OrderedPlace[])[];
  /** In the execution nobody waits for a lock that somebody has: else that is what is wrong. */
  readonly unheld?: true;
  /** So many wait at the places, at least: a cycle of one place takes two. */
  readonly waiting?: number;
  /** Other executions of the same entry end well: what always goes wrong has other reasons. */
  readonly sometimes?: true;
  /** Something has to fail first, which replies that are made up never do: what was seen with them refutes nothing. */
  readonly fails?: true;
  /** What the three accesses of outcome "ok" do, where it is not read, write, write. */
  readonly accesses?: Accesses;
}

/** What a finding says, and where. */
export interface Reading {
  readonly message: string;
  readonly primary: Site;
  readonly related: readonly Site[];
}

/** `thread`: tells those of one order apart, and means nothing else. */
interface OrderedPlace {
  readonly thread: number;
  readonly place: Span;
}

/** A look, another one's write, and what comes of the look: each a read or a write. */
export type Accesses = "read write read" | "write write read";

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
  /** Nothing is said of it before a schedule shows it: it comes of entries alone that nobody wrote, or is only a guess. */
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
