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
  firstKnown: number;
  lastKnown: number;
  lastOwn: number;
  ended: boolean;
}

function extentsOf({ threads, steps }: Witness): readonly Extent[] {
  const extents = threads.map(
    (): Extent => ({ spawnRow: -1, firstKnown: -1, lastKnown: -1, lastOwn: -1, ended: false }),
  );
  const known = (thread: ThreadId, row: number): void => {
    const it = extents[thread];
    if (it === undefined) return;
    if (it.firstKnown < 0) it.firstKnown = row;
    it.lastKnown = row;
  };
  steps.forEach((step, row) => {
    known(step.thread, row);
    for (const it of step.enabled) known(it.thread, row);
    for (const it of step.blocked) known(it.thread, row);
    const own = extents[step.thread];
    if (own !== undefined) {
      own.lastOwn = row;
      own.ended = step.action.kind === "end";
    }
    const started = step.action.kind === "spawn" ? extents[step.action.thread] : undefined;
    if (started !== undefined && started.spawnRow < 0) started.spawnRow = row;
  });
  return extents;
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
  const open = threads.map((): LaneSpan | null => null);
  let reasons: readonly (string | undefined)[] = [];
  let blocked: Step["blocked"] | null = null;
  steps.forEach((step, row) => {
    if (step.blocked !== blocked) {
      blocked = step.blocked;
      reasons = reasonsOf(blocked);
    }
    for (let thread = 0; thread < threads.length; thread++) {
      const bound = bounds[thread];
      if (bound === undefined || bound.first < 0 || row < bound.first || row > bound.last) continue;
      const waiting = reasons[thread];
      const state =
        step.thread === thread ? "run" : waiting === undefined ? "ready" : ("blocked" as const);
      const reason = state === "blocked" ? (waiting ?? "") : "";
      const last = open[thread];
      if (last?.state !== state || last.reason !== reason) {
        if (last !== null && last !== undefined) spans[thread]?.push({ ...last, to: row - 1 });
        open[thread] = { state, reason, from: row, to: row };
      }
    }
  });
  open.forEach((it, thread) => {
    if (it !== null) spans[thread]?.push({ ...it, to: bounds[thread]?.last ?? it.to });
  });
  return spans;
}

/** Why each thread waits; of two reasons the first. */
function reasonsOf(blocked: Step["blocked"]): readonly (string | undefined)[] {
  const reasons: (string | undefined)[] = [];
  for (const it of blocked) reasons[it.thread] ??= waitPhrase(it.reason);
  return reasons;
}

function lockBars({ threads, steps }: Witness, extents: readonly Extent[]): LockBar[][] {
  const done = threads.map((): LockBar[] => []);
  const open = threads.map((): LockBar[] => []);
  steps.forEach((step, row) => {
    const mine = open[step.thread];
    if (mine === undefined || (mine.length === 0 && step.held.length === 0)) return;
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
