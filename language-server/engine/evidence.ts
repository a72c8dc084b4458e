import type { Confidence, OutcomeKind, Severity } from "../../protocol/finding.js";

/** How a run's outcome may be put down to the schedule. */
export type Spread =
  /** Some schedules end so and others do not. */
  | "some"
  /** Every schedule ends so: a plain bug rather than one of concurrency, unless it is a deadlock. */
  | "every";

/**
 * The one rule of how loud a finding is (both languages): `severity` is what the check's page gives it once it is
 * certain. What is merely possible never rises above `information`.
 */
export function severityOf(
  confidence: Confidence,
  severity: Severity,
  assumption: string | null,
): Severity {
  if (confidence !== "possible") return atMostWarning(severity, assumption);
  return severity === "hint" ? "hint" : "information";
}

/** What rests on an assumption is never an error. */
export function atMostWarning(severity: Severity, assumption: string | null): Severity {
  return assumption !== null && severity === "error" ? "warning" : severity;
}

/** What the explorer alone found (no check foresaw it), by outcome. */
export function severityOfOutcome(kind: OutcomeKind, spread: Spread): Severity {
  switch (kind) {
    case "race":
    case "deadlock":
    case "livelock":
      return "error";
    case "leak":
      return "warning";
    case "panic":
    case "assertion":
      return spread === "some" ? "error" : "information";
    case "ok":
      return "hint";
  }
}
