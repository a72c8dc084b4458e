import { waitFor } from "./observer.js";
import { go } from "./spawn.js";
import { type Gate, gate } from "./waiting.js";

/** Go's `sync.WaitGroup`: counts what is not yet done. */
export class WaitGroup {
  #count = 0;
  #waiting: Gate[] = [];

  /** Throws when the count would fall below zero. */
  add(delta: number): void {
    this.#count += delta;
    if (this.#count < 0) throw new Error("sync: negative WaitGroup counter");
    if (this.#count > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const it of waiting) it.open();
  }

  done(): void {
    this.add(-1);
  }

  async wait(): Promise<void> {
    if (this.#count === 0) return;
    const mine = gate();
    this.#waiting.push(mine);
    await waitFor("wait group", mine.promise);
  }

  /** Counts the task, starts it, and counts it off at its end. */
  go(task: () => void | Promise<void>): void {
    this.add(1);
    go(async () => {
      try {
        await task();
      } finally {
        this.done();
      }
    });
  }
}
