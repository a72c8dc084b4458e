import type { ThreadId, Witness } from "../../../protocol/witness.js";
import type { Arrival, Call, Cell, Placement, Queues } from "./placement.js";
import { RunQueue } from "./run-queue.js";
import { type Intent, Work } from "./work.js";

// Go's scheduler over the steps of one schedule. The rules are those of GOROOT/src/runtime/proc.go (Go 1.26): newproc,
// ready, wakep, schedule, findRunnable, stealWork, runqgrab, handoffp, exitsyscall, stopm. Simplified:
//
// - Every step takes one unit of time, however long it takes in truth, and switching takes none.
// - Steps that depend on each other keep the order of the schedule. A goroutine that would be too early keeps its
//   processor if the one it waits for is on another at that moment (in truth it is only slower), else it loses it, as
//   after the 10 ms of sysmon's preemption, and comes back by the global queue.
// - Thieves look at the others in the order of their numbers, beginning after their own, where Go begins anywhere.
//   Of a processor that goes on running they take the goroutine that was to run next at once, where Go waits 3 µs.
// - No garbage collector, no network, no sysmon. Sleepers and timers wake on an idle processor, else by the global queue.

/** How long a call of the operating system takes; 0: no time at all. */
export interface Options {
  readonly processors: number;
  readonly callLength: number;
}

type Where =
  | "absent"
  | "queued"
  | "running"
  | "parked"
  | "sleeping"
  | "held back"
  | "in a call"
  | "over";

interface Processor {
  readonly id: number;
  readonly queue: RunQueue;
  /** The operating system's thread that has it; null: idle. */
  os: number | null;
  thread: ThreadId | null;
  arrival: Arrival;
  ticks: number;
}

/** Every how many turns the global queue comes first, so that nobody starves in it. */
const fairness = 61;

export function placeByGo(witness: Witness, options: Options): Placement {
  return new GoScheduler(witness, options).run();
}

