// The driver: facts are computed once, each check is isolated, results come out in source order.

import type { Finding, Gap } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import { CancelledError, throwIfCancelled, type CancelToken } from "../base/cancel.js";
import type { Program } from "../ir/ir.js";
import type { Candidate, Check, Fact, FactInput, Pass, Report } from "./check.js";
import { fingerprintOf } from "./fingerprint.js";

/** A finding of the static half, with what would confirm it. */
export interface Analysed {
  readonly finding: Finding;
  readonly candidate: Candidate | null;
  /** As in `Report`. */
  readonly assumed: boolean;
}

export interface Analysis {
  readonly findings: readonly Analysed[];
  readonly gaps: readonly Gap[];
  /** Checks that failed: bugs of ours, one line each. */
  readonly failures: readonly string[];
  /** Milliseconds per check and fact, for the log only; a fact is charged to whoever asked first. */
  readonly times: readonly { readonly name: string; readonly millis: number }[];
}

export interface AnalysisOptions {
  readonly cancel: CancelToken;
  /** A clock for `times`; results never depend on it. */
  readonly now?: () => number;
}

/** Runs `checks` over a program. Throws `CancelledError` when cancelled, nothing else. */
export function analyse(
  program: Program,
  checks: readonly Check[],
  options: AnalysisOptions,
): Analysis {
  const now = options.now ?? (() => 0);
  const gaps: Gap[] = [];
  const failures: string[] = [];
  const times: { name: string; millis: number }[] = [];
  const facts = new FactTable(
    program,
    options.cancel,
    gaps,
    (name, millis) => {
      times.push({ name: `fact ${name}`, millis });
    },
    now,
  );
  const findings: Analysed[] = [];
  for (const check of checks) {
    const part = partFor(check, program.language);
    if (part === undefined) continue;
    throwIfCancelled(options.cancel);
    const start = now();
    const reports: Report[] = [];
    const pass: Pass = {
      program,
      cancel: options.cancel,
      get: (fact) => facts.get(fact),
      report: (report) => reports.push(report),
    };
    try {
      part.run(pass);
      findings.push(...reports.map((it) => analysed(check.code, it)));
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      failures.push(`check ${check.code}: ${text}`);
    }
    times.push({ name: check.code, millis: now() - start });
  }
  return { findings: unique(findings.sort(bySpan)), gaps, failures, times };
}

function partFor(check: Check, language: Program["language"]): Pick<Check, "run"> | undefined {
  return check.language === language ? check : language === "ts" ? check.ts : undefined;
}

/** Memoises facts by identity; a fact that needs itself is a bug named by its cycle. */
class FactTable {
  readonly #values = new Map<
    Fact<unknown>,
    { readonly value: unknown } | { readonly error: unknown }
  >();
  readonly #computing: Fact<unknown>[] = [];
  readonly #input: FactInput;
  readonly #now: () => number;
  readonly #done: (name: string, millis: number) => void;

  constructor(
    program: Program,
    cancel: CancelToken,
    gaps: Gap[],
    done: (name: string, millis: number) => void,
    now: () => number,
  ) {
    this.#input = {
      program,
      cancel,
      get: (fact) => this.get(fact),
      gap: (gap) => gaps.push(gap),
    };
    this.#now = now;
    this.#done = done;
  }

  get<T>(fact: Fact<T>): T {
    const known = this.#values.get(fact);
    if (known !== undefined) {
      if ("error" in known) throw known.error;
      return known.value as T;
    }
    if (this.#computing.includes(fact)) {
      const names = [...this.#computing, fact].map((it) => it.name).join(" → ");
      throw new Error(`facts need each other: ${names}`);
    }
    this.#computing.push(fact);
    const start = this.#now();
    try {
      const value = fact.compute(this.#input);
      this.#values.set(fact, { value });
      return value;
    } catch (error) {
      this.#values.set(fact, { error });
      throw error;
    } finally {
      this.#computing.pop();
      this.#done(fact.name, this.#now() - start);
    }
  }
}

function analysed(code: string, report: Report): Analysed {
  const { message, primary, related, confidence, candidate, assumed = false, subject } = report;
  const quiet = confidence === "possible" && report.severity !== "hint";
  const severity = quiet ? "information" : report.severity;
  const fingerprint = fingerprintOf(code, subject.func, subject.path);
  const finding: Finding = {
    code,
    severity,
    confidence,
    message,
    primary,
    related,
    fingerprint,
    witness: null,
  };
  return { finding, candidate, assumed };
}

function bySpan(left: Analysed, right: Analysed): number {
  return (
    compareSpans(left.finding.primary.span, right.finding.primary.span) ||
    compareText(left.finding.code, right.finding.code) ||
    compareText(left.finding.message, right.finding.message)
  );
}

/** Source order: file, then start. */
export function compareSpans(left: Span, right: Span): number {
  return (
    compareText(left.uri, right.uri) ||
    left.start.line - right.start.line ||
    left.start.character - right.start.character
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Fingerprints must tell findings apart: the second with the same subject gets a number. */
function unique(findings: readonly Analysed[]): Analysed[] {
  const seen = new Map<string, number>();
  return findings.map((it) => {
    const n = seen.get(it.finding.fingerprint) ?? 0;
    seen.set(it.finding.fingerprint, n + 1);
    if (n === 0) return it;
    return { ...it, finding: { ...it.finding, fingerprint: `${it.finding.fingerprint}-${n}` } };
  });
}
