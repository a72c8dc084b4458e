// A schedule as text: a lane per goroutine from left to right, time from top to bottom, and beside each step its
// place and a sentence. At most 100 columns.

import type { Span } from "../protocol/span.js";
import type { Blocked, Outcome, Step, ThreadId, Witness } from "../protocol/witness.js";
import { doesInLivelock } from "../wording/circling.js";
import { fileAndLine } from "../wording/place.js";
import { contrastWords, sizeWords, staleWords } from "../wording/size.js";
import { type Format, written } from "./format.js";
import { shortEntry } from "./words.js";

const width = 100;
/** Lanes beyond these would leave no room for the sentences. */
const mostLanes = 12;
/** A longer stretch of one thread shows its ends only. */
const longStretch = 12;
const stretchEnds = 4;

type Mark = "runs" | "aside" | "race" | "failure";

const marks: Readonly<Record<Mark, string>> = { runs: "*", aside: "·", race: "!", failure: "x" };

interface Lane {
  readonly thread: ThreadId;
  readonly letter: string;
  readonly first: number;
  readonly last: number;
}

export const textFormat: Format = {
  id: "text",
  label: "Text timeline",
  detail: "lanes in plain characters, for a terminal or a commit message",
  extension: "txt",
  pasted: true,
  write: ({ witness }) => written(timelineText(witness)),
};

/** Ends with a line feed. */
export function timelineText(witness: Witness): string {
  const lanes = lanesOf(witness);
  const files = placeWidth(witness.steps);
  const lines = [
    title(witness),
    "",
    ...lanes.map((it) => laneLine(witness, it)),
    ...hiddenLine(witness, lanes),
    ...asideLine(witness),
    "",
    `${"".padEnd(7)}${"".padEnd(files)}  ${lanes.map((it) => it.letter).join("  ")}`,
    ...stepLines(witness, lanes, files),
    "",
    ...ending(witness),
    ...nearest(witness),
  ];
  return `${lines.map((it) => it.trimEnd()).join("\n")}\n`;
}

function title(witness: Witness): string {
  return `${shortEntry(witness)}: ${outcomeWord(witness)}, ${sizeWords(witness)}`;
}

function outcomeWord({ language, outcome }: Witness): string {
  switch (outcome.kind) {
    case "ok":
      return "ends well";
    case "race":
      return language === "go" ? "data race" : "lost update";
    case "deadlock":
    case "leak":
    case "livelock":
    case "panic":
      return outcome.kind;
    case "assertion":
      return "fails";
  }
}

/** A rendezvous belongs to both of its threads. */
function switched(before: Step | undefined, step: Step): boolean {
  if (before === undefined || before.thread === step.thread) return false;
  const partner = before.action.kind === "send" ? before.action.partner : undefined;
  return partner !== step.thread;
}

// ── Lanes ───────────────────────────────────────────────────────────────────────────────────────

function lanesOf({ steps, threads, outcome }: Witness): readonly Lane[] {
  const waits = new Set("blocked" in outcome ? outcome.blocked.map((it) => it.thread) : []);
  const lanes = threads.flatMap((_, thread): Lane[] => {
    const own = steps.flatMap((it, index) => (involves(it, thread) ? [index] : []));
    const [first] = own;
    const last = own.at(-1);
    if (first === undefined || last === undefined) return [];
    const end = waits.has(thread) ? steps.length : last;
    return [{ thread, letter: "", first: bornAt(steps, thread) ?? first, last: end }];
  });
  const wanted = lanes.length <= mostLanes ? lanes : telling(lanes, outcome, steps);
  return wanted.map((it, index) => ({ ...it, letter: String.fromCharCode(65 + index) }));
}

function involves({ thread, action }: Step, lane: ThreadId): boolean {
  return thread === lane || (action.kind === "send" && action.partner === lane);
}

function bornAt(steps: readonly Step[], thread: ThreadId): number | undefined {
  const index = steps.findIndex((it) => it.action.kind === "spawn" && it.action.thread === thread);
  return index < 0 ? undefined : index;
}

/** Those the outcome names first, then the oldest. */
function telling(lanes: readonly Lane[], outcome: Outcome, steps: readonly Step[]): Lane[] {
  const named = new Set(threadsOf(outcome, steps));
  const rest = lanes.filter((it) => !named.has(it.thread));
  const room = Math.max(0, mostLanes - named.size);
  const shown = new Set([...named, ...rest.slice(0, room).map((it) => it.thread)]);
  return lanes.filter((it) => shown.has(it.thread)).slice(0, mostLanes);
}

