import type { ObjectId, Step, ThreadId, Witness } from "../../protocol/witness.js";
import { waitPhrase } from "./labels.js";

// Witness → what is drawn. Rows are steps, in the order of the schedule; lanes are threads. Row
// numbers are indices of steps. Nothing here knows pixels.

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
  readonly spans: readonly LaneSpan[];
  readonly locks: readonly LockBar[];
  /** Row of the step that started it; -1 for the entry. */
  readonly spawnRow: number;
  /** Row of its last step if it ended, else null. */
  readonly endRow: number | null;
}

/** How the schedule came to this row's thread. */
export type Switch =
  | "none"
  /** The thread before could not go on. */
  | "forced"
  /** The thread before could have gone on: this is where schedules differ. */
  | "preempted";

export interface Row {
  readonly step: Step;
  readonly index: number;
  readonly switched: Switch;
  readonly mark: "race" | "failure" | null;
  /** What went wrong would have without this step. */
  readonly aside: boolean;
}

export interface Timeline {
  readonly rows: readonly Row[];
  readonly lanes: readonly Lane[];
  /** Rows of the two accesses that nothing orders. */
  readonly race: readonly [number, number] | null;
  readonly switches: number;
}

export function layOut(witness: Witness): Timeline {
  const race = witness.outcome.kind === "race" ? ordered(witness.outcome.steps) : null;
  const rows = witness.steps.map(
    (step, index): Row => ({
      step,
      index,
      switched: switchBefore(witness, index),
      mark: markOf(witness, race, index),
      aside: !step.essential,
    }),
  );
  return {
    rows,
    lanes: witness.threads.map((_, thread) => laneOf(witness, thread)),
    race,
    switches: rows.filter((it) => it.switched !== "none").length,
  };
}

function ordered([a, b]: readonly [number, number]): readonly [number, number] {
  return a <= b ? [a, b] : [b, a];
}

function switchBefore(witness: Witness, index: number): Switch {
  const step = witness.steps[index];
  const previous = witness.steps[index - 1];
  if (step === undefined || previous === undefined || previous.thread === step.thread) {
    return "none";
  }
  return step.enabled.some((it) => it.thread === previous.thread) ? "preempted" : "forced";
}

function markOf(
  witness: Witness,
  race: readonly [number, number] | null,
  index: number,
): Row["mark"] {
  if (race !== null && race.includes(index)) return "race";
  const { outcome } = witness;
  const failed = outcome.kind === "panic" || outcome.kind === "assertion";
  return failed && outcome.step === index ? "failure" : null;
}

function laneOf(witness: Witness, thread: ThreadId): Lane {
  const { steps } = witness;
  const spawnRow = steps.findIndex(
    (it) => it.action.kind === "spawn" && it.action.thread === thread,
  );
  const own = steps.flatMap((it, row) => (it.thread === thread ? [row] : []));
  const known = (row: number): boolean => mentions(steps[row], thread);
  const first =
    thread === 0 ? 0 : spawnRow >= 0 ? spawnRow + 1 : steps.findIndex((_, row) => known(row));
  const lastOwn = own[own.length - 1] ?? -1;
  const ended = steps[lastOwn]?.action.kind === "end";
  const last = ended ? lastOwn : lastKnown(steps, thread);
  const spans: LaneSpan[] = [];
  for (let row = Math.max(first, 0); first >= 0 && row <= last; row++) {
    const now = stateAt(steps[row], thread);
    const open = spans[spans.length - 1];
    if (open !== undefined && open.state === now.state && open.reason === now.reason) {
      spans[spans.length - 1] = { ...open, to: row };
    } else {
      spans.push({ ...now, from: row, to: row });
    }
  }
  return {
    thread,
    spans,
    locks: lockBars(witness, thread, Math.max(last, lastOwn)),
    spawnRow,
    endRow: ended ? lastOwn : null,
  };
}

function mentions(step: Step | undefined, thread: ThreadId): boolean {
  return (
    step !== undefined &&
    (step.thread === thread ||
      step.enabled.some((it) => it.thread === thread) ||
      step.blocked.some((it) => it.thread === thread))
  );
}

function lastKnown(steps: readonly Step[], thread: ThreadId): number {
  for (let row = steps.length - 1; row >= 0; row--) if (mentions(steps[row], thread)) return row;
  return -1;
}

function stateAt(step: Step | undefined, thread: ThreadId): Pick<LaneSpan, "state" | "reason"> {
  if (step?.thread === thread) return { state: "run", reason: "" };
  const blocked = step?.blocked.find((it) => it.thread === thread);
  return blocked === undefined
    ? { state: "ready", reason: "" }
    : { state: "blocked", reason: waitPhrase(blocked.reason) };
}

function lockBars(witness: Witness, thread: ThreadId, last: number): LockBar[] {
  const done: LockBar[] = [];
  let open: LockBar[] = [];
  witness.steps.forEach((step, row) => {
    if (step.thread !== thread) return;
    for (const bar of open) {
      if (!step.held.includes(bar.object)) done.push({ ...bar, to: row, open: false });
    }
    open = open.filter((it) => step.held.includes(it.object));
    for (const object of step.held) {
      if (open.some((it) => it.object === object)) continue;
      const { action } = step;
      const slot = firstFree(open.map((it) => it.slot));
      const shared = action.kind === "acquire" && action.object === object && action.shared;
      open = [...open, { object, from: row, to: row, shared, slot, open: true }];
    }
  });
  return [...done, ...open.map((it) => ({ ...it, to: Math.max(last, it.from) }))].sort(
    (a, b) => a.from - b.from || a.slot - b.slot,
  );
}

function firstFree(taken: readonly number[]): number {
  let slot = 0;
  while (taken.includes(slot)) slot += 1;
  return slot;
}
