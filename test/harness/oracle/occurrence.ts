// What happened in one step, as the dependence relation looks at it.

/**
 * How a step meets an object. Steps that meet it in the same way commute and all others do not, but for what
 * `dependence.ts` says of writes, wait groups and channels.
 */
export type Manner =
  /** Load, failed compare-and-swap, failed `TryLock`, later call of a once. */
  | "read"
  /** Everything that orders all who come: stores, locks, conditions, the timers themselves. */
  | "write"
  /** A reader comes into an RWMutex, or leaves it. */
  | "share"
  /** A failed attempt at an RWMutex: it saw who was inside. */
  | "peek"
  | "count"
  /** Takes a wait group's counter below zero: panics and changes nothing. */
  | "undercount"
  | "wait"
  | "send"
  | "recv"
  | "recv-closed"
  /** Panics, as does `close-closed`. */
  | "send-closed"
  | "rendezvous"
  | "close"
  | "close-closed"
  /** Found that the channel was not ready: a select's default, stopping a timer whose channel was empty. */
  | "probe";

export interface Touch {
  readonly manner: Manner;
  /** Channels and other objects have numbers of their own. */
  readonly object: number;
  /** Of a buffered send or receive: how many the channel had before. */
  readonly n: number;
}

export interface Occurrence {
  /** Threads have their numbers in the program, timers come after them. */
  readonly lane: number;
  /** The receiver of a rendezvous, or -1. */
  readonly partner: number;
  /** Which way the operation went: values, cases, panics, as `outcome` packs them. */
  readonly label: number;
  /** The same for the partner. */
  readonly partnerLabel: number;
  readonly touches: readonly Touch[];
  /** The lane that the step started, or -1. */
  readonly spawned: number;
  /** Number of the step that woke a waiter on a condition, or -1. */
  readonly wokenBy: number;
  /** Had waited for its time. */
  readonly timed: boolean;
  /** The clock went on, which it does when nothing else can happen. */
  readonly advanced: boolean;
}

/** What can be told apart about how an operation went. */
export interface Result {
  /** Read, written, sent, received; 1 or 0 for yes or no. */
  readonly value: number;
  /** Case of a select, -1 for its default; else -2. */
  readonly arm: number;
  /** Lane of the other side of a rendezvous; else -1. */
  readonly partner: number;
  /** Case of the other side's select; else -2. */
  readonly partnerArm: number;
  readonly manner: "done" | "closed" | "panic";
}

const manners = ["done", "closed", "panic"] as const;
const mostLanes = 16;
const mostValue = 1 << 11;

/** The result as one number. */
export function outcome(value: number, rest: Partial<Omit<Result, "value">> = {}): number {
  const { arm = -2, partner = -1, partnerArm = -2, manner = "done" } = rest;
  if (Math.abs(value) >= mostValue) throw new Error(`value ${value} is beyond what labels hold`);
  let packed = value + mostValue;
  packed = packed * 8 + arm + 2;
  packed = packed * mostLanes + partner + 1;
  packed = packed * 8 + partnerArm + 2;
  return packed * manners.length + manners.indexOf(manner);
}
