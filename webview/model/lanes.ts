import type { ObjectId, Step, ThreadId, Witness } from "../../protocol/witness.js";
import { waitPhrase } from "./labels.js";

// What each thread is doing at each step, as stretches. All lanes are filled in one walk over the
// steps, so that the work grows with the length of the witness and not with its square.

export type LaneState = "run" | "ready" | "blocked";

/** A stretch of rows, both ends included, in which a thread is in one state. */
export interface LaneSpan {
  readonly state: LaneState;
  readonly from: number;
  readonly to: number;
  /** Why it waits; "" unless blocked. */
  readonly reason: string;
}

/** Rows during which a thread holds a lock. */
export interface LockBar {
  readonly object: ObjectId;
  readonly from: number;
  readonly to: number;
  readonly shared: boolean;
  /** Which of the locks held at once it is, from 0: bars stand side by side. */
  readonly slot: number;
  /** Not released by the end. */
  readonly open: boolean;
}

export interface Lane {
  readonly thread: ThreadId;
  /** In order, without overlaps. */
  readonly spans: readonly LaneSpan[];
  readonly locks: readonly LockBar[];
  /** Row of the step that started it; -1 for the entry. */
  readonly spawnRow: number;
  /** Row of its last step if it ended, else null. */
  readonly endRow: number | null;
}

export function lanesOf(witness: Witness): Lane[] {
  const extents = extentsOf(witness);
  const spans = spansOf(witness, extents);
  const locks = lockBars(witness, extents);
  return extents.map((it, thread) => ({
    thread,
    spans: spans[thread] ?? [],
    locks: locks[thread] ?? [],
    spawnRow: it.spawnRow,
    endRow: it.ended ? it.lastOwn : null,
  }));
}

/** The span that covers a row, found by halving. */
export function spanAt(lane: Lane, row: number): LaneSpan | undefined {
  let low = 0;
  let high = lane.spans.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lane.spans[middle]?.from ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  const span = lane.spans[low];
  return span !== undefined && span.from <= row && row <= span.to ? span : undefined;
}

/** From where to where a thread is there at all; -1: never. */
interface Extent {
  spawnRow: number;
  lastOwn: number;
  ended: boolean;
  /** The first row in which it is known to be there; looked for only where its start has no row. */
  firstKnown: number;
  /** The last one; looked for only where it does not end. */
  lastKnown: number;
}

function extentsOf({ threads, steps }: Witness): readonly Extent[] {
  const extents = threads.map(
    (): Extent => ({ spawnRow: -1, lastOwn: -1, ended: false, firstKnown: -1, lastKnown: -1 }),
  );
  steps.forEach(({ thread, action }, row) => {
    const own = extents[thread];
    if (own !== undefined) {
      own.lastOwn = row;
      own.ended = action.kind === "end";
    }
    const started = action.kind === "spawn" ? extents[action.thread] : undefined;
    if (started !== undefined && started.spawnRow < 0) started.spawnRow = row;
  });
  const unborn = new Set(extents.filter((it, thread) => thread !== 0 && it.spawnRow < 0));
  for (let row = 0; row < steps.length && unborn.size > 0; row++) {
    for (const it of takenAt(steps[row], extents, unborn)) it.firstKnown = row;
  }
  const living = new Set(extents.filter((it) => !it.ended));
  for (let row = steps.length - 1; row >= 0 && living.size > 0; row--) {
    for (const it of takenAt(steps[row], extents, living)) it.lastKnown = row;
  }
  return extents;
}

/** Takes out of the set those who run, could run or wait at a step; says who that was. */
function takenAt(
  step: Step | undefined,
  extents: readonly Extent[],
  from: Set<Extent>,
): readonly Extent[] {
  if (step === undefined) return [];
  return [step, ...step.enabled, ...step.blocked].flatMap(({ thread }) => {
    const it = extents[thread];
    return it !== undefined && from.delete(it) ? [it] : [];
  });
}

function firstRow(extent: Extent, thread: ThreadId): number {
  if (thread === 0) return 0;
  return extent.spawnRow >= 0 ? extent.spawnRow + 1 : extent.firstKnown;
}