function threadsOf(outcome: Outcome, steps: readonly Step[]): readonly ThreadId[] {
  switch (outcome.kind) {
    case "ok":
      return [];
    case "race":
      return outcome.steps.flatMap((it) => steps[it]?.thread ?? []);
    case "deadlock":
    case "leak":
    case "livelock":
      return outcome.blocked.map((it) => it.thread);
    case "panic":
    case "assertion":
      return [steps[outcome.step]?.thread ?? 0];
  }
}

function laneLine({ threads }: Witness, { thread, letter }: Lane): string {
  const it = threads[thread];
  const from = it?.spawnedAt ?? null;
  const by = it?.spawnedBy ?? null;
  const parent = by === null ? "" : ` by ${threads[by]?.name ?? ""}`;
  const started = from === null ? "" : `, started at ${place(from)}${parent}`;
  return cut(`  ${letter}  ${it?.name ?? ""}${started}`, width);
}

function hiddenLine({ threads, steps }: Witness, lanes: readonly Lane[]): readonly string[] {
  const shown = new Set(lanes.map((it) => it.thread));
  const ran = threads.filter((_, id) => !shown.has(id) && steps.some((it) => it.thread === id));
  return ran.length === 0 ? [] : [`     and ${ran.length} more, whose steps are left out`];
}

function asideLine({ steps }: Witness): readonly string[] {
  const some = steps.some((it) => !it.essential);
  return some ? [`  ${marks.aside}  steps without which it would end the same way`] : [];
}

// ── Steps ───────────────────────────────────────────────────────────────────────────────────────

function stepLines(witness: Witness, lanes: readonly Lane[], files: number): readonly string[] {
  const { steps } = witness;
  const shown = new Set(lanes.map((it) => it.thread));
  const lines: string[] = [];
  let before: Step | undefined;
  for (const [from, to] of stretches(steps)) {
    const skip = skipped(from, to, telltale(witness.outcome));
    for (let index = from; index < to; index++) {
      const step = steps[index];
      if (step === undefined || !shown.has(step.thread)) continue;
      if (skip !== null && index === skip[0]) lines.push(skipLine(skip, lanes, files));
      if (skip === null || index < skip[0] || index >= skip[1]) {
        lines.push(...stepLine(witness, lanes, files, index, switched(before, step)));
      }
      before = step;
    }
  }
  return lines;
}

