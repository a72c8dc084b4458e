import type { ExplorationProgress } from "../../protocol/finding.js";
import type { Crew } from "../explore/crew.js";
import type { Control } from "../explore/explorer.js";
import { signals } from "./job-message.js";

/** Progress is told at most this often. */
const reportMillis = 100;

/** What a job is told, as its threads see it. */
export class Signal {
  readonly #cell: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#cell = new Int32Array(buffer);
  }

  get cancelled(): boolean {
    return this.#is(signals.cancelled);
  }

  get paused(): boolean {
    return this.#is(signals.paused);
  }

  restWhilePaused(): void {
    while (this.paused) Atomics.wait(this.#cell, 0, signals.paused);
  }

  #is(signal: number): boolean {
    return Atomics.load(this.#cell, 0) === signal;
  }
}

/**
 * The exploration's end of the shared integer: what it is told, and how it tells how far it is. Whatever it asks while it
 * is paused is answered when that is over.
 */
export class WorkerControl implements Control {
  readonly #signal: Signal;
  readonly #post: (progress: ExplorationProgress) => void;
  readonly crew: Crew;
  #last: ExplorationProgress | null = null;
  #told = performance.now();

  constructor(signal: Signal, crew: Crew, post: (progress: ExplorationProgress) => void) {
    this.#signal = signal;
    this.crew = crew;
    this.#post = post;
  }

  get cancelled(): boolean {
    this.#rest();
    return this.#signal.cancelled;
  }

  report(progress: ExplorationProgress): void {
    this.#last = progress;
    if (performance.now() - this.#told >= reportMillis) this.#tell();
    this.#rest();
  }

  /** Waits while the exploration is paused, after it has told where it stands. */
  #rest(): void {
    if (!this.#signal.paused) return;
    this.#tell();
    this.#signal.restWhilePaused();
  }

  #tell(): void {
    if (this.#last === null) return;
    this.#told = performance.now();
    this.#post(this.#last);
  }
}
