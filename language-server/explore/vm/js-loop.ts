// The event loop: tasks (timers, immediates, replies from outside), the two microtask queues, and the account of what happened,
// one event per stretch of an async call between two awaits.

import type { Action, Blocked } from "../../../protocol/witness.js";
import { present } from "../../base/assert.js";
import { spanOf } from "../../ir/access.js";
import type { SpanId } from "../../ir/ir.js";
import { awaitedText, type Frame, funcOfFrame, standsForLane } from "./js-code.js";
import type { Vm } from "./js-interp.js";
import type { JobHost, PromiseData } from "./js-promise.js";
import type { TrackHost } from "./js-track.js";
import { Abort, Cell, isProgramError, type Lane, type Place } from "./js-values.js";

/** Something that happened, with what is shown beside it. */
export interface LoopEvent {
  readonly thread: number;
  readonly action: Action;
  readonly span: SpanId;
  readonly func: string;
  readonly clock: readonly number[];
  readonly blocked: readonly Blocked[];
  readonly variables: readonly { readonly name: string; readonly value: string }[];
  /** Length of the output after it. */
  readonly output: number;
  /** Which of `randomValues` a random number got here; null of everything else. */
  readonly draw: number | null;
}

/** What stands for all the numbers that `Math.random` may give. */
export const randomValues: readonly number[] = [0, 1 - 2 ** -53];
/** Random numbers of an execution that are steps. */
const mostDraws = 6;
/** Multiples of the golden ratio are spread evenly. */
const golden = 0.618033988749895;

export interface Task {
  /** Thread of a search of whole tasks: the how-manieth task of all, from 1. */
  readonly thread: number;
  readonly lane: number;
  /** The how-manieth task its lane has asked for. */
  readonly arm: number;
  readonly kind: "timer" | "immediate" | "reply";
  readonly delay: number;
  readonly text: string;
  readonly span: SpanId;
  readonly run: () => void;
  readonly repeats: boolean;
  due: number;
  seq: number;
  /** Immediates run in rounds: those that one asks for wait for the next. */
  round: number;
  live: boolean;
  /** Keeps the program alive. */
  ref: boolean;
}

export interface Crash {
  readonly message: string;
  readonly assertion: boolean;
  readonly span: SpanId;
  /** What was thrown. */
  readonly error: unknown;
}

export interface LoopOptions {
  /** Places whose accesses are told. */
  readonly visible: ReadonlySet<SpanId>;
  /** What random numbers get, in order, and the first value from there on; null: they are no steps. */
  readonly draws: readonly number[] | null;
}

/** Tasks of one queue that are due together run in the order in which they were asked for. */
function queueOf({ kind, delay }: Task): string {
  return kind === "immediate" ? "of immediates" : `of timers of ${delay} ms`;
}

export class EventLoop implements JobHost, TrackHost {
  lane = 0;
  now = 0;
  aborted: Abort | null = null;
  crash: Crash | null = null;
  output = "";
  readonly lanes: Lane[] = [];
  readonly events: LoopEvent[] = [];
  readonly objects: Place[] = [];
  readonly ticks: (() => void)[] = [];
  tasks: Task[] = [];
  /** Steps of a machine of whole tasks: the module, and tasks that have begun. */
  begun = 0;
  /** Tasks that were ever asked for. */
  asked: Task[] = [];
  readonly #jobs: { readonly lane: number; readonly run: () => void }[] = [];
  readonly #unhandled = new Set<PromiseData>();
  readonly #vm: Vm;
  readonly #visible: ReadonlySet<SpanId>;
  /** What asked for the task that runs. */
  taskSpan = 0 as SpanId;
  /** The last place that drew a random number. */
  randomAt: SpanId | null = null;
  readonly #draws: readonly number[] | null;
  #drawn = 0;
  #seq = 0;
  /** The round that a new immediate belongs to; the one before it may be under way. */
  #round = 1;
  #inMain = true;

  constructor(vm: Vm, { visible, draws }: LoopOptions) {
    this.#vm = vm;
    this.#visible = visible;
    this.#draws = draws;
    this.#addLane("main", null);
  }

  get span(): SpanId {
    return this.#vm.span;
  }

  get func(): string {
    return this.#vm.func;
  }

  get steps(): number {
    return this.#vm.seen === null ? this.events.length : this.begun - 1;
  }

  // Tasks

