import { waitFor } from "./observer.js";
import { type Gate, gate } from "./waiting.js";

/** What can be locked and unlocked: a `Mutex`, or either half of an `RWMutex`. */
export interface Locker {
  lock(): Promise<void>;
  unlock(): void;
}

/** Go's `sync.Mutex`. It belongs to no task: any may unlock it. Who waits is served in order. */
export class Mutex implements Locker {
  #held = false;
  readonly #queue: Gate[] = [];

  async lock(): Promise<void> {
    if (this.tryLock()) return;
    const mine = gate();
    this.#queue.push(mine);
    await waitFor("lock", mine.promise);
  }

  /** Whether it was free and is now held. */
  tryLock(): boolean {
    if (this.#held) return false;
    this.#held = true;
    return true;
  }

  /** Hands the lock to who waits longest. Throws when nobody holds it. */
  unlock(): void {
    if (!this.#held) throw new Error("sync: unlock of unlocked mutex");
    const next = this.#queue.shift();
    if (next === undefined) this.#held = false;
    else next.open();
  }
}
