import type { ExplorationSummary, Limit, OutcomeKind } from "../../protocol/finding.js";
import type { Blocked, Step, Witness } from "../../protocol/witness.js";
import { doesInLivelock } from "../../wording/circling.js";
import { sizeWords } from "../../wording/size.js";
import { number, verdict } from "../../wording/verdict.js";
import {
  isParallel,
  labelOf,
  lineLabel,
  objectName,
  placeLabel,
  threadName,
  threadNoun,
  timersOf,
  waitPhrase,
} from "./labels.js";
import { circleOf } from "./wait-for.js";

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
      return [
        plain(
          witness.finding === ""
            ? "Nothing goes wrong in this schedule."
            : "Nothing fails by itself in this schedule, but it can happen: what the finding says.",
        ),
      ];
    case "race": {
      const [a, b] = outcome.steps;
      const object = objectName(witness, outcome.object);
      return [
        accessPiece(witness, a),
        plain(", "),
        accessPiece(witness, b),
        plain(
          isParallel(witness)
            ? `: no lock or message orders the two accesses of ${object}.`
            : `: nothing keeps the tasks from interleaving between their accesses of ${object}.`,
        ),
      ];
    }
    case "deadlock":
      return [plain(`Nothing can run. ${waits(witness, outcome.blocked)}.`)];
    case "leak":
      return [plain(`Left behind at the end: ${waits(witness, outcome.blocked)}.`)];
    case "livelock":
      return [plain(`Goes on for ever and gets nowhere: ${circles(witness, outcome.blocked)}.`)];
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
      return deadlockName(witness, outcome.blocked);
    case "leak":
    case "livelock":
      return outcome.blocked.map((it) => `${it.reason} ${lineLabel(it.span)}`).join(", ");
    case "panic":
    case "assertion":
      return `${outcome.message} ${line(outcome.step)}`;
  }
}

/** By what the circle is about, if there is one: those who wait besides are no part of the cause. */
function deadlockName(witness: Witness, blocked: readonly Blocked[]): string {
  const circle = circleOf(blocked);
  const objects = [...new Set(circle.flatMap((it) => it.object ?? []))].sort((a, b) => a - b);
  if (objects.length < 2 || circle.some((it) => it.object === null)) {
    const told = circle.length === 0 ? blocked : circle;
    return told.map((it) => `${it.reason} ${lineLabel(it.span)}`).join(", ");
  }
  const names = objects.map((it) => objectName(witness, it)).join(" ↔ ");
  const lines = [...new Set(circle.map((it) => lineLabel(it.span)))].join(", ");
  return `${names} ${lines}`;
}

function accessPiece(witness: Witness, row: number): Piece {
  const step = witness.steps[row];
  if (step === undefined) return plain(`step ${row + 1}`);
  const { verb, object } = labelOf(witness, step);
  const who = threadName(witness, step.thread);
  return {
    text: `${who} ${verb} ${object} (${placeLabel(witness, step.span)}, step ${row + 1})`,
    row,
  };
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

function circles(witness: Witness, blocked: readonly Blocked[]): string {
  return blocked
    .map(
      (it) =>
        `${threadName(witness, it.thread)} ${doesInLivelock(it)}: ${it.reason} (${placeLabel(witness, it.span)})`,
    )
    .join("; ");
}

export function waitSentence(witness: Witness, it: Blocked): string {
  const others = it.holders.filter((thread) => thread !== it.thread);
  const self = it.holders.length > others.length ? "held by itself" : "";
  const held = others.length === 0 ? self : `held by ${names(witness, others)}`;
  const where = placeLabel(witness, it.span);
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

/** More rows of a line than these are counted, not named. */
const namedRows = 8;

/** Which steps the line of the editor's cursor has; `line` counts from 0. */
export function litWords(line: number | null, rows: ReadonlySet<number>): string {
  if (line === null || rows.size === 0) return "";
  const named = [...rows].slice(0, namedRows).map((it) => `${it + 1}`);
  const more = rows.size - named.length;
  const list = more > 0 ? `${named.join(", ")} and ${more} more` : named.join(", ");
  return `Line ${line + 1}: step${rows.size === 1 ? "" : "s"} ${list}.`;
}

export interface Badge {
  readonly tone: "complete" | "limited" | "unknown";
  readonly short: string;
  readonly long: string;
}

/**
 * Whether the search saw everything; never left out, never kinder than the truth. A schedule with timers at any moment is
 * none of those that were counted.
 */
export function badgeOf(
  summary: readonly ExplorationSummary[],
  witness?: Pick<Witness, "schedule">,
): Badge {
  const [first, ...rest] = summary;
  if (first === undefined) {
    return {
      tone: "unknown",
      short: "One schedule",
      long: "No exploration stands behind this schedule.",
    };
  }
  const all = rest.reduce(together, first);
  const words = all.complete ? verdict(all) : `${verdict(all)}; may miss cases`;
  if (witness !== undefined && isDelayed(witness)) {
    return {
      tone: all.complete ? "unknown" : "limited",
      short: "Timer at any moment",
      long: `Found where a timer may go off at any moment; such orders are not counted. Where timers wait until nobody else can run: ${words}.`,
    };
  }
  return all.complete
    ? { tone: "complete", short: exploredWords(all), long: sentence(words) }
    : { tone: "limited", short: openWord(all.limit), long: sentence(words) };
}

/** Whether timers and sleepers go on at any moment in it, while the counted ones have them wait until nobody else can run. */
export function isDelayed({ schedule }: Pick<Witness, "schedule">): boolean {
  return schedule.time === "any";
}

function exploredWords({ executions }: ExplorationSummary): string {
  return executions === 1 ? "Explored the only order" : `Explored all ${number(executions)} orders`;
}

function openWord(limit: Limit | null): string {
  switch (limit) {
    case "unsupported":
      return "Not modelled";
    case "cancelled":
      return "Cancelled";
    case "time":
    case "executions":
    case "depth":
    case "values":
    case null:
      return "Not complete";
  }
}

/** Two explorations as one, which is complete only if both are. */
function together(a: ExplorationSummary, b: ExplorationSummary): ExplorationSummary {
  const open = a.complete ? b : a;
  const known = a.estimate !== null && b.estimate !== null ? a.estimate + b.estimate : null;
  return {
    ...open,
    executions: a.executions + b.executions,
    estimate: known,
    sampled: a.sampled + b.sampled,
    outcomes: [...a.outcomes, ...b.outcomes],
    ends: [...a.ends, ...b.ends],
  };
}

/** With a capital, and a full stop where there is none. */
export function sentence(text: string, stop = "."): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}${stop}`;
}

/** Schedules by what went wrong, worst first. */
export interface OutcomeGroup {
  readonly kind: OutcomeKind;
  /** Executions that ended so; null where the exploration did not count them. */
  readonly executions: number | null;
  readonly witnesses: readonly number[];
}

const worstFirst: readonly OutcomeKind[] = [
  "race",
  "deadlock",
  "livelock",
  "panic",
  "assertion",
  "leak",
  "ok",
];

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

/** `2 goroutines and a timer · 2 switches (1 forced), 17 steps, smallest found` */
export function sizeOf(witness: Witness): string {
  const timers = timersOf(witness).size;
  const others = witness.threads.length - timers;
  const noun = threadNoun(witness);
  const and = timers === 0 ? "" : ` and ${timers === 1 ? "a timer" : `${number(timers)} timers`}`;
  return `${number(others)} ${noun}${others === 1 ? "" : "s"}${and} · ${sizeWords(witness)}`;
}
