import type { ThreadId } from "../../../protocol/witness.js";

/** What a processor's own queue holds, as in `runq` of Go's run-time. */
export const queueSize = 256;

/**
 * The goroutines that wait for one processor: one that runs next, and the others in the order of their coming.
 * Rules and names of runqput, runqget, runqputslow and runqgrab in GOROOT/src/runtime/proc.go (Go 1.26).
 */
export class RunQueue {
  #next: ThreadId | null = null;
  #others: ThreadId[] = [];

  get next(): ThreadId | null {
    return this.#next;
  }

  get others(): readonly ThreadId[] {
    return this.#others;
  }

  get empty(): boolean {
    return this.#next === null && this.#others.length === 0;
  }

  /** Who was to run next is kicked out to the end of the queue. */
  putNext(thread: ThreadId, global: ThreadId[]): void {
    const before = this.#next;
    this.#next = thread;
    if (before !== null) this.put(before, global);
  }

  /** Of a full queue half goes to the global one. */
  put(thread: ThreadId, global: ThreadId[]): void {
    if (this.#others.length < queueSize) this.#others.push(thread);
    else global.push(...this.#others.splice(0, queueSize / 2), thread);
  }

  get(): ThreadId | null {
    const next = this.#next;
    if (next === null) return this.#others.shift() ?? null;
    this.#next = null;
    return next;
  }

  /** The older half, rounded up. */
  grab(): ThreadId[] {
    const { length } = this.#others;
    return this.#others.splice(0, length - Math.floor(length / 2));
  }

  /** The last resort of thieves. */
  grabNext(): ThreadId | null {
    const next = this.#next;
    this.#next = null;
    return next;
  }
}
