import type { Span } from "./span.js";
import type { PreviousVerdict, Schedule, Witness } from "./witness.js";

/** Stable, kebab-case; also the name of its page `docs/checks/<code>.md`. */
export type CheckCode = string;

export type Severity = "error" | "warning" | "information" | "hint";

/** What a setting can make of a code. */
export const levels = ["off", "hint", "information", "warning", "error"] as const;
export type Level = (typeof levels)[number];

/**
 * How sure we are. `confirmed`: a witness replays. `proved`: must-facts alone show it.
 * `possible`: neither; never shown above `information`.
 */
export type Confidence = "confirmed" | "proved" | "possible";

/** A place the user should look at, with what happens there. */
export interface Site {
  readonly span: Span;
  readonly message: string;
}

export interface Finding {
  readonly code: CheckCode;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly primary: Site;
  readonly related: readonly Site[];
  /** Stable under edits elsewhere in the file: code + function + accessed path, hashed. */
  readonly fingerprint: string;
  readonly witness: Witness | null;
}

/** Something the tool could not read or model; never silently dropped. */
export interface Gap {
  readonly span: Span;
  readonly reason: string;
}

/** `livelock`: threads go on for ever without getting anywhere. */
export type OutcomeKind = "ok" | "race" | "deadlock" | "leak" | "livelock" | "panic" | "assertion";

/**
 * Why a search is not complete: which bound ended it early, or that of what is left to chance (random numbers, the order of
 * a map) it tried some values for all.
 */
export type Limit = "time" | "executions" | "depth" | "unsupported" | "cancelled" | "values";

/** What exploring one entry (main, a test, a snippet) gave. */
export interface ExplorationSummary {
  /** Qualified name for people: `main.main`, `store.TestPut`. */
  readonly entry: string;
  readonly span: Span;
  /**
   * Schedules that were run. Of schedules that differ only in the order of steps that nobody can tell apart, the search
   * runs one.
   */
  readonly executions: number;
  /** True only if every schedule was covered. */
  readonly complete: boolean;
  readonly limit: Limit | null;
  /** Of an incomplete search: about how many schedules there are in all, to one digit; null: nobody knows. */
  readonly estimate: number | null;
  /** How many of the executions were walks at random. */
  readonly sampled: number;
  /** Steps that one execution may take; with `limit` "depth", some were cut there. */
  readonly depth: number;
  /** With `limit` "unsupported": what is not modelled and where; with "values": of what not all was tried. */
  readonly unsupported: Gap | null;
  readonly outcomes: readonly { readonly kind: OutcomeKind; readonly executions: number }[];
  /** All different ends, the bad ones first, as far as they were kept. */
  readonly ends: readonly End[];
  readonly search: SearchCounts;
  /** Absent where the language says it. */
  readonly switches?: Switches;
  /** What became of schedules that failed before the last edit; absent when there were none. */
  readonly previous?: readonly PreviousVerdict[];
}

/** Where the tasks of a snippet with `happens-before/go` may switch. */
export type Switches = "anywhere" | "at await";

/** One way in which the program can end. */
export interface End {
  readonly kind: OutcomeKind;
  /** What tells it from others of its kind: `x = 1`, or what the program printed. */
  readonly label: string;
  readonly executions: number;
  /** Leads there; null when it was not kept. */
  readonly schedule: Schedule | null;
}

/** What the search did, for those who want to check it. */
export interface SearchCounts {
  /** Executions given up because all that was left had been run before. */
  readonly blocked: number;
  /** Places where everything was tried, because it is not told exactly which orders differ. */
  readonly conservative: number;
  /** States that the search for the smallest schedules looked at. */
  readonly states: number;
}

/** How far an exploration has got. */
export interface ExplorationProgress {
  readonly entry: string;
  readonly phase: "natural" | "predict" | "walks" | "smallest" | "all" | "shorten";
  readonly executions: number;
  readonly failing: number;
  /** As in `ExplorationSummary`. */
  readonly estimate: number | null;
}

/** What one run gives: findings AND what it could not look at. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly explorations: readonly ExplorationSummary[];
  readonly gaps: readonly Gap[];
  /** Without exploring: what the schedules of before show again, in their order; null: nothing of the kind. */
  readonly again?: readonly (Witness | null)[];
  /** How many findings are not among them because the project says so: by a comment in its code, by its baseline. */
  readonly suppressed?: Suppressed;
}

export interface Suppressed {
  readonly ignored: number;
  readonly baseline: number;
}
