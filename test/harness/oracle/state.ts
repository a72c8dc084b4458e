// Where an execution's state lies in its memory.

import { Layout, Memory } from "./memory.js";
import { registersOf, type Operand, type Operation, type OracleProgram } from "./program.js";

export class State {
  readonly program: OracleProgram;
  readonly memory: Memory;
  readonly #layout = new Layout();
  readonly #threads: number;
  /** Next operation of each thread; whether it was spawned; until when it sleeps, or 0. */
  readonly pc: number;
  readonly alive: number;
  readonly asleep: number;
  readonly #registers: readonly number[];
  readonly now: number;
  readonly steps: number;
  readonly cells: number;
  /** 1 while somebody has it. */
  readonly mutexes: number;
  readonly readers: number;
  readonly writers: number;
  /** One more than the number of the thread that has announced itself, or 0. */
  readonly announced: number;
  /** How often each thread is inside each RWMutex as a reader, one row a lock. */
  readonly #inside: number;
  readonly sent: number;
  readonly received: number;
  readonly closed: number;
  /** Two slots a channel. */
  readonly #slots: number;
  readonly counters: number;
  /** 0: nobody has called, 1: the first call runs, 2: it has returned. */
  readonly onces: number;
  /** Of each condition: how many have queued and how many of them have been woken. */
  readonly queued: number;
  readonly woken: number;
  readonly #queue: number;
  readonly #queueLength: number;
  /** Of each condition and thread: one more than the number of the step that woke it, or 0. */
  readonly #wakes: number;
  /** When a timer that runs fires, or 0. */
  readonly deadlines: number;
  readonly started: number;

  constructor(program: OracleProgram) {
    const layout = this.#layout;
    const { threads, channels, conds, rwmutexes, timers } = program;
    this.program = program;
    this.#threads = threads.length;
    this.pc = layout.take(threads.length);
    this.alive = layout.take(threads.length);
    this.asleep = layout.take(threads.length);
    this.#registers = threads.map((it) => layout.take(registersOf(it)));
    this.now = layout.take(1);
    this.steps = layout.take(1);
    this.cells = layout.take(program.cells);
    this.mutexes = layout.take(program.mutexes);
    this.readers = layout.take(rwmutexes);
    this.writers = layout.take(rwmutexes);
    this.announced = layout.take(rwmutexes);
    this.#inside = layout.take(rwmutexes * threads.length);
    this.sent = layout.take(channels.length);
    this.received = layout.take(channels.length);
    this.closed = layout.take(channels.length);
    this.#slots = layout.take(channels.length * 2);
    this.counters = layout.take(program.groups);
    this.onces = layout.take(program.onces);
    this.queued = layout.take(conds);
    this.woken = layout.take(conds);
    this.#queueLength = enqueues(program);
    this.#queue = layout.take(conds * this.#queueLength);
    this.#wakes = layout.take(conds * threads.length);
    this.deadlines = layout.take(timers.length);
    this.started = layout.take(timers.length);
    this.memory = new Memory(layout.size);
  }

  /** The operation the thread stands before; undefined when it has none left or was not spawned. */
  standing(thread: number): Operation | undefined {
    if (this.memory.get(this.alive + thread) === 0) return undefined;
    return this.program.threads[thread]?.[this.memory.get(this.pc + thread)];
  }

  register(thread: number, register: number): number {
    return (this.#registers[thread] ?? 0) + register;
  }

  give(thread: number, register: number, value: number): void {
    this.memory.set(this.register(thread, register), value);
  }

  value(thread: number, operand: Operand): number {
    if (typeof operand === "number") return operand;
    return this.memory.get(this.register(thread, operand.register));
  }

  /** The thread panicked: it does nothing any more. */
  end(thread: number): void {
    this.memory.set(this.pc + thread, this.program.threads[thread]?.length ?? 0);
  }

  inside(rwmutex: number, thread: number): number {
    return this.#inside + rwmutex * this.#threads + thread;
  }

  slot(channel: number, n: number): number {
    const capacity = this.program.channels[channel] ?? 0;
    return this.#slots + channel * 2 + (n % capacity);
  }

  place(cond: number, position: number): number {
    return this.#queue + cond * this.#queueLength + position;
  }

  wake(cond: number, thread: number): number {
    return this.#wakes + cond * this.#threads + thread;
  }
}

/** Each enqueues once at most, for branches go forward only. */
function enqueues(program: OracleProgram): number {
  return program.threads.flat().filter((it) => it.kind === "cond-enqueue").length;
}
