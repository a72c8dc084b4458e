// What the machine knows of a thread beyond its frames. Every field that changes does so through the trail.

import type { SpanId } from "../../ir/ir.js";
import type { Choice, ObjectId, ThreadId } from "../../../protocol/witness.js";
import type { Willing } from "./channels.js";
import type { Ptr, Stop, Thread, Tracked, Value } from "./core.js";
import type { Nap } from "./nap.js";
import type { Spin } from "./spin.js";
import type { Watch } from "./watch.js";
import { zeroClock, type Clock } from "./vector-clock.js";

/** A lock in a thread's hands. */
export interface Hold {
  /** Identity of the lock, as in `Touch.object`. */
  readonly lock: number;
  /** 0 when steps are not told. */
  readonly object: ObjectId;
  readonly shared: boolean;
  /** Where it was taken. */
  readonly span: SpanId;
}

/** The first half of an operation that takes two steps has been done. */
export type Intent =
  /** A writer has announced itself to a read-write lock: new readers wait. */
  | { readonly kind: "announced" }
  /** `settles`: until nobody else can go on, before any time passes. */
  | { readonly kind: "sleeping"; readonly until: number; readonly settles?: true };

/** A timer is a thread that has nothing to do until its time comes. */
export interface Timer {
  readonly address: Ptr;
  readonly when: number;
  /** 0: fires once. */
  readonly period: number;
  /** A channel to send the time on, or a function to run in this thread. */
  readonly target: Value;
  /** Who started it, and when: in the machine's time, and as the program's value, which is what is sent. */
  readonly by: ThreadId;
  readonly started: number;
  readonly time: Value;
  /** A `time.Time` and when it was: what is sent on a channel is that much later. */
  readonly sample: { readonly time: Value; readonly at: number };
}

export type Phase =
  /** Spawned, has not run yet. */
  | "new"
  /** Stands before an operation. */
  | "live"
  /** A timer that waits for its time. */
  | "timer"
  | "ended";

const nothing: readonly Hold[] = [];

export class Goroutine implements Tracked {
  readonly id: ThreadId;
  /** Of the function it was started with. */
  readonly base: string;
  /** The how-manieth thread of that name it is. */
  readonly #nth: number;
  readonly spawnedBy: ThreadId | null;
  readonly spawnedAt: SpanId;
  /** The one thing it may do when its operation has one way to go. */
  readonly alone: readonly Choice[];
  /** Null for a timer, until it runs a function. */
  core: Thread | null;
  phase: Phase;
  stop: Stop | null = null;
  /** What it is willing to do where it stands, once somebody has asked (see `channels.ts`). */
  willing: Willing | null = null;
  intent: Intent | null = null;
  /** Steps in a row that nobody can notice. */
  quiet = 0;
  /** How many of the objects it has allocated others may know of. */
  known = 0;
  /** What it has looked at since it was somewhere, doing nothing. */
  spin: Spin | null = null;
  /** Where it fell asleep, as long as nobody can notice what it does in between. */
  nap: Nap | null = null;
  /** It goes round in circles until one of these changes. */
  parked: readonly Watch[] | null = null;
  /** How often it has fallen asleep since main's end. */
  late = 0;
  /** Has called `runtime.Goexit`. */
  goexit = false;
  /** While it is started. */
  timer: Timer | null = null;
  /** Of a thread that is or was a timer: the timer's state and what it sends on or calls. */
  address: Ptr | null = null;
  target: Value = null;
  clock: Clock = zeroClock;
  /** Number of synchronisation operations done, visible or not: its own component of its clock. */
  tick = 0;
  /** Number of visible steps. */
  steps = 0;
  held: readonly Hold[] = nothing;
  /** Draws that were steps. */
  draws = 0;
  /** Visible steps done when the clock's own component was a given tick; only grows, so undoing needs no care. */
  readonly stepsAtTick: number[] = [0];
  epoch = -1;

  /** Several threads of one function are numbered. */
  get name(): string {
    return this.#nth === 1 ? this.base : `${this.base} #${this.#nth}`;
  }

  constructor(
    id: ThreadId,
    base: string,
    nth: number,
    core: Thread | null,
    spawnedBy: ThreadId | null,
    spawnedAt: SpanId,
  ) {
    this.id = id;
    this.base = base;
    this.#nth = nth;
    this.core = core;
    this.phase = core === null ? "timer" : "new";
    this.spawnedBy = spawnedBy;
    this.spawnedAt = spawnedAt;
    this.alone = [{ thread: id }];
  }

  keep(): () => void {
    const { core, phase, stop, willing, intent, goexit, timer, address, target } = this;
    const { clock, tick, steps, held, draws, quiet, known, spin, nap, parked, late } = this;
    return () => {
      this.core = core;
      this.phase = phase;
      this.stop = stop;
      this.willing = willing;
      this.intent = intent;
      this.goexit = goexit;
      this.timer = timer;
      this.address = address;
      this.target = target;
      this.clock = clock;
      this.tick = tick;
      this.steps = steps;
      this.held = held;
      this.draws = draws;
      this.quiet = quiet;
      this.known = known;
      this.spin = spin;
      this.nap = nap;
      this.late = late;
      this.parked = parked;
    };
  }
}
