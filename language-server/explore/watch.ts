// How long an exploration may go on, and who looks on meanwhile.

import type { ExplorationProgress, Limit } from "../../protocol/finding.js";
import type { Control } from "./explorer.js";

/** The rest of the time goes to making schedules smaller. */
const searchShare = 0.8;
/** Steps between two looks at the clock, and two reports of how far it is. */
const stride = 64;

export class Watch {
  /** What cut the search. */
  limit: Limit | null = null;
  readonly #control: Control;
  readonly #millis: number;
  readonly #progress: () => ExplorationProgress;
  #started = Date.now();
  #polls = 0;

  constructor(control: Control, millis: number, progress: () => ExplorationProgress) {
    this.#control = control;
    this.#millis = millis;
    this.#progress = progress;
  }

  /** Whether the search is to end at once, and notes why. Looks at the clock only now and then. */
  stopped(): boolean {
    if (this.limit !== null && this.limit !== "executions") return true;
    if (this.#control.cancelled) {
      this.limit = "cancelled";
      return true;
    }
    if (this.#polls++ % stride !== 0) return false;
    this.#report();
    if (Date.now() - this.#started > this.#millis * searchShare) this.limit = "time";
    return this.limit !== null && this.limit !== "executions";
  }

  /** Whether all is to end. */
  late(): boolean {
    if (this.#control.cancelled) return true;
    if (this.#polls++ % stride === 0) this.#report();
    return Date.now() - this.#started > this.#millis;
  }

  /** A paused exploration waits in there: that is no time spent. */
  #report(): void {
    const before = Date.now();
    this.#control.report(this.#progress());
    this.#started += Date.now() - before;
  }
}
