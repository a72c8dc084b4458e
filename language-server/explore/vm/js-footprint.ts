// What the running task reads and writes that another task could reach. What it makes itself it need not mention: who
// reaches that later has it from something the task wrote, or from a task that it asked for.
// Objects that nobody has named (the host's own, results of its functions) are never mentioned when they are read;
// writing one, and all that is not understood, counts as touching everything.

import type { Numbers } from "./js-numbers.js";
import { everything, touch, touches, type Touch, type TouchKind } from "./touch.js";

interface Named {
  readonly number: number;
  /** In which step it was made. */
  readonly step: number;
}

/** A thread of the search: the module, or a task of the event loop. */
interface Thread {
  readonly number: number;
  /** Objects it has made. */
  made: number;
  /** Tasks it has asked for. */
  asked: number;
}

/** Objects in a value that is read as a whole, beyond which it counts as everything. */
const mostRead = 300;

export class Footprint {
  readonly #numbers: Numbers;
  readonly #named = new WeakMap<object, Named>();
  readonly #threads: Thread[];
  readonly #touched = new Map<string, Touch>();
  #running = 0;
  #step = 0;
  #imprecise = false;
  /** From now on no step is told precisely. */
  #opaque = false;

  constructor(numbers: Numbers) {
    this.#numbers = numbers;
    this.#threads = [{ number: numbers.of("main"), made: 0, asked: 0 }];
  }

  // Steps

  begin(thread: number): void {
    this.#running = thread;
    this.#step++;
    this.#touched.clear();
    this.#imprecise = false;
  }

  /**
   * What has been touched since. Nothing comes before the module's own step. A step that is not told precisely is tried
   * before and after everything else; all others say first that they ran, so that they never have one touch only, which
   * would promise the search that they do the same wherever they come.
   */
  end(): readonly Touch[] {
    if (this.#running === 0) return [];
    const own = touch(this.#thread.number, touches.other);
    if (this.#imprecise || this.#opaque) {
      return [touch(everything, touches.other), touch(this.#thread.number, touches.timerFire)];
    }
    return [own, ...this.#touched.values()];
  }

  get #thread(): Thread {
    return this.#threads[this.#running] as Thread;
  }

  /** The running task asks for another one, the next thread. */
  asks(): void {
    const { number } = this.#thread;
    const path = `${number}>${this.#thread.asked++}`;
    this.#threads.push({ number: this.#numbers.of(path), made: 0, asked: 0 });
  }

  imprecise(): void {
    this.#imprecise = true;
  }

  opaque(): void {
    this.#opaque = true;
  }

  // The event loop

  /** A timer or immediate is put at the end of its queue, due some time from now. */
  queues(thread: number, queue: string): void {
    this.#note(this.#numbers.of(`queue ${queue}`), touches.write);
    this.#note((this.#threads[thread] as Thread).number, touches.timerFire);
    this.readsClock();
  }

  fires(later: boolean): void {
    this.#note(this.#thread.number, touches.timerFire);
    if (later) this.#note(this.#numbers.of("clock"), touches.wholeRead);
  }

  clears(thread: number): void {
    this.#note((this.#threads[thread] as Thread).number, touches.timer);
  }

  readsClock(): void {
    this.#note(this.#numbers.of("clock"), touches.partWrite);
  }

  // Objects

  /** The running task has made it. */
  made(object: object): void {
    const thread = this.#thread;
    const number = this.#numbers.of(`${thread.number}.${thread.made++}`);
    this.#named.set(object, { number, step: this.#step });
  }

  knows(object: object): boolean {
    return this.#named.has(object);
  }

  /** The same object in every execution, whoever comes to it first. */
  fixed(object: object, key: string, name: string): void {
    if (!this.#named.has(object)) {
      this.#named.set(object, { number: this.#numbers.of(key, name), step: 0 });
    }
  }

  /** A variable, or a promise: something that is one place. */
  uses(object: object, write: boolean): void {
    const named = this.#named.get(object);
    if (named === undefined) this.#imprecise ||= write;
    else if (named.step !== this.#step) {
      this.#note(named.number, write ? touches.write : touches.read);
    }
  }

  /** A property, wherever it is inherited from. */
  gets(base: unknown, key: unknown): void {
    let object = base;
    while (isObject(object)) {
      if (!this.#named.has(object)) return;
      this.#part(object, propertyKey(key), false);
      if (Object.hasOwn(object, key as PropertyKey)) return;
      object = Object.getPrototypeOf(object) as unknown;
    }
  }

  sets(base: unknown, key: unknown): void {
    if (!isObject(base)) return;
    if (Array.isArray(base)) {
      if (key === "length") {
        this.whole(base, true);
        return;
      }
      if (Number(key) >= base.length) this.#part(base, propertyKey("length"), true);
    } else if (this.#named.has(base) && !Object.hasOwn(base, key as PropertyKey)) {
      this.#part(base, "order of keys", true);
    }
    this.#part(base, propertyKey(key), true);
  }

  /** An entry of a map or set. */
  entry(object: object, key: unknown, write: boolean): void {
    const named = isObject(key) ? this.#named.get(key) : undefined;
    if (isObject(key) && named === undefined) {
      this.whole(object, write);
      return;
    }
    const text = named === undefined ? `${typeof key} ${String(key)}` : `object ${named.number}`;
    this.#part(object, `entry ${text}`, write);
  }

  #part(object: object, key: string, write: boolean): void {
    const named = this.#named.get(object);
    if (named === undefined) {
      this.#imprecise ||= write;
      return;
    }
    if (named.step === this.#step) return;
    const place = this.#numbers.of(`${named.number}[${key}]`);
    this.#note(place, write ? touches.write : touches.read);
    this.#note(named.number, write ? touches.partWrite : touches.partRead);
  }

  /** All its entries. */
  whole(object: unknown, write: boolean): void {
    if (!isObject(object)) return;
    const named = this.#named.get(object);
    if (named === undefined) this.#imprecise ||= write;
    else if (named.step !== this.#step) {
      this.#note(named.number, write ? touches.wholeWrite : touches.wholeRead);
    }
  }

  /** All that can be reached from the value without running code of the program. */
  deep(value: unknown): void {
    const seen = new Set<object>();
    const left: unknown[] = [value];
    while (left.length > 0) {
      const it = left.pop();
      if (typeof it !== "object" || it === null || seen.has(it)) continue;
      if (seen.size > mostRead) {
        this.imprecise();
        return;
      }
      seen.add(it);
      this.whole(it, false);
      if (it instanceof Map) left.push(...it.keys(), ...it.values());
      else if (it instanceof Set) left.push(...it);
      for (const key of Reflect.ownKeys(it)) {
        left.push(Reflect.getOwnPropertyDescriptor(it, key)?.value);
      }
    }
  }

  #note(object: number, kind: TouchKind): void {
    if (kind === touches.read && this.#touched.has(`${object} ${touches.write}`)) return;
    if (kind === touches.write) this.#touched.delete(`${object} ${touches.read}`);
    const key = `${object} ${kind}`;
    if (!this.#touched.has(key)) this.#touched.set(key, touch(object, kind));
  }
}

export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function propertyKey(key: unknown): string {
  return typeof key === "symbol" ? `symbol ${key.description ?? ""}` : `name ${String(key)}`;
}
