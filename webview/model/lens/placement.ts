import type { ThreadId, Witness } from "../../../protocol/witness.js";

// Which goroutine is on which processor when. One step takes one unit of time.

/** How a goroutine came to a processor. */
export type Arrival =
  | "goes on"
  /** It was the one to run next: just started or just woken there. */
  | "next"
  | "queue"
  | "global queue"
  | "stolen"
  /** It came back from a call of the operating system. */
  | "call";

/** One unit of time of one processor. */
export interface Cell {
  readonly processor: number;
  readonly time: number;
  readonly thread: ThreadId;
  /** The thread of the operating system. */
  readonly os: number;
  /** The step; null: none, because in this schedule the step `waitsFor` of another goroutine comes first. */
  readonly row: number | null;
  readonly waitsFor: number | null;
  readonly arrival: Arrival;
}

/** A goroutine that is in a call of the operating system, with its thread and without a processor. */
export interface Call {
  readonly thread: ThreadId;
  readonly os: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface Queues {
  /** By processor. `next` runs before all in `others`. */
  readonly local: readonly {
    readonly next: ThreadId | null;
    readonly others: readonly ThreadId[];
  }[];
  readonly global: readonly ThreadId[];
}

export interface Counts {
  /** How often a goroutine was put on a thread. */
  readonly switches: number;
  /** Goroutines that lost their processor though they could have gone on. */
  readonly preemptions: number;
  readonly steals: number;
  readonly stolen: number;
  /** Threads of the operating system that there are. */
  readonly threads: number;
  /** How often the operating system woke one of them. */
  readonly wakes: number;
  /** Of those, how often for nothing. */
  readonly vain: number;
  /** Processors taken from a thread that was in a call of the operating system. */
  readonly handOffs: number;
}

export interface Placement {
  readonly processors: number;
  /** Units of time from the first step to the last. */
  readonly length: number;
  readonly steps: number;
  /** By time, then by processor. */
  readonly cells: readonly (readonly Cell[])[];
  /** The cell of each step. */
  readonly byRow: readonly Cell[];
  readonly calls: readonly Call[];
  /** By time: after everybody has taken what to run. */
  readonly queues: readonly Queues[];
  readonly counts: Counts;
}

/** Steps per unit of time. */
export function speedUp({ steps, length }: Placement): number {
  return length === 0 ? 1 : steps / length;
}

/** All on one processor and one thread, in the order of the schedule. */
export function placeAsScheduled(witness: Witness): Placement {
  const { steps } = witness;
  const cells = steps.map(({ thread }, row): Cell => {
    const goesOn = steps[row - 1]?.thread === thread;
    const arrival = goesOn ? "goes on" : "queue";
    return { processor: 0, time: row, thread, os: 0, row, waitsFor: null, arrival };
  });
  const preempted = steps.filter(({ thread, enabled }, row) => {
    const before = steps[row - 1]?.thread;
    return before !== undefined && before !== thread && enabled.some((it) => it.thread === before);
  });
  return {
    processors: 1,
    length: steps.length,
    steps: steps.length,
    cells: cells.map((it) => [it]),
    byRow: cells,
    calls: [],
    queues: steps.map(({ thread, enabled }) => {
      const ready = new Set(enabled.map((it) => it.thread).filter((it) => it !== thread));
      const others = [...ready].sort((a, b) => a - b);
      return { local: [{ next: null, others }], global: [] };
    }),
    counts: {
      switches: cells.filter((it) => it.arrival !== "goes on").length,
      preemptions: preempted.length,
      steals: 0,
      stolen: 0,
      threads: Math.min(1, steps.length),
      wakes: 0,
      vain: 0,
      handOffs: 0,
    },
  };
}
