import type { Locker } from "./mutex.js";
import { waitFor } from "./observer.js";
import { type Gate, gate } from "./waiting.js";

interface Waiting {
  readonly mode: "read" | "write";
  readonly place: Gate;
}

/**
 * Go's `sync.RWMutex`: many readers or one writer.
 * A writer that waits keeps later readers out, so a task that reads twice inside itself can lock itself up.
 */
export class RWMutex implements Locker {
  #readers = 0;
  #writing = false;
  readonly #queue: Waiting[] = [];

  lock(): Promise<void> {
    return this.#take("write");
  }

  rLock(): Promise<void> {
    return this.#take("read");
  }

  tryLock(): boolean {
    return this.#tryTake("write");
  }

  tryRLock(): boolean {
    return this.#tryTake("read");
  }

  /** Throws when no writer holds it. */
  unlock(): void {
    if (!this.#writing) throw new Error("sync: Unlock of unlocked RWMutex");
    this.#writing = false;
    this.#admit();
  }

  /** Throws when no reader holds it. */
  rUnlock(): void {
    if (this.#readers === 0) throw new Error("sync: RUnlock of unlocked RWMutex");
    this.#readers--;
    this.#admit();
  }

  /** The readers' half, as `sync.RWMutex.RLocker`. */
  rLocker(): Locker {
    return {
      lock: () => this.rLock(),
      unlock: () => {
        this.rUnlock();
      },
    };
  }

  async #take(mode: Waiting["mode"]): Promise<void> {
    if (this.#tryTake(mode)) return;
    const mine = gate();
    this.#queue.push({ mode, place: mine });
    await waitFor("lock", mine.promise);
  }

  #tryTake(mode: Waiting["mode"]): boolean {
    if (this.#queue.length > 0 || !this.#fits(mode)) return false;
    this.#enter(mode);
    return true;
  }

  #fits(mode: Waiting["mode"]): boolean {
    return !this.#writing && (mode === "read" || this.#readers === 0);
  }

  #enter(mode: Waiting["mode"]): void {
    if (mode === "write") this.#writing = true;
    else this.#readers++;
  }

  #admit(): void {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (!this.#fits(next.mode)) return;
      this.#queue.shift();
      this.#enter(next.mode);
      next.place.open();
    }
  }
}
