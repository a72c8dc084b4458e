import type {
  ExplorationProgress,
  ExplorationSummary,
  Gap,
  OutcomeKind,
  Switches,
} from "../protocol/finding.js";
import type { Span } from "../protocol/span.js";
import { fileAndLine } from "./place.js";

// What an exploration amounts to, said alike by terminal, editor and panel. Orders, not executions: of schedules that
// nobody can tell apart the search runs one.

/** How a sentence names a place. */
export type NameOfPlace = (span: Span) => string;

/** What was found and how much was looked at, in one phrase that never claims more than that. */
export function verdict(summary: ExplorationSummary, nameOf: NameOfPlace = fileAndLine): string {
  const { switches } = summary;
  const words = amounts(summary, nameOf);
  return switches === undefined ? words : `${switchingWords[switches]}: ${words}`;
}

const switchingWords: Readonly<Record<Switches, string>> = {
  anywhere: "goroutines that may switch anywhere",
  "at await": "tasks that switch only at await",
};

function amounts(summary: ExplorationSummary, nameOf: NameOfPlace): string {
  const { executions, complete } = summary;
  const failing = failingOf(summary);
  const seen = coverage(summary, nameOf);
  if (!complete) return failing === 0 ? seen : `${seen}; ${failPhrase(failing)}`;
  if (executions === 1) return failing === 0 ? seen : `${seen}, and it fails`;
  if (failing === 0) return `no failing order among all ${number(executions)}`;
  return failing === executions
    ? `${seen} fail`
    : `${number(failing)} of ${orders(executions)} ${failing === 1 ? "fails" : "fail"}`;
}

/** How much was looked at. */
export function coverage(
  { executions, complete, limit, estimate, sampled, depth, unsupported }: ExplorationSummary,
  nameOf: NameOfPlace = fileAndLine,
): string {
  if (complete) return executions === 1 ? "1 order only" : `all ${orders(executions)}`;
  switch (limit) {
    case "unsupported": {
      const before = executions === 0 ? "" : `${soFar(executions, null)}, then `;
      return `${before}not modelled${unsupported === null ? "" : what(unsupported, nameOf)}`;
    }
    case "values":
      return `${orders(executions)}, not with all${unsupported === null ? " values" : ` ${unsupported.reason} at ${nameOf(unsupported.span)}`}`;
    case "cancelled":
      return `cancelled after ${orders(executions)}`;
    case "depth":
      return `${soFar(executions, estimate)}, up to ${number(depth)} steps`;
    case "time":
    case "executions":
    case null:
      if (executions === 0) return "no order was run";
      return sampled === executions ? `${number(executions)} sampled` : soFar(executions, estimate);
  }
}

/** How far a running exploration has got. */
export function progressWords({ executions, failing, estimate }: ExplorationProgress): string {
  const seen = soFar(executions, estimate);
  return failing === 0 ? seen : `${seen}; ${failPhrase(failing)}`;
}

/** Orders that end badly. */
export function failingOf({ outcomes }: Pick<ExplorationSummary, "outcomes">): number {
  return outcomes.reduce((sum, it) => (it.kind === "ok" ? sum : sum + it.executions), 0);
}

/** What an end that is no good one is called; "" for a good one. */
export const failureNames: Readonly<Record<OutcomeKind, string>> = {
  ok: "",
  race: "race",
  deadlock: "deadlock",
  leak: "leak",
  livelock: "livelock",
  panic: "panic",
  assertion: "failed assertion",
};

/** `12,345`. */
export function number(n: number): string {
  // By hand where that is easy: the first use of `Intl` takes as long as drawing a schedule of thousands of steps.
  if (!Number.isSafeInteger(n)) return n.toLocaleString("en-US");
  return `${n}`.replace(/\B(?=(\d{3})+$)/g, ",");
}

export function orders(n: number): string {
  return n === 1 ? "1 order" : `${number(n)} orders`;
}

function soFar(executions: number, estimate: number | null): string {
  const seen = `${orders(executions)} so far`;
  return estimate === null ? seen : `${seen}, about ${number(estimate)}`;
}

function failPhrase(failing: number): string {
  return failing === 1 ? "1 fails" : `${number(failing)} fail`;
}

function what({ span, reason }: Gap, nameOf: NameOfPlace): string {
  return span.uri === "" ? `: ${reason}` : ` at ${nameOf(span)}: ${reason}`;
}
