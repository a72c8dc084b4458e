// Explorations run in worker threads, so that the server answers while they last. A job crosses as plain data.

import { Worker } from "node:worker_threads";
import { assert } from "../base/assert.js";
import type { Steering } from "../engine/engine.js";
import { nothingExplored } from "../explore/nothing-explored.js";
import type { ExploreJob, Exploration } from "../explore/explorer.js";
import type { Look, LookJob } from "../explore/play/look.js";
import { type Done, type JobAnswer, type JobMessage, signals, type Work } from "./job-message.js";

/** How often a job's steering is looked at. */
const pollMillis = 8;
/** The machine keeps threads' frames on its own heap; deep values and types are what recurses. */
const stackMegabytes = 16;
const heapMegabytes = 2048;
/** For what lives shortly. More is not faster, and is held on to: a search of many thousand orders kept twice the memory. */
const youngMegabytes = 12;

interface Running {
  readonly id: number;
  readonly signal: Int32Array;
  readonly steering: Steering;
  readonly poll: NodeJS.Timeout;
  readonly resolve: (outcome: Outcome) => void;
}

/** What became of a job: what it gave, or why it gave nothing. */
type Outcome = { readonly done: Done } | { readonly failed: string } | { readonly cancelled: true };

interface Seat {
  worker: Worker | undefined;
  running: Running | undefined;
}

export class WorkerPool {
  readonly #script: string;
  readonly #size: number;
  readonly #seats: Seat[] = [];
  readonly #log: (message: string) => void;
  /** Wakes those who wait for a seat, in the order in which they came. */
  readonly #waiting = new Set<() => void>();
  #ids = 0;

  /** `script`: path of the bundled `worker.ts`; `size`: jobs that run at once. Workers start when there is work. */
  constructor(script: string, size: number, log: (message: string) => void) {
    this.#script = script;
    this.#size = size;
    this.#log = log;
  }

  /** A job that failed is an answer too: nothing was explored, and here is why. */
  async explore(job: ExploreJob, steering: Steering): Promise<Exploration> {
    const outcome = await this.#run({ kind: "explore", job }, steering);
    if ("cancelled" in outcome) return nothingExplored(job, "cancelled");
    if ("failed" in outcome) return nothingExplored(job, "unsupported", outcome.failed);
    assert(outcome.done.kind === "explore", "an exploration for an exploration");
    return outcome.done.exploration;
  }

  async look(job: LookJob, steering: Steering): Promise<Look> {
    const outcome = await this.#run({ kind: "look", job }, steering);
    if ("cancelled" in outcome) return { kind: "problem", message: "cancelled" };
    if ("failed" in outcome) return { kind: "problem", message: outcome.failed };
    assert(outcome.done.kind === "look", "a look for a look");
    return outcome.done.look;
  }

  async #run(work: Work, steering: Steering): Promise<Outcome> {
    const seat = await this.#freeSeat(steering);
    if (seat === null) return { cancelled: true };
    return new Promise((resolve) => {
      this.#start(seat, work, steering, resolve);
    });
  }

  /** Null when the job is cancelled before there is one. */
  async #freeSeat(steering: Steering): Promise<Seat | null> {
    for (;;) {
      if (steering.cancelled) return null;
      const seat = this.#seatNow();
      if (seat !== null) return seat;
      await this.#turn(steering);
    }
  }

  /** A paused job keeps its seat, but not those who come after it from theirs. */
  #seatNow(): Seat | null {
    const free = this.#seats.find((it) => it.running === undefined);
    const busy = this.#seats.filter((it) => it.running !== undefined && !isPaused(it.running));
    if (busy.length >= this.#size) return null;
    if (free !== undefined) return free;
    const seat: Seat = { worker: undefined, running: undefined };
    this.#seats.push(seat);
    return seat;
  }

  /** Until a seat may be free or the job is cancelled. */
  async #turn(steering: Steering): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearInterval(poll);
        this.#waiting.delete(wake);
        resolve();
      };
      const poll = setInterval(() => {
        if (steering.cancelled) wake();
      }, pollMillis);
      this.#waiting.add(wake);
    });
  }

  #wakeNext(): void {
    const [wake] = this.#waiting;
    wake?.();
  }

  #start(seat: Seat, work: Work, steering: Steering, resolve: (outcome: Outcome) => void): void {
    const shared = new SharedArrayBuffer(4);
    const signal = new Int32Array(shared);
    const poll = setInterval(() => {
      this.#steer(signal, steering);
    }, pollMillis);
    this.#ids += 1;
    seat.running = { id: this.#ids, signal, steering, poll, resolve };
    seat.worker ??= this.#hire(seat);
    const message: JobMessage = { id: this.#ids, work, signal: shared };
    seat.worker.postMessage(message);
  }

  #steer(signal: Int32Array, { cancelled, paused = false }: Steering): void {
    const wanted = cancelled ? signals.cancelled : paused ? signals.paused : signals.run;
    if (Atomics.exchange(signal, 0, wanted) === wanted) return;
    Atomics.notify(signal, 0);
    if (wanted === signals.paused) this.#wakeNext();
  }

  #hire(seat: Seat): Worker {
    const worker = new Worker(this.#script, {
      resourceLimits: {
        stackSizeMb: stackMegabytes,
        maxOldGenerationSizeMb: heapMegabytes,
        maxYoungGenerationSizeMb: youngMegabytes,
      },
    });
    worker.unref();
    worker.on("message", (answer: JobAnswer) => {
      if (seat.running?.id !== answer.id) return;
      if ("progress" in answer) seat.running.steering.progress?.(answer.progress);
      else if ("error" in answer) this.#fail(seat, answer.error);
      else this.#finish(seat, { done: answer.done });
    });
    const gone = (why: string): void => {
      if (seat.worker !== worker) return;
      seat.worker = undefined;
      this.#fail(seat, why);
    };
    worker.on("error", (error) => {
      gone(error.message);
    });
    worker.on("exit", (code) => {
      gone(`exit code ${code}`);
    });
    return worker;
  }

  #fail(seat: Seat, why: string): void {
    if (seat.running === undefined) return;
    this.#log(`explorer: ${why}`);
    this.#finish(seat, { failed: `the explorer stopped: ${why.split("\n")[0] ?? why}` });
  }

  #finish(seat: Seat, outcome: Outcome): void {
    const running = seat.running;
    if (running === undefined) return;
    clearInterval(running.poll);
    seat.running = undefined;
    running.resolve(outcome);
    this.#wakeNext();
  }

  async dispose(): Promise<void> {
    for (const seat of this.#seats) {
      const worker = seat.worker;
      seat.worker = undefined;
      this.#fail(seat, "shut down");
      await worker?.terminate();
    }
  }
}

function isPaused({ signal }: Running): boolean {
  return Atomics.load(signal, 0) === signals.paused;
}
