import type { Random } from "../random.js";
import {
  isLocal,
  type Operand,
  type Operation,
  type OracleProgram,
  type Register,
} from "./program.js";

export type Objects = Omit<OracleProgram, "threads">;

/** Registers that random threads use: what was found, whether something went well, and one whose value nobody looks at. */
export const found: Register = 0;
export const flag: Register = 1;
export const unread: Register = 2;

/** One thread of a random program as it grows. */
export class ThreadWriter {
  readonly random: Random;
  readonly objects: Objects;
  /** Timers that some thread starts. */
  readonly started: Set<number>;
  readonly #thread: number;
  readonly #operations: Operation[] = [];
  /** Added to a wait group and not yet done. */
  #owed = 0;
  /** RWMutexes that this thread may hold for reading. */
  readonly #reading = new Set<number>();
  readonly #own = new Set<number>();

  constructor(random: Random, objects: Objects, thread: number, started: Set<number>) {
    this.random = random;
    this.objects = objects;
    this.started = started;
    this.#thread = thread;
  }

  get operations(): readonly Operation[] {
    return this.#operations;
  }

  /** How many operations others can see. */
  get visible(): number {
    return this.#operations.filter((it) => !isLocal(it)).length;
  }

  emit(...operations: readonly Operation[]): void {
    this.#operations.push(...operations);
  }

  /** Emits the body so that it is skipped unless the register holds the value. */
  when(register: Register, is: number, body: () => void): void {
    const at = this.#operations.length;
    this.#operations.push({ kind: "unless", register, is, to: at + 1 });
    body();
    this.#operations[at] = { kind: "unless", register, is, to: this.#operations.length };
  }

  chance(oneIn: number): boolean {
    return this.random.below(oneIn) === 0;
  }

  cell(): number {
    return this.random.below(this.objects.cells);
  }

  /** Threads mostly write values of their own, so that readers can tell them apart. */
  value(): Operand {
    const which = this.random.below(4);
    if (which === 0) return { register: found };
    return which === 1 ? 1 : this.#thread + 1;
  }

  /** Threads lean to one direction, so that they find partners. */
  direction(): "send" | "recv" {
    return (this.#thread + (this.chance(4) ? 1 : 0)) % 2 === 0 ? "recv" : "send";
  }

  owe(count: number): void {
    this.#owed += count;
  }

  get owed(): number {
    return this.#owed;
  }

  /** Pays, mostly, what is owed to the wait group. */
  settle(): void {
    if (this.chance(5)) return;
    for (; this.#owed > 0; this.#owed--) this.emit({ kind: "wg-add", group: 0, delta: -1 });
  }

  // A thread that reads inside twice may wait for a writer that waits for it; whether writers announce themselves is not
  // what these programs are about.

  mayRead(rwmutex: number): boolean {
    return !this.#reading.has(rwmutex);
  }

  reads(rwmutex: number, reading: boolean): void {
    if (reading) this.#reading.add(rwmutex);
    else this.#reading.delete(rwmutex);
  }

  /** Whether this thread is the one that starts the timer, which it becomes when nobody is. */
  owns(timer: number): boolean {
    if (this.started.has(timer)) return this.#own.has(timer);
    this.started.add(timer);
    this.#own.add(timer);
    return true;
  }
}
