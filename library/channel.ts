import { waitFor, type Reason } from "./observer.js";
import { place } from "./waiting.js";

/** Go's `value, ok := <-channel`: `ok` is false when the channel is closed and empty. */
export type Received<T> =
  | { readonly value: T; readonly ok: true }
  | { readonly value: undefined; readonly ok: false };

const ended = { value: undefined, ok: false } as const;
const sendOnClosed = "send on closed channel";

/** Several offers of one `select` share it: the first that is taken withdraws the others. */
export interface Turn {
  taken: boolean;
}

export interface Sender<T> {
  readonly turn: Turn;
  readonly value: T;
  /** `false` when the channel was closed meanwhile. */
  sent(accepted: boolean): void;
}

export interface Receiver<T> {
  readonly turn: Turn;
  received(it: Received<T>): void;
}

/** Go's channel. Make one with `chan`. */
export class Chan<T> {
  readonly capacity: number;
  readonly #buffer: T[] = [];
  #senders: Sender<T>[] = [];
  #receivers: Receiver<T>[] = [];
  #closed = false;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** How many values wait in the buffer. */
  get length(): number {
    return this.#buffer.length;
  }

  /** Waits for room or a receiver. Throws when the channel is closed. */
  async send(value: T): Promise<void> {
    if (this.trySend(value)) return;
    const mine = place<boolean>();
    this.offer({ turn: { taken: false }, value, sent: mine.open });
    accept(await blocked("send", mine.promise));
  }

  /** Waits for a value, or for the channel to be closed. */
  async receive(): Promise<Received<T>> {
    const now = this.tryReceive();
    if (now !== null) return now;
    const mine = place<Received<T>>();
    this.await({ turn: { taken: false }, received: mine.open });
    return blocked("receive", mine.promise);
  }

  /** Nothing can be sent any more; who waits to receive goes on. Throws when it is closed already. */
  close(): void {
    if (this.#closed) throw new Error("close of closed channel");
    this.#closed = true;
    for (let it = this.#nextReceiver(); it !== undefined; it = this.#nextReceiver()) {
      it.received(ended);
    }
    for (let it = this.#nextSender(); it !== undefined; it = this.#nextSender()) it.sent(false);
  }

  /** Go's `range`: what comes, until the channel is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (let it = await this.receive(); it.ok; it = await this.receive()) yield it.value;
  }

  /** Whether it went without waiting. Throws when the channel is closed. */
  trySend(value: T): boolean {
    if (this.#closed) throw new Error(sendOnClosed);
    const receiver = this.#nextReceiver();
    if (receiver !== undefined) {
      receiver.received({ value, ok: true });
      return true;
    }
    if (this.#buffer.length >= this.capacity) return false;
    this.#buffer.push(value);
    return true;
  }

  /** What can be had without waiting. */
  tryReceive(): Received<T> | null {
    if (this.#buffer.length > 0) {
      const value = this.#buffer.shift() as T;
      const sender = this.#nextSender();
      if (sender !== undefined) {
        this.#buffer.push(sender.value);
        sender.sent(true);
      }
      return { value, ok: true };
    }
    const sender = this.#nextSender();
    if (sender === undefined) return this.#closed ? ended : null;
    sender.sent(true);
    return { value: sender.value, ok: true };
  }

  /** Whether a send would not wait. */
  get takes(): boolean {
    return this.#closed || this.#buffer.length < this.capacity || this.#receivers.some(isFree);
  }

  /** Whether a receive would not wait. */
  get gives(): boolean {
    return this.#closed || this.#buffer.length > 0 || this.#senders.some(isFree);
  }

  offer(sender: Sender<T>): void {
    this.#senders = [...this.#senders.filter(isFree), sender];
  }

  await(receiver: Receiver<T>): void {
    this.#receivers = [...this.#receivers.filter(isFree), receiver];
  }

  #nextSender(): Sender<T> | undefined {
    return takeFirst(this.#senders);
  }

  #nextReceiver(): Receiver<T> | undefined {
    return takeFirst(this.#receivers);
  }
}

/** Go's `make(chan T, capacity)`. */
export function chan<T>(capacity = 0): Chan<T> {
  return new Chan<T>(capacity);
}

/** A send that the channel did not accept was overtaken by `close`. */
export function accept(sent: boolean): void {
  if (!sent) throw new Error(sendOnClosed);
}

function isFree(it: { readonly turn: Turn }): boolean {
  return !it.turn.taken;
}

function takeFirst<W extends { readonly turn: Turn }>(queue: W[]): W | undefined {
  for (let it = queue.shift(); it !== undefined; it = queue.shift()) {
    if (it.turn.taken) continue;
    it.turn.taken = true;
    return it;
  }
  return undefined;
}

function blocked<T>(reason: Reason, promise: Promise<T>): Promise<T> {
  return waitFor(reason, promise);
}
