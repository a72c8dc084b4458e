// What a step does to shared objects, as the search compares it. Numbers, because this is compared millions of times.

import type { SpanId } from "../../ir/ir.js";

/**
 * Kinds of touches. What the outcome of an operation decides is part of its kind: a compare-and-swap that failed only
 * reads, a `trylock` that succeeded locks. `dependence.ts` says which of them commute.
 */
export const touches = {
  /** Plain or atomic load; a compare-and-swap that failed. */
  read: 0,
  /** Plain or atomic store, swap, add; a compare-and-swap that succeeded. */
  write: 1,
  /** Mutex, or the writer's side of an RWMutex. */
  lock: 2,
  /** Also of a lock that somebody else holds. */
  unlock: 3,
  rlock: 4,
  runlock: 5,
  /** A writer waits for the readers inside: new readers wait for it. Only with `MachineOptions.writerPreference`. */
  announce: 6,
  /** Of what somebody has. */
  trylockFailed: 7,
  /** Of what a writer has. */
  tryRlockFailed: 8,
  send: 9,
  /** Panics. */
  sendClosed: 10,
  recv: 11,
  recvClosed: 12,
  rendezvous: 13,
  close: 14,
  /** Panics. */
  closeClosed: 15,
  /** A select's default was taken (one touch for each of its channels), or somebody asked for `len`. */
  poll: 16,
  /** A delta of 0 or more. */
  wgAdd: 17,
  /** A delta below 0. */
  wgDone: 18,
  wgWait: 19,
  /** The call that runs the function. */
  onceFirst: 20,
  onceEnd: 21,
  /** A call that came later and goes on. */
  onceLater: 22,
  condEnqueue: 23,
  /** A woken waiter goes on. */
  condPark: 24,
  condSignal: 25,
  condBroadcast: 26,
  /** Starting, stopping and resetting of a timer. */
  timer: 27,
  /** Anything else that orders all who touch the object. */
  other: 28,
  /** Succeeded. */
  trylock: 29,
  tryRlock: 30,
  /** Fatal: nobody holds the lock. */
  unlockFree: 31,
  /** Ends the reading of somebody else. */
  runlockOther: 33,
  timerFire: 34,
  /** A delta that would make the counter negative. Panics. */
  wgUnder: 32,
  /** One entry of a collection was read: whoever writes the whole of it is in the way. */
  partRead: 35,
  /** One entry was written, or an event loop's clock was read: whoever reads or writes the whole is in the way. */
  partWrite: 36,
  /** All entries were read, or an event loop's clock went on. */
  wholeRead: 37,
  wholeWrite: 38,
} as const;

export type TouchKind = (typeof touches)[keyof typeof touches];

/** `Touch.object` of what conflicts with everything. */
export const everything = 0;

/** What one step does to one object. */
export interface Touch {
  /** Identity that is the same in every execution that creates the object in the same way; `everything` or above. */
  readonly object: number;
  readonly kind: TouchKind;
  /**
   * Buffered sends and receives: how many of the kind the channel has had before (0 for the first). Wait groups: the
   * delta. Conditions: which of its signals and broadcasts it is, or was woken by, from 0. A compare-and-swap: 1. Else 0.
   */
  readonly n: number;
  /** Channels: the capacity. Else 0. */
  readonly cap: number;
  /** Cells and atomics of one cell: the value before and after. Wait groups: the counter. Else null. */
  readonly was: unknown;
  readonly value: unknown;
  /** A compare-and-swap, done or failed: what it expects to find and what it puts there. Else null. */
  readonly expects: unknown;
  readonly puts: unknown;
}

/** One way in which a channel operation could go on, whoever else is ready. */
export interface OfferCase {
  /** Case of the select; -1 for a plain send or receive. */
  readonly arm: number;
  readonly send: boolean;
  readonly object: number;
  readonly cap: number;
}

/** All that a thread before a send, a receive or a select is willing to do; nil channels offer nothing. */
export interface Offers {
  readonly cases: readonly OfferCase[];
  /** The select has a default. */
  readonly fallback: boolean;
}

/** The operation a thread stands before and has not done. */
export interface Standing {
  /** What it would touch if it went on; of a blocked operation, what it waits to do. */
  readonly touches: readonly Touch[];
  readonly offers: Offers | null;
  /** Place of the plain access it stands before; 0 before any other operation. */
  readonly access: SpanId | 0;
}

/** A touch that says no more than its kind. */
export function touch(object: number, kind: TouchKind, n = 0, cap = 0): Touch {
  return { object, kind, n, cap, was: null, value: null, expects: null, puts: null };
}