  /** Runs the module: its body, then everything that is due before the first task. */
  runMain(body: () => void, jobsFirst: boolean, span: SpanId): void {
    this.#begin(0);
    this.taskSpan = span;
    this.#emit(0, { kind: "start" }, span);
    this.#guarded(() => {
      body();
      this.lane = 0;
      if (jobsFirst) this.#runJobs();
      this.#drain();
    });
    this.#inMain = false;
  }

  runTask(task: Task): void {
    this.tasks = this.tasks.filter((it) => it !== task);
    this.#begin(task.thread);
    this.taskSpan = task.span;
    if (task.kind !== "reply") {
      const later = task.kind === "timer" && task.due > this.now;
      this.#vm.seen?.footprint.fires(later);
    }
    if (task.kind === "timer") this.now = Math.max(this.now, task.due);
    if (task.kind === "immediate" && task.round === this.#round) this.#round++;
    this.lane = task.lane;
    this.#emit(task.lane, { kind: "task", text: task.text }, task.span);
    this.#guarded(() => {
      task.run();
      this.#drain();
    });
    if (task.repeats && task.live) this.#schedule(task, this.now + task.delay);
  }

  #begin(thread: number): void {
    this.begun++;
    this.#vm.seen?.footprint.begin(thread);
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#vm.seen?.footprint.imprecise();
      if (error instanceof Abort) this.aborted = error;
      else if (!isProgramError(error)) throw error;
      else this.#fail(error);
    }
  }

  /** The tasks that are left never run: the end is in the way of all of them. */
  #fail(error: unknown): void {
    this.#vm.seen?.footprint.imprecise();
    const text = this.#vm.realm.errorText(error);
    const span = this.#vm.realm.spanOfError(error) ?? this.span;
    this.#emit(this.lane, { kind: "panic", text }, span);
    const assertion = error instanceof Error && error.name === "AssertionError";
    this.crash = { message: text, assertion, span, error };
  }

  #drain(): void {
    do {
      for (let tick = this.ticks.shift(); tick !== undefined; tick = this.ticks.shift()) tick();
      this.#runJobs();
    } while (this.ticks.length > 0);
    for (const promise of this.#unhandled) {
      if (this.crash === null) this.#fail(promise.value);
    }
    this.#unhandled.clear();
  }

  #runJobs(): void {
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      this.#vm.fuel -= 10;
      if (this.#vm.fuel < 0) throw new Abort("limit", "too many microtasks", this.span);
      this.lane = job.lane;
      job.run();
    }
  }

  /** `span`: the place that asks for it, where that is not the one that runs. */
  addTask(
    task: Pick<Task, "kind" | "delay" | "text" | "run" | "repeats"> & { readonly span?: SpanId },
    label = "",
  ): Task {
    const creator = this.lane;
    const lane = label === "" ? creator : this.#addLane(label, creator).id;
    const asking = this.lanes[lane] as Lane;
    const { span = this.span } = task;
    const added = {
      ...task,
      thread: this.asked.length + 1,
      lane,
      arm: asking.tasks++,
      span,
      due: 0,
      seq: 0,
      round: this.#round,
      live: true,
      ref: true,
    };
    this.asked.push(added);
    this.#vm.seen?.footprint.asks();
    const early = task.kind === "immediate" && !this.#inMain;
    return this.#schedule(added, early ? this.now : this.now + task.delay);
  }

  #schedule(task: Task, due: number): Task {
    task.due = due;
    task.seq = this.#seq++;
    this.tasks.push(task);
    if (task.kind !== "reply") this.#vm.seen?.footprint.queues(task.thread, queueOf(task));
    return task;
  }

  removeTask(task: Task): void {
    this.#vm.seen?.footprint.clears(task.thread);
    task.live = false;
    this.tasks = this.tasks.filter((it) => it !== task);
  }

  /** The tasks that may run next: any reply, the first immediate, and the timers that are due first. */
  ready(): readonly Task[] {
    if (!this.tasks.some((it) => it.ref)) return [];
    const sorted = [...this.tasks].sort((a, b) => a.due - b.due || a.seq - b.seq);
    const [immediate] = this.tasks
      .filter((it) => it.kind === "immediate")
      .sort((a, b) => a.seq - b.seq);
    if (immediate !== undefined && immediate.round < this.#round) return [immediate];
    const earliest = sorted.find((it) => it.kind === "timer")?.due ?? 0;
    const delays = new Set<number>();
    return sorted.filter((it) => {
      if (it.kind === "reply") return true;
      if (it.kind === "immediate") return it === immediate;
      if (it.due > earliest || delays.has(it.delay)) return false;
      delays.add(it.delay);
      return immediate === undefined || it.due <= immediate.due;
    });
  }

  // Promises

  enqueue(lane: number, run: () => void): void {
    this.#jobs.push({ lane, run });
  }

  rejectedUnhandled(promise: PromiseData): void {
    this.#unhandled.add(promise);
  }

  handledLater(promise: PromiseData): void {
    this.#unhandled.delete(promise);
  }

  made(object: object): void {
    this.#vm.seen?.footprint.made(object);
  }

  uses(object: object, write: boolean): void {
    this.#vm.seen?.footprint.uses(object, write);
  }

  looksForThen(value: unknown): void {
    this.#vm.seen?.footprint.gets(value, "then");
  }

  calls(fn: unknown, args: readonly unknown[]): void {
    this.#vm.seen?.natives.calls(fn, undefined, args);
  }

  tellsItself(fn: unknown): void {
    this.#vm.seen?.natives.tellsItself(fn, { looks: false });
  }

  isClass(fn: object): boolean {
    return this.#vm.closureOf(fn)?.isClass === true;
  }

  settled(promise: PromiseData): void {
    promise.clock = [...(this.lanes[this.lane]?.clock ?? [])];
  }

  // Lanes

  #addLane(label: string, parent: number | null): Lane {
    const inherited = parent === null ? [] : (this.lanes[parent]?.clock ?? []);
    const lane: Lane = {
      id: this.lanes.length,
      label,
      parent,
      spawnedAt: this.span,
      clock: [...inherited],
      tasks: 0,
      waiting: null,
      variables: [],
    };
    this.lanes.push(lane);
    return lane;
  }

  /** An async call that nobody awaits at once: from here on it runs beside its caller. */
  startLane(label: string, span: SpanId): void {
    const outer = this.lane;
    const lane = this.#addLane(label, outer);
    this.#emit(outer, { kind: "spawn", thread: lane.id }, span);
    this.lane = lane.id;
    this.#emit(lane.id, { kind: "start" }, span);
  }

  endLane(span: SpanId, func: string): void {
    this.#emit(this.lane, { kind: "end" }, span, func);
  }

  suspend(frame: Frame, span: SpanId): void {
    const lane = this.lanes[this.lane];
    if (lane === undefined || lane.waiting !== null || !standsForLane(frame)) return;
    const reason = awaitedText(frame, this.#vm);
    lane.waiting = { span, reason };
    lane.variables = this.#variables(frame);
    this.#emit(lane.id, { kind: "await", text: reason }, span, funcOfFrame(frame));
  }

  resume(frame: Frame, span: SpanId, clock: readonly number[], text: string): void {
    const lane = this.lanes[this.lane];
    if (lane === undefined || lane.waiting === null || !standsForLane(frame)) return;
    lane.waiting = null;
    clock.forEach((count, index) => {
      lane.clock[index] = Math.max(lane.clock[index] ?? 0, count);
    });
    this.#emit(lane.id, { kind: "resume", text }, span, funcOfFrame(frame));
  }

  print(text: string): void {
    this.output += `${text}\n`;
    this.#emit(this.lane, { kind: "output", text }, this.span);
  }

  /** Text without an end of line. */
  write(text: string): void {
    this.output += text;
    this.#emit(this.lane, { kind: "output", text: text.trimEnd() }, this.span);
  }

  /** `Math.random`. */
  random(): number {
    const index = this.#drawn++;
    this.randomAt = this.span;
    this.#vm.seen?.footprint.imprecise();
    if (this.#draws === null || index >= mostDraws) return (index * golden) % 1;
    const draw = this.#draws[index] ?? 0;
    const value = present(randomValues[draw], "value");
    const action: Action = { kind: "yield", text: `gets ${value} from Math.random()` };
    this.#emit(this.lane, action, this.span, this.func, draw);
    return value;
  }

  // Events

  access(place: Place, write: boolean, value: unknown): void {
    const { span } = this;
    if (!this.#visible.has(span)) return;
    const object = this.objectOf(place);
    const shown = this.#vm.realm.show(value);
    this.#emit(this.lane, { kind: write ? "write" : "read", object, value: shown }, span);
  }

  /** Index among the objects of the drawing; the first is the event loop itself. */
  objectOf(place: Place): number {
    if (place.object < 0) {
      this.objects.push(place);
      place.object = this.objects.length;
    }
    return place.object;
  }

  blocked(): readonly Blocked[] {
    return this.lanes.flatMap((it): Blocked[] => {
      if (it.waiting === null) return [];
      const span = spanOf(this.#vm.program, it.waiting.span);
      return [{ thread: it.id, span, object: null, reason: it.waiting.reason, holders: [] }];
    });
  }

  /** The variables of what stands still. */
  shown(): LoopEvent["variables"] {
    return this.#variables(this.#vm.top);
  }

  #variables(frame: Frame | null): LoopEvent["variables"] {
    let own = frame;
    while (own !== null && own.through !== null) own = own.parent;
    const shown = own;
    if (shown === null) return this.lanes[this.lane]?.variables ?? [];
    return shown.code.variables.flatMap(({ reg, name }) => {
      const held = shown.regs[reg];
      // What comes from outside is a function that must not be asked what it is.
      const value = typeof held === "object" && held instanceof Cell ? held.value : held;
      if (value === undefined || typeof value === "function" || typeof value === "symbol")
        return [];
      return [{ name, value: this.#vm.realm.show(value) }];
    });
  }

  #emit(
    thread: number,
    action: Action,
    span: SpanId,
    func = this.func,
    draw: number | null = null,
  ): void {
    if (this.#vm.seen !== null) return;
    const lane = this.lanes[thread] as Lane;
    for (let index = 0; index < thread; index++) lane.clock[index] ??= 0;
    lane.clock[thread] = (lane.clock[thread] ?? 0) + 1;
    if (this.#vm.top !== null && thread === this.lane)
      lane.variables = this.#variables(this.#vm.top);
    this.events.push({
      thread,
      action,
      span,
      func,
      clock: [...lane.clock],
      blocked: this.blocked(),
      variables: lane.variables,
      output: this.output.length,
      draw,
    });
  }
}
