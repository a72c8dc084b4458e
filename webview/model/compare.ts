import type { ThreadId, Witness } from "../../protocol/witness.js";
import { labelOf, lineLabel, threadName } from "./labels.js";
import { doing, what } from "./phrases.js";

// Two schedules of one program side by side: how far they go together, where they part, which steps of one are which of
// the other, and which two steps come the other way round. Rows are indices of steps.

/** Two operations, X and Y: A does X first, B does Y first. Null: that run never comes to it. */
export interface Turned {
  /** Rows of A: X and Y. */
  readonly a: readonly [number | null, number | null];
  /** Rows of B: X and Y. */
  readonly b: readonly [number | null, number | null];
}

export interface Comparison {
  /** So many first steps are the same in both. */
  readonly same: number;
  /** By row of A: the row of B that is the same operation of the same thread; null: B does not do it. */
  readonly toB: readonly (number | null)[];
  /** By row of B, as `toB`. */
  readonly toA: readonly (number | null)[];
  /** Operations on one thing, by two threads, that come the other way round; null where there are none. */
  readonly turned: Turned | null;
  /** By thread of B: the thread of A that it is; null: A has none like it. */
  readonly threads: readonly (ThreadId | null)[];
}

export function compare(a: Witness, b: Witness): Comparison {
  const keysOfA = threadKeys(a);
  const keysOfB = threadKeys(b);
  const threads = keysOfB.map((it) => {
    const thread = keysOfA.indexOf(it);
    return thread < 0 ? null : thread;
  });
  const operationsOfA = operations(a, keysOfA);
  const operationsOfB = operations(b, keysOfB);
  const same = shared(valued(a, operationsOfA), valued(b, operationsOfB));
  const toB = matches(operationsOfA, operationsOfB);
  const toA = matches(operationsOfB, operationsOfA);
  return { same, toB, toA, turned: turnedRound(a, b, same, { toA, toB }), threads };
}

/** What tells a thread from others in any run: who started it, where, and how many like it were started before. */
function threadKeys(witness: Witness): readonly string[] {
  const counted = counter();
  const keys: string[] = [];
  witness.threads.forEach(({ name, spawnedAt, spawnedBy }) => {
    const parent = spawnedBy === null ? "" : (keys[spawnedBy] ?? "");
    const where = spawnedAt === null ? plainName(name) : lineAndColumn(spawnedAt);
    keys.push(counted(`${parent}/${where}`));
  });
  return keys;
}

