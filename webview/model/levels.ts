import type { Lane, LaneState, LockBar } from "./lanes.js";
import type { Timeline } from "./timeline.js";

// Level of detail: how much of a few rows a lane spends running, ready, waiting or holding a lock.
// Each kind of stretch has running totals, so that any pixel's share is a difference of two of them,
// found by halving: a frame costs as much as it has pixels, however many steps there are.

/** Stretches of rows, in order and without overlaps. */
export interface Stretches {
  readonly from: Int32Array;
  /** Inclusive. */
  readonly to: Int32Array;
  /** Rows covered by all stretches before this one. */
  readonly before: Int32Array;
}

export interface LaneLevels {
  readonly states: Readonly<Record<LaneState, Stretches>>;
  /** By slot: locks held at once stand side by side. */
  readonly locks: readonly LockSlot[];
}

export interface LockSlot {
  readonly stretches: Stretches;
  /** The bars of the stretches, at the same indices. */
  readonly bars: readonly LockBar[];
}

export type Levels = readonly LaneLevels[];

export function levelsOf(timeline: Timeline): Levels {
  return timeline.lanes.map((lane) => ({
    states: {
      run: stretchesOf(inState(lane, "run")),
      ready: stretchesOf(inState(lane, "ready")),
      blocked: stretchesOf(inState(lane, "blocked")),
    },
    locks: lockSlots(lane),
  }));
}

type Range = Pick<Lane["spans"][number], "from" | "to">;

const inState = (lane: Lane, state: LaneState): readonly Range[] =>
  lane.spans.filter((it) => it.state === state);

function lockSlots({ locks }: Lane): LockSlot[] {
  const slots: { bars: LockBar[]; ranges: Range[] }[] = [];
  for (const bar of locks) {
    while (slots.length <= bar.slot) slots.push({ bars: [], ranges: [] });
    const slot = slots[bar.slot];
    // One bar may begin in the row in which another ends.
    const from = Math.max(bar.from, (slot?.ranges.at(-1)?.to ?? -1) + 1);
    if (from > bar.to) continue;
    slot?.bars.push(bar);
    slot?.ranges.push({ from, to: bar.to });
  }
  return slots.map(({ bars, ranges }) => ({ stretches: stretchesOf(ranges), bars }));
}

export function stretchesOf(ranges: readonly Range[]): Stretches {
  const from = new Int32Array(ranges.length);
  const to = new Int32Array(ranges.length);
  const before = new Int32Array(ranges.length);
  let total = 0;
  ranges.forEach((it, index) => {
    from[index] = it.from;
    to[index] = it.to;
    before[index] = total;
    total += it.to - it.from + 1;
  });
  return { from, to, before };
}

/** Index of the last stretch that begins at or before a row; -1: none does. */
export function stretchBefore({ from }: Stretches, row: number, least = 0): number {
  // Doubling steps first: neighbouring pixels are answered by neighbouring stretches.
  let low = least;
  let step = 1;
  while (low + step < from.length && (from[low + step] ?? 0) <= row) {
    low += step;
    step *= 2;
  }
  let high = Math.min(from.length - 1, low + step - 1);
  low -= 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((from[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows that each pixel shows; `to` is exclusive, and pixels share a row that lies across them. */
export interface PixelRows {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Rows of `count` pixels from pixel `first` on, at so many pixels a row; of no pixel beyond the last of `rows`. */
export function pixelRows(first: number, count: number, perRow: number, rows: number): PixelRows {
  const from = new Int32Array(count);
  const to = new Int32Array(count);
  for (let it = 0; it < count; it++) {
    from[it] = Math.min(rows, Math.max(0, Math.floor((first + it) / perRow)));
    to[it] = Math.min(rows, Math.max(0, Math.ceil((first + it + 1) / perRow)));
  }
  return { from, to };
}

/** How many rows of each pixel the stretches cover. */
export function coveredRows(stretches: Stretches, pixels: PixelRows): Int32Array {
  const count = pixels.from.length;
  const covered = new Int32Array(count);
  if (stretches.from.length === 0) return covered;
  let hint = 0;
  for (let it = 0; it < count; it++) {
    const start = pixels.from[it] ?? 0;
    hint = Math.max(0, stretchBefore(stretches, start, hint));
    covered[it] =
      rowsBefore(stretches, pixels.to[it] ?? 0, hint) - rowsBefore(stretches, start, hint);
  }
  return covered;
}

/** How many rows before this one the stretches cover. */
function rowsBefore(stretches: Stretches, row: number, hint: number): number {
  const index = stretchBefore(stretches, row, hint);
  if (index < 0) return 0;
  const from = stretches.from[index] ?? 0;
  const to = stretches.to[index] ?? 0;
  return (stretches.before[index] ?? 0) + Math.min(row, to + 1) - from;
}

/** The indices of the stretches that touch rows `from` to `to`, both included, as `[first, last]`; empty: last < first. */
export function stretchesIn(
  stretches: Stretches,
  from: number,
  to: number,
): readonly [number, number] {
  const at = stretchBefore(stretches, from);
  const first = at >= 0 && (stretches.to[at] ?? -1) >= from ? at : at + 1;
  return [first, stretchBefore(stretches, to)];
}
