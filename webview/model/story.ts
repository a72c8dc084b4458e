import type { ExplorationSummary, OutcomeKind } from "../../protocol/finding.js";
import type { Blocked, Step, Witness } from "../../protocol/witness.js";
import { labelOf, lineLabel, objectName, threadName, threadNoun, waitPhrase } from "./labels.js";

// The sentences of the panel: what went wrong, and how sure the exploration is.

/** A sentence in pieces; those with a row are links to it. */
export interface Piece {
  readonly text: string;
  readonly row: number | null;
}

const plain = (text: string): Piece => ({ text, row: null });

/** What this witness shows, in one or two sentences. */
export function headline(witness: Witness): readonly Piece[] {
  const { outcome } = witness;
  switch (outcome.kind) {
    case "ok":
      return [plain("Nothing goes wrong in this schedule.")];
    case "race": {
      const [a, b] = outcome.steps;
      const object = objectName(witness, outcome.object);
      return [
        accessPiece(witness, a),
        plain(", "),
        accessPiece(witness, b),
        plain(
          witness.language === "go"
            ? `: no lock or message orders the two accesses of ${object}.`
            : `: nothing keeps the tasks from interleaving between their accesses of ${object}.`,
        ),
      ];
    }
    case "deadlock":
      return [plain(`Nothing can run. ${waits(witness, outcome.blocked)}.`)];
    case "leak":
      return [plain(`Left behind at the end: ${waits(witness, outcome.blocked)}.`)];
    case "panic":
    case "assertion":
      return [rowPiece(witness, outcome.step, "Step"), plain(`: ${outcome.message}`)];
  }
}

/** A schedule's name in a list: what goes wrong in it, and where. */
export function scheduleName(witness: Witness): string {
  const { outcome, steps } = witness;
  const line = (row: number): string => {
    const step = steps[row];
    return step === undefined ? "" : lineLabel(step.span);
  };
  switch (outcome.kind) {
    case "ok":
      return witness.schedule.entry;
    case "race":
      return `${objectName(witness, outcome.object)} ${outcome.steps.map(line).join(" ↔ ")}`;
    case "deadlock":
    case "leak":
      return outcome.blocked.map((it) => `${it.reason} ${lineLabel(it.span)}`).join(", ");
    case "panic":
    case "assertion":
      return `${outcome.message} ${line(outcome.step)}`;
  }
}

function accessPiece(witness: Witness, row: number): Piece {
  const step = witness.steps[row];
  if (step === undefined) return plain(`step ${row + 1}`);
  const { verb, object } = labelOf(witness, step);
  const who = threadName(witness, step.thread);
  return { text: `${who} ${verb} ${object} (${lineLabel(step.span)}, step ${row + 1})`, row };
}

function rowPiece(witness: Witness, row: number, word: string): Piece {
  const step = witness.steps[row];
  const who = step === undefined ? "" : `, ${threadName(witness, step.thread)}`;
  return { text: `${word} ${row + 1}${who}`, row };
}

/** `w2 waits for lock b, held by w3; …` */
export function waits(witness: Witness, blocked: readonly Blocked[]): string {
  return blocked.map((it) => waitSentence(witness, it)).join("; ");
}

export function waitSentence(witness: Witness, it: Blocked): string {
  const others = it.holders.filter((thread) => thread !== it.thread);
  const self = it.holders.length > others.length ? "held by itself" : "";
  const held = others.length === 0 ? self : `held by ${names(witness, others)}`;
  const where = lineLabel(it.span);
  const who = threadName(witness, it.thread);
  return `${who} ${waitPhrase(it.reason)} (${where}${held === "" ? "" : `, ${held}`})`;
}

function names(witness: Witness, threads: readonly number[]): string {
  return threads.map((it) => threadName(witness, it)).join(" and ");
}

/** The sentence of the live region and the transcript. */
export function stepSentence(witness: Witness, row: number): string {
  const step: Step | undefined = witness.steps[row];
  if (step === undefined) return "";
  const text = step.text.trim();
  return `${row + 1}. ${text}${/[.!?]$/.test(text) ? "" : "."}`;
}

export interface Badge {
  readonly tone: "complete" | "limited" | "unknown";
  readonly short: string;
  readonly long: string;
}

const number = (n: number): string => n.toLocaleString("en-US");
const schedules = (n: number): string => `${number(n)} schedule${n === 1 ? "" : "s"}`;

/** Whether the search saw everything; never left out, never kinder than the truth. */
export function badgeOf(summary: readonly ExplorationSummary[]): Badge {
  if (summary.length === 0) {
    return {
      tone: "unknown",
      short: "One schedule",
      long: "No exploration stands behind this schedule.",
    };
  }
  const executions = summary.reduce((sum, it) => sum + it.executions, 0);
  const open = summary.find((it) => !it.complete);
  if (open === undefined) {
    return {
      tone: "complete",
      short: "Complete",
      long:
        executions === 1
          ? "There is one schedule, and it was run."
          : `All ${schedules(executions)} that differ were run.`,
    };
  }
  const tried = `${schedules(executions)} run`;
  switch (open.limit) {
    case "time":
      return {
        tone: "limited",
        short: "Stopped by time",
        long: `${tried}, then time was up; may miss cases.`,
      };
    case "executions":
      return {
        tone: "limited",
        short: "Stopped by count",
        long: `${tried}, the limit; may miss cases.`,
      };
    case "depth":
      return {
        tone: "limited",
        short: "Cut in depth",
        long: `${tried}; long ones were cut off; may miss cases.`,
      };
    case "unsupported": {
      const gap = open.unsupported;
      const what = gap === null ? "" : `: ${gap.reason} (${lineLabel(gap.span)})`;
      return {
        tone: "limited",
        short: "Model incomplete",
        long: `${tried}${what}; may miss cases.`,
      };
    }
    case "cancelled":
      return {
        tone: "limited",
        short: "Cancelled",
        long: `${tried}, then it was cancelled; may miss cases.`,
      };
    case null:
      return { tone: "limited", short: "Sampled", long: `${tried}; may miss cases.` };
  }
}

/** Schedules by what went wrong, worst first. */
export interface OutcomeGroup {
  readonly kind: OutcomeKind;
  /** Executions that ended so; null where the exploration did not count them. */
  readonly executions: number | null;
  readonly witnesses: readonly number[];
}

const worstFirst: readonly OutcomeKind[] = ["race", "deadlock", "panic", "assertion", "leak", "ok"];

export function groupByOutcome(
  witnesses: readonly Witness[],
  summary: readonly ExplorationSummary[],
): OutcomeGroup[] {
  return worstFirst.flatMap((kind) => {
    const mine = witnesses.flatMap((it, index) => (it.outcome.kind === kind ? [index] : []));
    const counted = summary.flatMap((it) => it.outcomes.filter((o) => o.kind === kind));
    const executions =
      counted.length === 0 ? null : counted.reduce((sum, it) => sum + it.executions, 0);
    return mine.length === 0 && (executions ?? 0) === 0
      ? []
      : [{ kind, executions, witnesses: mine }];
  });
}

/** `3 goroutines, 12 steps, 4 switches` */
export function sizeOf(witness: Witness, switches: number): string {
  const count = (n: number, noun: string, many = `${noun}s`): string =>
    `${number(n)} ${n === 1 ? noun : many}`;
  return [
    count(witness.threads.length, threadNoun(witness)),
    count(witness.steps.length, "step"),
    count(switches, "switch", "switches"),
  ].join(" · ");
}