/** `deposit #2` → `deposit`: the number may be another one in another run. */
function plainName(name: string): string {
  return name.replace(/ #\d+$/, "");
}

/** By step: who does what, and how often that thread has done it before. */
function operations(witness: Witness, threads: readonly string[]): readonly string[] {
  const counted = counter();
  return witness.steps.map((step) => {
    const who = threads[step.thread] ?? `${step.thread}`;
    const { verb, object } = labelOf(witness, step);
    // A thread that is started is told by its place; what others are called may differ.
    const what = step.action.kind === "spawn" ? "" : plainName(object);
    return counted(`${who} ${lineAndColumn(step.span)} ${step.action.kind} ${verb} ${what}`);
  });
}

/** The same, with what was seen and left. */
function valued(witness: Witness, keys: readonly string[]): readonly string[] {
  return keys.map((key, row) => {
    const step = witness.steps[row];
    const value =
      step === undefined || step.action.kind === "spawn" ? "" : labelOf(witness, step).value;
    return `${key} ${value}`;
  });
}

function counter(): (key: string) => string {
  const seen = new Map<string, number>();
  return (key) => {
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return `${key} ${before}`;
  };
}

function lineAndColumn({ uri, start }: Witness["steps"][number]["span"]): string {
  return `${uri}:${start.line}:${start.character}`;
}

function shared(a: readonly string[], b: readonly string[]): number {
  let row = 0;
  while (row < a.length && row < b.length && a[row] === b[row]) row++;
  return row;
}

function matches(from: readonly string[], to: readonly string[]): readonly (number | null)[] {
  const rows = new Map(to.map((key, row) => [key, row]));
  return from.map((key) => rows.get(key) ?? null);
}

/** Steps after the parting among which a pair is looked for. */
const nearby = 300;

/** The pair that tells best what the parting comes to: the one the explorer turned round, else the first there is. */
function turnedRound(
  a: Witness,
  b: Witness,
  same: number,
  { toA, toB }: Pick<Comparison, "toA" | "toB">,
): Turned | null {
  const known = contrastPair(a, b, toB);
  if (known !== null) return known;
  for (const [x, y] of conflicts(a, same)) {
    const [there, then] = [toB[x] ?? null, toB[y] ?? null];
    if (then !== null && (there === null || then < there)) return { a: [x, y], b: [there, then] };
  }
  for (const [y, x] of conflicts(b, same)) {
    const [there, then] = [toA[x] ?? null, toA[y] ?? null];
    if (there !== null && then === null) return { a: [there, null], b: [x, y] };
  }
  return null;
}

function contrastPair(a: Witness, b: Witness, toB: Comparison["toB"]): Turned | null {
  const { contrast } = a;
  if (contrast === null || !sameChoices(contrast.schedule, b.schedule)) return null;
  const [x, y] = contrast.steps;
  const [there, then] = [toB[x] ?? null, toB[y] ?? null];
  return then !== null && (there === null || then < there) ? { a: [x, y], b: [there, then] } : null;
}

function sameChoices(a: Witness["schedule"], b: Witness["schedule"]): boolean {
  return JSON.stringify(a.choices) === JSON.stringify(b.choices);
}

/** Pairs of steps from `start` on that touch one thing and not only look, from two threads: by the second. */
function* conflicts(witness: Witness, start: number): Iterable<readonly [number, number]> {
  const end = Math.min(witness.steps.length, start + nearby);
  for (let second = start + 1; second < end; second++) {
    for (let first = start; first < second; first++) {
      if (conflict(witness, first, second)) yield [first, second];
    }
  }
}

/** Of any two of these in a row the order does not matter. */
const looks = new Set(["read", "wait"]);
const counts = new Set(["add", "done"]);

function conflict(witness: Witness, first: number, second: number): boolean {
  const [one, two] = [witness.steps[first], witness.steps[second]];
  if (one === undefined || two === undefined || one.thread === two.thread) return false;
  const kinds = [one.action.kind, two.action.kind];
  if (kinds.includes("release") || kinds.every((it) => looks.has(it))) return false;
  if (kinds.every((it) => counts.has(it))) return false;
  const object = objectOf(one.action);
  return object !== null && object === objectOf(two.action);
}

function objectOf(action: Witness["steps"][number]["action"]): number | null {
  return "object" in action ? action.object : null;
}

// ── In words ────────────────────────────────────────────────────────────────────────────────────

/** How far the two go together. */
export function sameWords({ same, toA, toB }: Comparison): string {
  if (same === 0) return "They differ from the first step on.";
  if (same === toA.length && same === toB.length) return "All steps are the same.";
  return same === 1 ? "Step 1 is the same." : `Steps 1–${same} are the same.`;
}

/** Where the two part and what that comes to, a sentence each. */
export function splitSentences(a: Witness, b: Witness, comparison: Comparison): readonly string[] {
  const sentences = [partingSentence(a, b, comparison), turnedSentence(a, b, comparison)];
  return sentences.filter((it) => it !== "");
}

/** Who runs where the two part. */
export function partingSentence(a: Witness, b: Witness, { same, threads }: Comparison): string {
  const one = a.steps[same];
  const two = b.steps[same];
  if (one === undefined && two === undefined) return "";
  if (one === undefined || two === undefined) {
    const [goesOn, ends] = one === undefined ? ["B", "A"] : ["A", "B"];
    return `${ends} ends after step ${same}; ${goesOn} goes on.`;
  }
  if (threads[two.thread] === one.thread) {
    return `At step ${same + 1}, ${what(a, same)} in A and ${what(b, same)} in B.`;
  }
  const before = a.steps[same - 1]?.thread;
  const inA = turn(a, same, before === one.thread);
  const inB = turn(b, same, before !== undefined && threads[two.thread] === before);
  return `At step ${same + 1}, A ${inA}, which ${doing(a, same)}; B ${inB}, which ${doing(b, same)}.`;
}

/** `lets w2 run`, or, if it was running, `lets w2 go on`. */
function turn(witness: Witness, row: number, was: boolean): string {
  const thread = witness.steps[row]?.thread ?? 0;
  return `lets ${threadName(witness, thread)} ${was ? "go on" : "run"}`;
}

/** What the mark at a side's first step of its own says: `lets w2 run`. */
export function turnWords(a: Witness, b: Witness, side: "a" | "b", comparison: Comparison): string {
  const { same, threads } = comparison;
  const [one, two] = [a.steps[same], b.steps[same]];
  const mine = side === "a" ? one : two;
  if (mine === undefined) return "ends here";
  if (one !== undefined && two !== undefined && threads[two.thread] === one.thread) {
    return "takes another way";
  }
  const before = a.steps[same - 1]?.thread;
  const thread = side === "a" ? mine.thread : (threads[mine.thread] ?? null);
  return turn(side === "a" ? a : b, same, before !== undefined && before === thread);
}

/** What comes the other way round, and what is then seen otherwise. */
export function turnedSentence(a: Witness, b: Witness, { turned }: Comparison): string {
  if (turned === null) return "";
  const [x, y] = turned.a;
  const [xInB, yInB] = turned.b;
  if (y === null) return neverSentence(a, b, turned);
  const inA = before(a, x, y);
  const inB = xInB === null ? `${what(b, yInB)} without that` : before(b, yInB, xInB);
  return `So in A ${inA}; in B ${inB}.`;
}

/** Of two operations of which A comes only to the first. */
function neverSentence(a: Witness, b: Witness, turned: Turned): string {
  const [x] = turned.a;
  const [xInB, y] = turned.b;
  const inB = before(b, y, xInB);
  const thread = b.steps[y ?? -1]?.thread;
  const name = thread === undefined ? "" : threadName(b, thread);
  const { outcome } = a;
  const stuck =
    "blocked" in outcome
      ? outcome.blocked.find((it) => threadName(a, it.thread) === name)
      : undefined;
  return stuck === undefined
    ? `So in B ${inB}; in A ${what(a, x)} without it.`
    : `So in A ${what(a, x)} and ${name} is stuck at ${lineLabel(stuck.span)}; in B ${inB}.`;
}

/** `w1 reads x = 0 (L3) before w2 writes x = 1 (L4)`. */
function before(witness: Witness, one: number | null, two: number | null): string {
  return `${what(witness, one)} before ${what(witness, two)}`;
}