class GoScheduler {
  readonly #witness: Witness;
  readonly #work: Work;
  readonly #callLength: number;
  readonly #where: Where[];
  readonly #processors: Processor[];
  /** The last is taken first. */
  readonly #idle: number[] = [];
  readonly #idleThreads: number[] = [];
  readonly #global: ThreadId[] = [];
  /** Processors whose thread looks for work, and whether it was woken for that. */
  readonly #spinning: { readonly processor: Processor; readonly woken: boolean }[] = [];
  readonly #cells: Cell[][] = [];
  readonly #byRow: Cell[] = [];
  readonly #queues: Queues[] = [];
  readonly #calls: (Call & { readonly processor: number })[] = [];
  readonly #counts = {
    switches: 0,
    preemptions: 0,
    steals: 0,
    stolen: 0,
    threads: 1,
    wakes: 0,
    vain: 0,
    handOffs: 0,
  };

  constructor(witness: Witness, { processors, callLength }: Options) {
    this.#witness = witness;
    this.#work = new Work(witness);
    this.#callLength = callLength;
    this.#where = witness.threads.map(() => "absent");
    this.#processors = Array.from({ length: processors }, (_, id) => ({
      id,
      queue: new RunQueue(),
      os: id === 0 ? 0 : null,
      thread: null,
      arrival: "queue",
      ticks: 0,
    }));
    for (let id = processors - 1; id > 0; id--) this.#idle.push(id);
  }

  run(): Placement {
    const [first] = this.#processors;
    if (first !== undefined && this.#where.length > 0) {
      this.#queue(first, 0);
      this.#schedule(first);
    }
    while (this.#work.left > 0) this.#unit();
    return {
      processors: this.#processors.length,
      length: this.#cells.length,
      steps: this.#byRow.length,
      cells: this.#cells,
      byRow: this.#byRow,
      calls: this.#calls,
      queues: this.#queues,
      counts: this.#counts,
    };
  }

  /** One unit of time: everybody finds what to run, and does one step of it. */
  #unit(): void {
    const time = this.#cells.length;
    this.#endCalls(time);
    this.#leave();
    this.#search();
    this.#wakeSleepers();
    this.#holdBack();
    const cells = this.#processors.flatMap((it) => this.#cell(it, time));
    if (cells.length === 0 && this.#calls.every((it) => it.to <= time)) {
      throw new Error(`nothing can run at ${time}, with ${this.#work.left} steps to do`);
    }
    this.#cells.push(cells);
    this.#queues.push(this.#snapshot());
    const done = cells.filter((it) => it.row !== null);
    done.sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
    for (const it of done) this.#finish(it);
  }

  #cell(it: Processor, time: number): readonly Cell[] {
    const { thread, os } = it;
    if (thread === null || os === null) return [];
    const intent = this.#work.intent(thread);
    const place = { processor: it.id, time, thread, os, arrival: it.arrival };
    it.arrival = "goes on";
    if (intent.kind === "early") return [{ ...place, row: null, waitsFor: intent.waitsFor }];
    const row = this.#rowOf(thread, intent);
    const cell = { ...place, row, waitsFor: null };
    this.#byRow[row] = cell;
    return [cell];
  }

  #rowOf(thread: ThreadId, intent: Intent): number {
    if (intent.kind === "step") return intent.row;
    if (intent.kind === "sleep") return this.#work.awakening(thread);
    throw new Error(`goroutine ${thread} is on a processor and has nothing to do`);
  }

  /** The step is done: whom it starts or wakes waits for this processor from now on. */
  #finish({ row, processor, thread, time }: Cell): void {
    const on = this.#processors[processor];
    if (row === null || on === undefined) return;
    const { action } = this.#witness.steps[row] ?? {};
    const woken = this.#work.finish(row);
    if (action?.kind === "spawn" && this.#where[action.thread] === "absent") {
      this.#ready(on, action.thread);
    }
    for (const it of woken) {
      if (this.#where[it] === "parked") this.#ready(on, it);
      else if (this.#where[it] === "held back") this.#putGlobal(it);
    }
    if (action?.kind === "output" && this.#callLength > 0) this.#call(on, thread, time + 1);
  }

  /** `runqput` as the next one, then `wakep`. */
  #ready(on: Processor, thread: ThreadId): void {
    if (this.#work.intent(thread).kind === "over") {
      this.#where[thread] = "over";
      return;
    }
    this.#where[thread] = "queued";
    on.queue.putNext(thread, this.#global);
    this.#wakeThread();
  }

  #putGlobal(thread: ThreadId): void {
    this.#where[thread] = "queued";
    this.#global.push(thread);
    this.#wakeThread();
  }

  #queue(on: Processor, thread: ThreadId): void {
    this.#where[thread] = "queued";
    on.queue.put(thread, this.#global);
  }

  /** `wakep`: one more thread looks for work if a processor is idle and nobody looks already. */
  #wakeThread(): void {
    if (this.#spinning.length > 0) return;
    const processor = this.#takeIdle();
    if (processor === null) return;
    this.#startThread(processor);
    this.#spinning.push({ processor, woken: true });
  }

  #takeIdle(): Processor | null {
    return this.#processors[this.#idle.pop() ?? -1] ?? null;
  }

  /** `startm`. */
  #startThread(processor: Processor): void {
    const parked = this.#idleThreads.pop();
    if (parked === undefined) processor.os = this.#counts.threads++;
    else this.#counts.wakes++;
    processor.os ??= parked ?? null;
  }

  /** `stopm`: the thread sleeps until it is woken. */
  #stopThread(processor: Processor): void {
    if (processor.os !== null) this.#idleThreads.push(processor.os);
    processor.os = null;
    this.#idle.push(processor.id);
  }

  /** `entersyscall` for a call that lasts, and `handoffp`. */
  #call(on: Processor, thread: ThreadId, from: number): void {
    if (on.os === null || this.#work.left === 0) return;
    this.#where[thread] = "in a call";
    this.#calls.push({ thread, os: on.os, from, to: from + this.#callLength, processor: on.id });
    on.thread = null;
    on.os = null;
    this.#counts.handOffs++;
    if (!on.queue.empty || this.#global.length > 0) {
      this.#startThread(on);
    } else if (this.#spinning.length === 0 && this.#idle.length === 0) {
      this.#startThread(on);
      this.#spinning.push({ processor: on, woken: true });
    } else {
      this.#idle.push(on.id);
    }
  }

  /** `exitsyscall`: back to the old processor if it is idle, else to any that is, else into the global queue. */
  #endCalls(time: number): void {
    for (const it of this.#calls) {
      if (it.to !== time) continue;
      const old = this.#idle.indexOf(it.processor);
      const id = old >= 0 ? this.#idle.splice(old, 1)[0] : this.#idle.pop();
      const processor = this.#processors[id ?? -1];
      if (processor === undefined) {
        this.#idleThreads.push(it.os);
        this.#putGlobal(it.thread);
      } else {
        processor.os = it.os;
        this.#execute(processor, it.thread, "call");
      }
    }
  }

  /** Those that cannot go on give their processors up, and what waits for these comes. */
  #leave(): void {
    for (const it of this.#processors) {
      if (it.os === null || this.#spinning.some((s) => s.processor === it)) continue;
      if (it.thread !== null) this.#park(it, it.thread);
      if (it.thread === null) this.#schedule(it);
    }
  }

  #park(processor: Processor, thread: ThreadId): void {
    const { kind } = this.#work.intent(thread);
    if (kind === "step" || kind === "early") return;
    this.#where[thread] = kind === "park" ? "parked" : kind === "sleep" ? "sleeping" : "over";
    processor.thread = null;
  }

  /** `schedule` and the first half of `findRunnable`: own queue, global queue, then look elsewhere. */
  #schedule(it: Processor): void {
    while (it.thread === null) {
      const found = this.#own(it);
      if (found === null) break;
      this.#take(it, found.thread, found.arrival);
    }
    if (it.thread !== null) return;
    const busy = this.#processors.length - this.#idle.length;
    if (2 * this.#spinning.length < busy) this.#spinning.push({ processor: it, woken: false });
    else this.#stopThread(it);
  }

  #own(it: Processor): { readonly thread: ThreadId; readonly arrival: Arrival } | null {
    const fair = it.ticks % fairness === 0 ? this.#global.shift() : undefined;
    if (fair !== undefined) return { thread: fair, arrival: "global queue" };
    const arrival = it.queue.next === null ? "queue" : "next";
    const local = it.queue.get();
    if (local !== null) return { thread: local, arrival };
    const share = Math.floor(this.#global.length / this.#processors.length) + 1;
    const [first, ...rest] = this.#global.splice(0, share);
    for (const other of rest) it.queue.put(other, this.#global);
    return first === undefined ? null : { thread: first, arrival: "global queue" };
  }

  /** Runs what was found as far as it can go without a step: at once to where it waits, or not at all. */
  #take(it: Processor, thread: ThreadId, arrival: Arrival): void {
    const intent = this.#work.intent(thread);
    switch (intent.kind) {
      case "step":
        this.#execute(it, thread, arrival);
        return;
      case "early":
        if (this.#isRunning(intent.waitsFor)) this.#execute(it, thread, arrival);
        else this.#where[thread] = "held back";
        return;
      case "sleep":
        if (this.#where[thread] === "queued" && this.#work.due(thread)) {
          this.#execute(it, thread, arrival);
          return;
        }
        this.#where[thread] = "sleeping";
        return;
      case "park":
        this.#counts.switches++;
        this.#where[thread] = "parked";
        return;
      case "over":
        this.#where[thread] = "over";
        return;
    }
  }

  #execute(it: Processor, thread: ThreadId, arrival: Arrival): void {
    this.#where[thread] = "running";
    it.thread = thread;
    it.arrival = arrival;
    if (arrival !== "next") it.ticks++; // whoever runs next shares the time of the one before
    this.#counts.switches++;
  }

  /** Whether the goroutine of the step is on a processor. */
  #isRunning(row: number): boolean {
    const thread = this.#witness.steps[row]?.thread;
    return thread !== undefined && this.#where[thread] === "running";
  }

  /** The second half of `findRunnable`: global queue, then steal, else sleep. */
  #search(): void {
    for (let it = this.#spinning.shift(); it !== undefined; it = this.#spinning.shift()) {
      const { processor, woken } = it;
      while (processor.thread === null) {
        const found = this.#own(processor) ?? this.#steal(processor);
        if (found === null) break;
        this.#take(processor, found.thread, found.arrival);
      }
      if (processor.thread === null) {
        if (woken) this.#counts.vain++;
        this.#stopThread(processor);
      } else {
        this.#wakeThread(); // resetspinning: there may be more to do
      }
    }
  }

  /** `stealWork`: half of another's queue, of which the newest runs at once; at last the one that was to run next. */
  #steal(thief: Processor): { readonly thread: ThreadId; readonly arrival: Arrival } | null {
    const n = this.#processors.length;
    const others = Array.from(
      { length: n - 1 },
      (_, i) => this.#processors[(thief.id + 1 + i) % n],
    );
    for (const from of others) {
      const batch = from?.queue.grab() ?? [];
      const thread = batch.pop();
      if (thread === undefined) continue;
      for (const it of batch) thief.queue.put(it, this.#global);
      return this.#stole(thread, batch.length + 1);
    }
    for (const from of others) {
      const thread = from?.thread === null ? null : (from?.queue.grabNext() ?? null);
      if (thread !== null) return this.#stole(thread, 1);
    }
    return null;
  }

  #stole(
    thread: ThreadId,
    stolen: number,
  ): { readonly thread: ThreadId; readonly arrival: Arrival } {
    this.#counts.steals++;
    this.#counts.stolen += stolen;
    return { thread, arrival: "stolen" };
  }

  /** Sleepers whose time has come, and timers that fire. */
  #wakeSleepers(): void {
    this.#where.forEach((where, thread) => {
      if (where !== "sleeping" && where !== "absent") return;
      if (!this.#work.due(thread) || this.#work.left === 0) return;
      const processor = this.#takeIdle();
      if (processor === null) {
        this.#where[thread] = "queued";
        this.#global.push(thread);
        return;
      }
      this.#startThread(processor);
      this.#execute(processor, thread, "next");
    });
  }

  /** Whoever would be too early for this schedule, and waits for nobody that runs, loses the processor. */
  #holdBack(): void {
    for (const it of this.#processors) {
      if (it.thread === null) continue;
      const intent = this.#work.intent(it.thread);
      if (intent.kind !== "early" || this.#isRunning(intent.waitsFor)) continue;
      this.#where[it.thread] = "held back";
      this.#counts.preemptions++;
      it.thread = null;
      this.#schedule(it);
      this.#search();
    }
  }

  #snapshot(): Queues {
    return {
      local: this.#processors.map(({ queue }) => ({ next: queue.next, others: [...queue.others] })),
      global: [...this.#global],
    };
  }
}