function lastRow(extent: Extent | undefined): number {
  if (extent === undefined) return -1;
  return extent.ended ? extent.lastOwn : extent.lastKnown;
}

function spansOf({ threads, steps }: Witness, extents: readonly Extent[]): LaneSpan[][] {
  const spans = threads.map((): LaneSpan[] => []);
  const bounds = extents.map((it, thread) => ({
    first: firstRow(it, thread),
    last: lastRow(it),
  }));
  const open = threads.map((): OpenSpan => ({ state: null, from: 0, reason: null }));
  const words = new Map<string, string>();
  const close = (thread: ThreadId, to: number): void => {
    const { state, from, reason } = open[thread] ?? nothingOpen;
    if (state === null) return;
    let said = reason === null ? "" : words.get(reason);
    if (said === undefined) words.set(reason ?? "", (said = waitPhrase(reason ?? "")));
    spans[thread]?.push({ state, from, to, reason: said });
  };
  let reasons: readonly (string | null)[] = [];
  const look = (thread: ThreadId, row: number): void => {
    const bound = bounds[thread];
    const last = open[thread];
    if (bound === undefined || last === undefined) return;
    if (bound.first < 0 || row < bound.first || row > bound.last) return;
    const runs = steps[row]?.thread === thread;
    const reason = runs ? null : (reasons[thread] ?? null);
    const state = runs ? "run" : reason === null ? "ready" : "blocked";
    if (last.state === state && last.reason === reason) return;
    close(thread, row - 1);
    last.state = state;
    last.from = row;
    last.reason = reason;
  };
  const begins = new Set(bounds.map((it) => it.first));
  steps.forEach((step, row) => {
    const before = steps[row - 1];
    // Only who runs and who ran changes, unless somebody begins, or begins or ends to wait.
    if (before?.blocked === step.blocked && !begins.has(row)) {
      if (before.thread === step.thread) return;
      look(before.thread, row);
      look(step.thread, row);
      return;
    }
    if (before?.blocked !== step.blocked) reasons = reasonsOf(step.blocked, threads.length);
    threads.forEach((_, thread) => {
      look(thread, row);
    });
  });
  bounds.forEach(({ last }, thread) => {
    close(thread, last);
  });
  return spans;
}

/** The span that a walk over the steps is in; null: none yet. */
interface OpenSpan {
  state: LaneState | null;
  from: number;
  reason: string | null;
}

const nothingOpen: OpenSpan = { state: null, from: 0, reason: null };

/** Why each thread waits, as the witness has it; of two reasons the first. */
function reasonsOf(blocked: Step["blocked"], threads: number): readonly (string | null)[] {
  const reasons = new Array<string | null>(threads).fill(null);
  for (const it of blocked) reasons[it.thread] ??= it.reason;
  return reasons;
}

function lockBars({ threads, steps }: Witness, extents: readonly Extent[]): LockBar[][] {
  const done = threads.map((): LockBar[] => []);
  const open = threads.map((): LockBar[] => []);
  const before: Step["held"][] = threads.map(() => []);
  steps.forEach((step, row) => {
    const mine = open[step.thread];
    if (mine === undefined || step.held === before[step.thread]) return;
    before[step.thread] = step.held;
    const kept = mine.filter((it) => step.held.includes(it.object));
    for (const bar of mine) {
      if (!kept.includes(bar)) done[step.thread]?.push({ ...bar, to: row, open: false });
    }
    for (const object of step.held) {
      if (kept.some((it) => it.object === object)) continue;
      const { action } = step;
      const slot = firstFree(kept.map((it) => it.slot));
      const shared = action.kind === "acquire" && action.object === object && action.shared;
      kept.push({ object, from: row, to: row, shared, slot, open: true });
    }
    open[step.thread] = kept;
  });
  return done.map((bars, thread) => {
    const last = lastRow(extents[thread]);
    const left = (open[thread] ?? []).map((it) => ({ ...it, to: Math.max(last, it.from) }));
    return [...bars, ...left].sort((a, b) => a.from - b.from || a.slot - b.slot);
  });
}

function firstFree(taken: readonly number[]): number {
  let slot = 0;
  while (taken.includes(slot)) slot += 1;
  return slot;
}
