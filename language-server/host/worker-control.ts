import type { ExplorationProgress } from "../../protocol/finding.js";
import type { Control } from "../explore/explorer.js";
import { signals } from "./job-message.js";

/** Progress is told at most this often. */
const reportMillis = 100;

/**
 * The exploration's end of the shared integer: what it is told, and how it tells how far it is. Whatever it asks while it
 * is paused is answered when that is over.
 */
export class WorkerControl implements Control {
  readonly #signal: Int32Array;
  readonly #post: (progress: ExplorationProgress) => void;
  #last: ExplorationProgress | null = null;
  #told = performance.now();

  constructor(signal: SharedArrayBuffer, post: (progress: ExplorationProgress) => void) {
    this.#signal = new Int32Array(signal);
    this.#post = post;
  }

  get cancelled(): boolean {
    this.#rest();
    return this.#is(signals.cancelled);
  }

  report(progress: ExplorationProgress): void {
    this.#last = progress;
    if (performance.now() - this.#told >= reportMillis) this.#tell();
    this.#rest();
  }

  /** Waits while the exploration is paused, after it has told where it stands. */
  #rest(): void {
    if (!this.#is(signals.paused)) return;
    this.#tell();
    while (this.#is(signals.paused)) Atomics.wait(this.#signal, 0, signals.paused);
  }

  #tell(): void {
    if (this.#last === null) return;
    this.#told = performance.now();
    this.#post(this.#last);
  }

  #is(signal: number): boolean {
    return Atomics.load(this.#signal, 0) === signal;
  }
}
