// What the machine keeps beside an object of the program: numbers for the search, clocks of synchronisation, recent accesses.
// Never copied with the object.

import type { ThreadId } from "../../../protocol/witness.js";
import type { Tracked, Value } from "./core.js";
import type { Access } from "./race.js";
import { zeroClock, type Clock } from "./vector-clock.js";

/** Memory, a channel or a map. */
export interface Kept {
  readonly id: number;
  readonly name: string;
  beside: object | null;
}

export class Beside {
  /** `Touch.object` by offset; shared by all executions' objects of the same id. */
  readonly numbers: number[];
  readonly #metas: (SyncMeta | undefined)[] = [];
  readonly #shadows: (Shadow | undefined)[] = [];
  readonly #writes: (Writes | undefined)[] = [];

  constructor(numbers: number[]) {
    this.numbers = numbers;
  }

  meta(off: number): SyncMeta {
    return (this.#metas[off] ??= new SyncMeta());
  }

  shadow(off: number): Shadow {
    return (this.#shadows[off] ??= new Shadow());
  }

  /** By offset; most have none. */
  syncs(): readonly (SyncMeta | undefined)[] {
    return this.#metas;
  }

  /** By offset; most have none. */
  shadows(): readonly (Shadow | undefined)[] {
    return this.#shadows;
  }

  writes(off: number): Writes {
    return (this.#writes[off] ??= new Writes());
  }
}

export interface Holder {
  readonly thread: ThreadId;
  readonly shared: boolean;
}

/** A waiter of a condition that has been woken and has not returned yet, with what the waker knew. */
export interface Woken {
  readonly thread: ThreadId;
  readonly clock: Clock;
  /** Which of the condition's signals and broadcasts it was, from 0. */
  readonly signal: number;
}

const nobody: readonly Holder[] = [];

/** Of a lock, wait group…: clocks and who has it. */
export class SyncMeta implements Tracked {
  /** Everything released into the object. */
  clock: Clock = zeroClock;
  /** Of a read-write lock: what its readers released. */
  readers: Clock = zeroClock;
  holders: readonly Holder[] = nobody;
  /** Somebody who was not inside has ended a reading: whose, nobody can tell from then on. */
  stray = false;
  /** Of a condition: who waits, in the order of `Wait`. */
  queue: readonly ThreadId[] = [];
  woken: readonly Woken[] = [];
  /** Of a condition: signals and broadcasts so far. */
  signals = 0;
  epoch = -1;

  keep(): () => void {
    const { clock, readers, holders, stray, queue, woken, signals } = this;
    return () => {
      this.clock = clock;
      this.readers = readers;
      this.holders = holders;
      this.stray = stray;
      this.queue = queue;
      this.woken = woken;
      this.signals = signals;
    };
  }
}

const untouched: readonly Access[] = [];

/** The last accesses of one cell, or of one map. */
export class Shadow implements Tracked {
  last: readonly Access[] = untouched;
  epoch = -1;

  keep(): () => void {
    const { last } = this;
    return () => {
      this.last = last;
    };
  }
}

/** A write to a cell, or that somebody has observed it: by whom, and in which time of that thread. */
export interface Write {
  /** How many writes to the cell came before. */
  readonly number: number;
  readonly thread: ThreadId;
  readonly tick: number;
}

/** A write that another one has come after. */
export interface PastWrite extends Write {
  readonly value: Value;
}

const noPast: readonly PastWrite[] = [];
const noSeen: readonly Write[] = [];

/** The writes to one cell since there are threads, in the order in which they happened (see `observable.ts`). */
export class Writes implements Tracked {
  /** Its value is what the cell holds. */
  newest: Write | null = null;
  past = noPast;
  seen = noSeen;
  epoch = -1;

  keep(): () => void {
    const { newest, past, seen } = this;
    return () => {
      this.newest = newest;
      this.past = past;
      this.seen = seen;
    };
  }
}