/** Runs of steps of the same thread, as half-open ranges. */
function stretches(steps: readonly Step[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  steps.forEach((step, index) => {
    const range = ranges.at(-1);
    if (range !== undefined && steps[range[0]]?.thread === step.thread) range[1] = index + 1;
    else ranges.push([index, index + 1]);
  });
  return ranges;
}

/** The middle of a long stretch, unless the outcome points into it. */
function skipped(
  from: number,
  to: number,
  keep: readonly number[],
): readonly [number, number] | null {
  if (to - from <= longStretch) return null;
  const start = from + stretchEnds;
  const end = to - stretchEnds;
  return keep.some((it) => it >= start && it < end) ? null : [start, end];
}

function telltale(outcome: Outcome): readonly number[] {
  if (outcome.kind === "race") return outcome.steps;
  return outcome.kind === "panic" || outcome.kind === "assertion" ? [outcome.step] : [];
}

function skipLine(
  [start, end]: readonly [number, number],
  lanes: readonly Lane[],
  files: number,
): string {
  const gap = "".padEnd(7 + files + 2 + lanes.length * 3);
  return `${gap}... ${end - start} more steps of the same`;
}

function stepLine(
  witness: Witness,
  lanes: readonly Lane[],
  files: number,
  index: number,
  isSwitch: boolean,
): readonly string[] {
  const step = witness.steps[index];
  if (step === undefined) return [];
  const number = `${isSwitch ? ">" : " "}${String(index + 1).padStart(4)}  `;
  const left = `${number}${place(step.span).padEnd(files)}  `;
  const cells = lanes.map((it) => cell(witness, it, step, index)).join("  ");
  const room = width - left.length - cells.length - 2;
  const [first, ...rest] = wrapped(step.text, room);
  const under = lanes.map((it) => (alive(it, index) ? lineOf(step, it.thread) : " ")).join("  ");
  return [
    `${left}${cells}  ${first ?? ""}`,
    ...rest.map((it) => `${"".padEnd(left.length)}${under}  ${it}`),
  ];
}

function cell(witness: Witness, lane: Lane, step: Step, index: number): string {
  if (involves(step, lane.thread)) return marks[markOf(witness, index)];
  return alive(lane, index) ? lineOf(step, lane.thread) : " ";
}

function alive(lane: Lane, index: number): boolean {
  return index > lane.first && index < lane.last;
}

/** A thread that waits has a broken line. */
function lineOf(step: Step, thread: ThreadId): string {
  return step.blocked.some((it) => it.thread === thread) ? "╎" : "│";
}

function markOf({ outcome, steps }: Witness, index: number): Mark {
  if (outcome.kind === "race" && outcome.steps.includes(index)) return "race";
  const fails = outcome.kind === "panic" || outcome.kind === "assertion";
  if (fails && outcome.step === index) return "failure";
  return steps[index]?.essential === false ? "aside" : "runs";
}

// ── The end ─────────────────────────────────────────────────────────────────────────────────────

/** In what the run next to this one differs, and what a run comes to in which a write is not seen, where that is known. */
function nearest(witness: Witness): readonly string[] {
  const words = [contrastWords(witness), staleWords(witness)].filter((it) => it !== "");
  return words.flatMap((it) => wrapped(`${capital(it)}.`, width));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function ending({
  finding,
  language,
  outcome,
  steps,
  objects,
  threads,
}: Witness): readonly string[] {
  const text = (index: number): string => steps[index]?.text ?? "";
  switch (outcome.kind) {
    case "ok":
      return [
        finding === ""
          ? "Nothing goes wrong in this order."
          : "Nothing fails by itself in this order, but it can happen: what the finding says.",
      ];
    case "race": {
      const [first, second] = outcome.steps;
      const name = objects[outcome.object]?.name ?? "the variable";
      const [one, two] = [first + 1, second + 1];
      const head =
        language === "go"
          ? `Nothing orders steps ${one} and ${two}, which both access ${name}:`
          : `Step ${two} overwrites what step ${one} wrote to ${name}, from a value read before it:`;
      const pair = outcome.steps.flatMap((it) => {
        const at = steps[it]?.span;
        return indented(`${at === undefined ? "" : `${place(at)}: `}${text(it)}`);
      });
      return [...wrapped(head, width), ...pair];
    }
    case "deadlock":
    case "leak":
    case "livelock":
      return [
        ...wrapped(`${capital(outcome.kind)}: ${outcome.message}`, width),
        ...outcome.blocked.flatMap((it) =>
          indented(outcome.kind === "livelock" ? circling(threads, it) : waiting(threads, it)),
        ),
      ];
    case "panic":
    case "assertion":
      return wrapped(`Step ${outcome.step + 1}: ${outcome.message}`, width);
  }
}

function waiting(threads: Witness["threads"], blocked: Blocked): string {
  const name = (id: ThreadId): string => threads[id]?.name ?? `thread ${id}`;
  const verb = blocked.reason.startsWith("to ") ? "waits" : "waits for";
  const held = blocked.holders.map(name).join(" and ");
  const has = held === "" ? "" : `, which ${held} has`;
  return `${place(blocked.span)}: ${name(blocked.thread)} ${verb} ${blocked.reason}${has}`;
}

function circling(threads: Witness["threads"], it: Blocked): string {
  const name = threads[it.thread]?.name ?? `thread ${it.thread}`;
  return `${place(it.span)}: ${name} ${doesInLivelock(it)}: ${it.reason}`;
}

function indented(text: string): readonly string[] {
  return wrapped(text, width - 4).map((it, index) => `${index === 0 ? "  " : "    "}${it}`);
}

// ── Text ────────────────────────────────────────────────────────────────────────────────────────

/** `main.go:12`, or "-" where the code has no place. */
function place(span: Span): string {
  return span.uri === "" ? "-" : fileAndLine(span);
}

function placeWidth(steps: readonly Step[]): number {
  return Math.min(24, Math.max(1, ...steps.map((it) => place(it.span).length)));
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 3)}...`;
}

/** Lines of at most `columns`, broken at spaces where there are any. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let rest = text.replaceAll(/\s+/g, " ").trim();
  while (rest.length > columns) {
    const space = rest.lastIndexOf(" ", columns);
    const end = space > columns / 2 ? space : columns;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
