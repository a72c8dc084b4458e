import type { ObjectId, Step, ThreadId, Witness } from "../../protocol/witness.js";
import { isParallel, objectName, threadName } from "./labels.js";
import { lastKnown } from "./order.js";
import { doing, what } from "./phrases.js";
import type { Piece } from "./story.js";

// Why nothing orders the two accesses of a race, read off the clocks and the locks of the witness; nothing else.

/** One sentence each, in pieces; those with a row are links to it. [] for what is no race. */
export function raceWhy(witness: Witness): readonly (readonly Piece[])[] {
  const { outcome } = witness;
  if (outcome.kind !== "race") return [];
  const [first, second] = outcome.steps;
  if (!isParallel(witness)) return awaitsBetween(witness, first, second);
  return [
    ...locksHeld(witness, first, second),
    knowledge(witness, second, first),
    knowledge(witness, first, second),
    ...guardsElsewhere(witness, outcome.object, [first, second]),
  ];
}

const plain = (text: string): Piece => ({ text, row: null });
const link = (row: number): Piece => ({ text: `step ${row + 1}`, row });

// ── Go ──────────────────────────────────────────────────────────────────────────────────────────

function locksHeld(witness: Witness, first: number, second: number): (readonly Piece[])[] {
  const [one, two] = [witness.steps[first], witness.steps[second]];
  if (one === undefined || two === undefined) return [];
  const common = one.held.filter((it) => two.held.includes(it));
  const names = common.map((it) => objectName(witness, it)).join(" and ");
  const last =
    common.length > 0
      ? `Both hold ${names}, but only for reading.`
      : one.held.length + two.held.length === 0
        ? "Neither holds a lock."
        : "They have no lock in common.";
  if (one.held.length + two.held.length === 0) return [[plain(last)]];
  return [
    [
      plain(`At `),
      link(first),
      plain(` ${holding(witness, one)}, at `),
      link(second),
      plain(` ${holding(witness, two)}. ${last}`),
    ],
  ];
}

function holding(witness: Witness, { thread, held }: Step): string {
  const names = [...new Set(held)].map((it) => objectName(witness, it)).join(" and ");
  return `${threadName(witness, thread)} holds ${names === "" ? "no lock" : names}`;
}

/** What the thread of one access knows of the other thread by then. */
function knowledge(witness: Witness, row: number, other: number): readonly Piece[] {
  const [mine, theirs] = [witness.steps[row], witness.steps[other]];
  if (mine === undefined || theirs === undefined) return [];
  const knower = threadName(witness, mine.thread);
  const known = threadName(witness, theirs.thread);
  const lead = `The last thing ${knower} knows of ${known} `;
  const at = lastKnown(witness, row, theirs.thread);
  if (at !== null) {
    const step = witness.steps[at];
    const own = step?.thread === theirs.thread;
    const words = own ? `, where it ${doing(witness, at)}.` : `: ${what(witness, at)}.`;
    return [plain(`${lead}is `), link(at), plain(words)];
  }
  const start = startOf(witness, theirs.thread);
  if (start !== null && happensBefore(witness, start, row)) {
    return [plain(`${lead}is `), link(start), plain(`, where ${what(witness, start)}.`)];
  }
  const more = start === null ? "" : ", not even that it was started";
  return [plain(`By then ${knower} knows nothing of ${known}${more}.`)];
}

function startOf({ steps }: Witness, thread: ThreadId): number | null {
  const row = steps.findIndex(({ action: it }) => it.kind === "spawn" && it.thread === thread);
  return row < 0 ? null : row;
}

function happensBefore({ steps }: Witness, from: number, to: number): boolean {
  const [one, two] = [steps[from], steps[to]];
  if (one === undefined || two === undefined || from >= to) return false;
  return (one.clock[one.thread] ?? 0) <= (two.clock[one.thread] ?? 0);
}

/** Locks that are held at other accesses of the same thing. */
function guardsElsewhere(
  witness: Witness,
  object: ObjectId,
  pair: readonly number[],
): (readonly Piece[])[] {
  const seen = new Set<ObjectId>();
  const told: (readonly Piece[])[] = [];
  witness.steps.forEach(({ action, held, thread }, row) => {
    if (pair.includes(row) || !("object" in action) || action.object !== object) return;
    for (const lock of held) {
      if (seen.has(lock)) continue;
      seen.add(lock);
      const name = objectName(witness, object);
      const words = `, ${threadName(witness, thread)} holds ${objectName(witness, lock)} for ${name}.`;
      told.push([plain("At "), link(row), plain(words)]);
    }
  });
  return told;
}

// ── TypeScript ──────────────────────────────────────────────────────────────────────────────────

/** Between what the overwriting task has read and its write it waits, and others run. */
function awaitsBetween(witness: Witness, first: number, second: number): (readonly Piece[])[] {
  const { steps } = witness;
  const write = steps[second];
  if (write === undefined || !("object" in write.action)) return [];
  const { object } = write.action;
  const { thread } = write;
  const read = lastRow(steps, second, (it) => {
    return it.thread === thread && it.action.kind === "read" && it.action.object === object;
  });
  if (read === null) return [];
  const awaits = steps.flatMap((it, row) =>
    row > read && row < second && it.thread === thread && it.action.kind === "await" ? [row] : [],
  );
  const name = threadName(witness, thread);
  const between: Piece[] = awaits.flatMap((row, index) => [
    ...(index === 0 ? [] : [plain(" and ")]),
    link(row),
    plain(` (${doing(witness, row)})`),
  ]);
  const stale: Piece[] = [
    plain(`${name} reads ${objectName(witness, object)} at `),
    link(read),
    plain(" and writes it at "),
    link(second),
    plain(between.length === 0 ? "." : "; between the two it waits, at "),
    ...between,
    ...(between.length === 0 ? [] : [plain(".")]),
  ];
  const other: Piece[] =
    first > read ? [plain("Meanwhile, at "), link(first), plain(`, ${what(witness, first)}.`)] : [];
  return other.length === 0 ? [stale] : [stale, other];
}

function lastRow(
  steps: readonly Step[],
  before: number,
  wanted: (step: Step) => boolean,
): number | null {
  for (let row = before - 1; row >= 0; row--) {
    const step = steps[row];
    if (step !== undefined && wanted(step)) return row;
  }
  return null;
}
