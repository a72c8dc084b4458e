// Promises and the microtask queue, step by step as ECMAScript has them (§27.2), because the order of jobs is what
// programs depend on. Reactions are FIFO; `process.nextTick` callbacks go before them, as in Node.

import { isProgramError, type Taint } from "./js-values.js";

export type PromiseState = "pending" | "fulfilled" | "rejected";

interface Reaction {
  readonly fulfilled: (value: unknown) => void;
  readonly rejected: (reason: unknown) => void;
  readonly lane: number;
}

/** What promises need of the event loop. */
export interface JobHost {
  /** The task on whose behalf reactions registered now will run. */
  readonly lane: number;
  enqueue(lane: number, job: () => void): void;
  rejectedUnhandled(promise: PromiseData): void;
  handledLater(promise: PromiseData): void;
  settled(promise: PromiseData): void;
  /** Somebody makes, reads or changes something that several tasks may come to. */
  made(object: object): void;
  uses(object: object, write: boolean): void;
  /** Asks for `value.then`. */
  looksForThen(value: unknown): void;
  /** Calls a function that may be the host's. */
  calls(fn: unknown, args: readonly unknown[]): void;
  /** A function of the host that tells itself what it does. */
  tellsItself(fn: unknown): void;
}

/** The state behind a promise object. */
export class PromiseData {
  state: PromiseState = "pending";
  value: unknown = undefined;
  taint: Taint | undefined = undefined;
  handled = false;
  /** Vector clock at the moment it was settled: what happens before whoever resumes by it. */
  clock: readonly number[] = [];
  readonly object: object;
  #reactions: Reaction[] = [];
  readonly #host: JobHost;

  constructor(object: object, host: JobHost) {
    this.object = object;
    this.#host = host;
    host.made(this);
  }

  /** The resolve and reject functions given to an executor: only the first call counts. */
  resolvers(): { resolve: (value: unknown) => void; reject: (reason: unknown) => void } {
    let done = false;
    const first = (): boolean => {
      const before = done;
      done = true;
      this.#host.uses(this, !before);
      return !before;
    };
    const resolve = (value: unknown): void => {
      if (first()) this.#resolve(value);
    };
    const reject = (reason: unknown): void => {
      if (first()) this.#settle("rejected", reason);
    };
    this.#host.tellsItself(resolve);
    this.#host.tellsItself(reject);
    return { resolve, reject };
  }

  #resolve(value: unknown): void {
    if (value === this.object) {
      this.#settle("rejected", new TypeError("Chaining cycle detected for promise #<Promise>"));
      return;
    }
    let then: unknown;
    this.#host.looksForThen(value);
    try {
      then = thenOf(value);
    } catch (error) {
      if (!isProgramError(error)) throw error;
      this.#settle("rejected", error);
      return;
    }
    if (typeof then !== "function") {
      this.#settle("fulfilled", value);
      return;
    }
    const callable = then;
    this.#host.enqueue(this.#host.lane, () => {
      const { resolve, reject } = this.resolvers();
      try {
        Reflect.apply(callable, value, [resolve, reject]);
      } catch (error) {
        if (!isProgramError(error)) throw error;
        reject(error);
      }
    });
  }

  #settle(state: "fulfilled" | "rejected", value: unknown): void {
    this.#host.uses(this, true);
    this.state = state;
    this.value = value;
    this.#host.settled(this);
    const reactions = this.#reactions;
    this.#reactions = [];
    if (state === "rejected" && !this.handled) this.#host.rejectedUnhandled(this);
    for (const it of reactions) this.#schedule(it);
  }

  /** PerformPromiseThen with functions that never throw. */
  react(fulfilled: (value: unknown) => void, rejected: (reason: unknown) => void): void {
    // Who comes to a settled promise first makes no difference to those who come later.
    this.#host.uses(this, this.state === "pending" || !this.handled);
    const reaction = { fulfilled, rejected, lane: this.#host.lane };
    if (this.state === "pending") this.#reactions.push(reaction);
    else {
      if (this.state === "rejected" && !this.handled) this.#host.handledLater(this);
      this.#schedule(reaction);
    }
    this.handled = true;
  }

  #schedule(reaction: Reaction): void {
    const run = this.state === "fulfilled" ? reaction.fulfilled : reaction.rejected;
    this.#host.enqueue(reaction.lane, () => {
      run(this.value);
    });
  }
}

function thenOf(value: unknown): unknown {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject ? (value as { readonly then?: unknown }).then : undefined;
}
