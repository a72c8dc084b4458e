import type { Span } from "./span.js";
import type { PreviousVerdict, Witness } from "./witness.js";

/** Stable, kebab-case; also the name of its page `docs/checks/<code>.md`. */
export type CheckCode = string;

export type Severity = "error" | "warning" | "information" | "hint";

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

export type OutcomeKind = "ok" | "race" | "deadlock" | "leak" | "panic" | "assertion";

/** Which bound ended a search early. */
export type Limit = "time" | "executions" | "depth" | "unsupported" | "cancelled";

/** What exploring one entry (main, a test, a snippet) gave. */
export interface ExplorationSummary {
  /** Qualified name for people: `main.main`, `store.TestPut`. */
  readonly entry: string;
  readonly span: Span;
  readonly executions: number;
  /** True only if every schedule was covered. */
  readonly complete: boolean;
  readonly limit: Limit | null;
  /** With `limit` "unsupported": what is not modelled and where. */
  readonly unsupported: Gap | null;
  readonly outcomes: readonly { readonly kind: OutcomeKind; readonly executions: number }[];
  /** What became of schedules that failed before the last edit; absent when there were none. */
  readonly previous?: readonly PreviousVerdict[];
}

/** What one run gives: findings AND what it could not look at. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly explorations: readonly ExplorationSummary[];
  readonly gaps: readonly Gap[];
  /** Without exploring: what the schedules of before show again, in their order; null: nothing of the kind. */
  readonly again?: readonly (Witness | null)[];
}
