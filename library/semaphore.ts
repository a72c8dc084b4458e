import { waitFor } from "./observer.js";
import { type Gate, gate } from "./waiting.js";

interface Waiting {
  readonly weight: number;
  readonly place: Gate;
}

/** A counting semaphore, as `golang.org/x/sync/semaphore`. Unlike a mutex it may be released by who never acquired it. */
export class Semaphore {
  readonly #size: number;
  #taken = 0;
  readonly #queue: Waiting[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  async acquire(weight = 1): Promise<void> {
    if (this.tryAcquire(weight)) return;
    const mine = gate();
    this.#queue.push({ weight, place: mine });
    await waitFor("semaphore", mine.promise);
  }

  tryAcquire(weight = 1): boolean {
    if (this.#queue.length > 0 || this.#taken + weight > this.#size) return false;
    this.#taken += weight;
    return true;
  }

  /** Throws when more is released than was acquired. */
  release(weight = 1): void {
    if (weight > this.#taken) throw new Error("semaphore: released more than held");
    this.#taken -= weight;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#taken + next.weight > this.#size) return;
      this.#queue.shift();
      this.#taken += next.weight;
      next.place.open();
    }
  }
}
