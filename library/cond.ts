import type { Locker } from "./mutex.js";
import { waitFor } from "./observer.js";
import { type Gate, gate } from "./waiting.js";

/** Go's `sync.Cond`. Ask again after `wait`: what was true when somebody signalled may not be any more. */
export class Cond {
  readonly lock: Locker;
  #waiting: Gate[] = [];

  constructor(lock: Locker) {
    this.lock = lock;
  }

  /** Unlocks, waits for a signal, locks again. Who calls it holds the lock. */
  async wait(): Promise<void> {
    const mine = gate();
    this.#waiting.push(mine);
    this.lock.unlock();
    await waitFor("condition", mine.promise);
    await this.lock.lock();
  }

  /** Wakes who waits longest, if anybody does; later waiters hear nothing of it. */
  signal(): void {
    this.#waiting.shift()?.open();
  }

  broadcast(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const it of waiting) it.open();
  }
}
