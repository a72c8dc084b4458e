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

/** That a goroutine stays behind when the program ends is a warning, whatever it comes of. */
export function severityOfShown(kind: OutcomeKind, severity: Severity): Severity {
  return kind === "leak" && severity === "error" ? "warning" : severity;
}

/** What rests on an assumption is never an error. */
export function atMostWarning(severity: Severity, assumption: string | null): Severity {
  return assumption !== null && severity === "error" ? "warning" : severity;
}

/** Go's words for a primitive of synchronisation that is used against its rules: of concurrency in every schedule too. */
const misuse = /sync: |closed channel|nil channel|fatal error: concurrent map/;

/** What the explorer alone found (no check foresaw it), by outcome and what it says. */
export function severityOfOutcome(kind: OutcomeKind, spread: Spread, message: string): Severity {
  switch (kind) {
    case "race":
    case "deadlock":
    case "livelock":
      return "error";
    case "leak":
      return "warning";
    case "panic":
      return spread === "some" || misuse.test(message) ? "error" : "information";
    case "assertion":
      return spread === "some" ? "error" : "information";
    case "ok":
      return "hint";
  }
}
