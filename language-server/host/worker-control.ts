import type { ExplorationProgress } from "../../protocol/finding.js";
import type { Control } from "../explore/explorer.js";
import { signals } from "./job-message.js";

/** Progress is told at most this often. */
const reportMillis = 100;

/** The exploration's end of the shared integer: what it is told, and how it tells how far it is. */
export class WorkerControl implements Control {
  readonly #signal: Int32Array;
  readonly #post: (progress: ExplorationProgress) => void;
  #reported = performance.now();

  constructor(signal: SharedArrayBuffer, post: (progress: ExplorationProgress) => void) {
    this.#signal = new Int32Array(signal);
    this.#post = post;
  }

  get cancelled(): boolean {
    return Atomics.load(this.#signal, 0) === signals.cancelled;
  }

  report(progress: ExplorationProgress): void {
    const now = performance.now();
    const pausing = Atomics.load(this.#signal, 0) === signals.paused;
    // Who pauses wants to know where it stands.
    if (pausing || now - this.#reported >= reportMillis) {
      this.#reported = now;
      this.#post(progress);
    }
    while (Atomics.load(this.#signal, 0) === signals.paused) {
      Atomics.wait(this.#signal, 0, signals.paused);
    }
  }
}
