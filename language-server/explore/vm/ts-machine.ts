// The event loop as a machine: a choice is which task runs next, and a task runs to its end with all its microtasks. What happened
// inside is handed out afterwards, one event per step, so that a schedule shows each stretch between two awaits. A search has
// no use for that: for it a task is one step, with all that the task touches, and a thread of its own.

import { present } from "../../base/assert.js";
import type {
  Buffer,
  Choice,
  Outcome,
  ThreadId,
  WitnessObject,
  WitnessThread,
} from "../../../protocol/witness.js";
import { spanOf } from "../../ir/access.js";
import type { FuncId, Program, SpanId } from "../../ir/ir.js";
import type { Code } from "./js-code.js";
import { Footprint } from "./js-footprint.js";
import { type Seen, Vm } from "./js-interp.js";
import { Natives } from "./js-natives.js";
import { Numbers } from "./js-numbers.js";
import { EventLoop, randomValues, type LoopEvent, type Task } from "./js-loop.js";
import { runModules } from "./js-main.js";
import { Realm } from "./js-realm.js";
import { Tracker } from "./js-track.js";
import type { Access } from "./js-values.js";
import { spansToShow } from "./js-visible.js";
import {
  untold,
  type Drawn,
  type Event,
  type Failure,
  type Halt,
  type LoopChoice,
  type Machine,
  type MadeUp,
  type MachineOptions,
  type Race,
} from "./machine.js";
import { everything, touch, touches, type Standing } from "./touch.js";

/** Every task may touch what every other touches: the search assumes so. */
const wholeHeap = [touch(everything, touches.other)];

/** What steps of an event loop never do. */
const nothingElse = {
  offers: null,
  partnerOffers: null,
  advanced: false,
  timed: false,
  yielded: false,
  values: 0,
  asides: [],
};

function wholeChoice({ thread, lane, arm }: Task): LoopChoice {
  return { thread, told: { thread: lane, arm } };
}

export function createTsMachine(program: Program): Machine {
  return new TsMachine(program);
}

function isDraw(event: LoopEvent | undefined): boolean {
  return event !== undefined && event.draw !== null;
}

class TsMachine implements Machine {
  readonly #program: Program;
  #visible: ReadonlySet<SpanId> = new Set();
  readonly #numbers = new Numbers();
  /** Tasks are one step each. */
  #whole = false;
  #entry = 0 as FuncId;
  #vm: Vm;
  /** Each has handed out one event. */
  #choices: Choice[] = [];
  /** How many choices had been made when the last task ran. */
  #ranAt = -1;
  /** The execution is ahead of `#choices`: it must be run again before it goes on. */
  #stale = false;
  /** Of all executions. */
  #drawn: Drawn = { any: false, within: false, examples: null };
  /** Whether random numbers are steps. */
  #steps = true;

  constructor(program: Program) {
    this.#program = program;
    this.#vm = this.#newVm([]);
  }

  /** `draws`: what the first random numbers get. */
  #newVm(draws: readonly number[]): Vm {
    // Code is bound to the execution it runs in.
    const codes = new Map<FuncId, Code>();
    const parts = (vm: Vm): Pick<Vm, "loop" | "track" | "realm"> => {
      const visible = this.#visible;
      const loop = new EventLoop(vm, { visible, draws: this.#steps ? draws : null });
      return { loop, track: new Tracker(loop), realm: new Realm(vm, loop) };
    };
    return new Vm(this.#program, codes, parts, this.#whole ? (vm) => this.#see(vm) : null);
  }

  #see(vm: Vm): Seen {
    const footprint = new Footprint(this.#numbers);
    const natives = new Natives(footprint, (fn) => vm.closureOf(fn) !== undefined);
    return { footprint, natives };
  }

  /** With a place, whatever else reads or writes the same variable or property is shown: it tells the story. */
  configure({ visible, draws, wholeTasks }: MachineOptions): void {
    this.#steps = draws;
    this.#whole = wholeTasks;
    this.#visible = spansToShow(this.#program, visible);
  }

  reset(entry: FuncId): void {
    this.#entry = entry;
    this.#begin([]);
  }

  #begin(draws: readonly number[]): void {
    this.#noteMadeUp();
    this.#vm = this.#newVm(draws);
    this.#choices = [];
    this.#ranAt = -1;
    this.#stale = false;
  }

  get #started(): boolean {
    return this.#ranAt >= 0;
  }

  get #next(): LoopEvent | undefined {
    return this.#vm.loop.events[this.#choices.length];
  }

  /** The execution as far as the choices go, run again if it had gone further. */
  #catchUp(): void {
    if (this.#stale) this.#again([]);
  }

  /** Runs the choices again; after them, random numbers get `next`. */
  #again(next: readonly number[]): void {
    const again = this.#choices;
    const { events } = this.#vm.loop;
    const drawn = again.flatMap(({ arm = 0 }, index) => (isDraw(events[index]) ? [arm] : []));
    this.#begin([...drawn, ...next]);
    for (const it of again) this.step(it);
  }

  /** A task runs ahead with the first value of a random number: with another one it runs again. */
  #redraw({ arm = 0 }: Choice): void {
    const next = this.#next;
    if (isDraw(next) && next?.draw !== arm) this.#again([arm]);
  }

  enabled(): readonly Choice[] {
    this.#catchUp();
    if (!this.#started) return [{ thread: 0 }];
    const next = this.#next;
    if (next !== undefined && isDraw(next)) {
      return randomValues.map((_, arm) => ({ thread: next.thread, arm }));
    }
    if (next !== undefined) return [{ thread: next.thread }];
    const ready = this.#readyTasks();
    if (this.#vm.seen !== null) return ready.map(wholeChoice);
    return ready.map((it) => ({ thread: it.lane, arm: it.arm }));
  }

  choicesOf(thread: ThreadId): readonly Choice[] {
    return this.enabled().filter((it) => it.thread === thread);
  }

  threadCount(): number {
    this.#catchUp();
    const { loop, seen } = this.#vm;
    return seen === null ? Math.max(1, loop.lanes.length) : loop.asked.length + 1;
  }

  #readyTasks(): readonly Task[] {
    const { loop } = this.#vm;
    return loop.aborted !== null || loop.crash !== null ? [] : loop.ready();
  }

  step(choice: Choice): Event {
    this.#catchUp();
    if (this.#vm.seen !== null) return this.#wholeStep(choice, this.#vm.seen);
    const before = this.threadCount();
    this.#redraw(choice);
    const at = this.#choices.length;
    if (!this.#started) {
      this.#ranAt = at;
      this.#runMain();
    } else if (this.#next === undefined) {
      this.#ranAt = at;
      const task = this.#readyTasks().find(
        (it) => it.lane === choice.thread && it.arm === choice.arm,
      );
      this.#vm.loop.runTask(present(task, "task"));
    }
    const event = present(this.#next, "event");
    this.#choices.push(choice);
    if (isDraw(event)) this.#noteDraw(event.span);
    return {
      thread: event.thread,
      partner: null,
      action: event.action,
      span: event.span,
      func: event.func,
      touches: wholeHeap,
      ...nothingElse,
      values: isDraw(event) ? randomValues.length : 0,
      spawned: this.#vm.loop.lanes
        .slice(before)
        .map(({ id, parent }) => ({ thread: id, by: parent ?? event.thread })),
    };
  }

  #wholeStep(choice: Choice, { footprint }: Seen): Event {
    const { loop } = this.#vm;
    const before = loop.asked.length;
    const { thread } = choice;
    this.#ranAt = this.#choices.length;
    if (thread === 0) this.#runMain();
    else loop.runTask(present(loop.asked[thread - 1], "task"));
    this.#choices.push(choice);
    if (loop.randomAt !== null) this.#noteDraw(loop.randomAt);
    return {
      thread,
      partner: null,
      action: untold,
      span: 0 as SpanId,
      func: "",
      touches: footprint.end(),
      ...nothingElse,
      spawned: loop.asked.slice(before).map((it) => ({ thread: it.thread, by: thread })),
    };
  }

  #noteDraw(span: SpanId): void {
    const examples = this.#drawn.examples ?? { what: "values of Math.random()", span };
    this.#drawn = { any: true, within: this.#drawn.within || this.#whole, examples };
  }

  #runMain(): void {
    const vm = this.#vm;
    const bodies = [...this.#program.inits.filter((it) => it !== this.#entry), this.#entry];
    const entry = present(this.#program.funcs[this.#entry], "entry");
    const begin = (): void => {
      runModules(vm, bodies);
    };
    vm.loop.runMain(begin, entry.kind === "async", entry.span);
  }

  halted(): Halt | undefined {
    const { loop } = this.#vm;
    // What has been taken back went on from here.
    if (this.#stale || !this.#started || this.#next !== undefined) return undefined;
    if (loop.aborted !== null) {
      const { kind, reason, span } = loop.aborted;
      if (kind === "unsupported") return { kind, reason, span };
      if (kind === "limit") return { kind: "depth", span };
      return { kind: "finished", outcome: { kind: "ok" } };
    }
    if (loop.crash === null && loop.ready().length > 0) return undefined;
    return { kind: "finished", outcome: this.#outcome() };
  }

  #outcome(): Outcome {
    const { loop } = this.#vm;
    if (loop.crash !== null) {
      const { message, assertion } = loop.crash;
      return { kind: assertion ? "assertion" : "panic", step: this.#choices.length - 1, message };
    }
    const blocked = loop.blocked();
    if (blocked.length === 0) return { kind: "ok" };
    const message =
      blocked.length === 1 ? "an async call waits for ever" : "async calls wait for ever";
    return { kind: "leak", blocked, message };
  }

  pending(thread: number): ReturnType<Machine["pending"]> {
    this.#catchUp();
    const next = this.#next;
    if (next !== undefined) {
      if (next.thread !== thread) return null;
      return { span: next.span, text: next.action.kind };
    }
    if (!this.#started) return { span: 0 as SpanId, text: "starts" };
    const task = this.#readyTasks().find((it) => it.lane === thread);
    return task === undefined ? null : { span: task.span, text: task.text };
  }

  /** Every task that is ready runs before the end: nobody is left standing before something. */
  standing(): Standing | null {
    return null;
  }

  failures(): readonly Failure[] {
    const { crash } = this.#vm.loop;
    if (crash === null || this.#next !== undefined) return [];
    const step = this.#choices.length - 1;
    const { message, assertion } = crash;
    if (this.#vm.seen !== null) {
      const { thread } = present(this.#choices.at(-1), "choice of the crash");
      const kind = assertion ? "assertion" : "panic";
      return [{ kind, thread, step, span: crash.span, message }];
    }
    const last = present(this.#last, "event of the crash");
    const kind = assertion ? "assertion" : "panic";
    return [{ kind, thread: last.thread, step, span: last.span, message }];
  }

  endStep(): number {
    return -1;
  }

  drawn(): Drawn {
    this.#noteMadeUp();
    return this.#drawn;
  }

  madeUp(): MadeUp | null {
    return this.#vm.realm.outside.madeUp;
  }

  /** What comes from outside has more values than the one that is made up. */
  #noteMadeUp(): void {
    const made = this.madeUp();
    if (made === null || this.#drawn.examples !== null) return;
    const what = made.of.length === 0 ? "values from outside" : `replies of ${made.of.join(", ")}`;
    this.#drawn = { ...this.#drawn, examples: { what, span: made.span } };
  }

  circle(): null {
    return null;
  }

  forsaken(): null {
    return null;
  }

  rereads(): boolean {
    return false;
  }

  hashNumber(): number {
    let [a, b] = [0, 0];
    for (const { thread, arm } of this.#choices) {
      a = Math.imul(a ^ (thread + 1), 0x01000193) >>> 0;
      b = Math.imul(b ^ ((arm ?? 0) + 77), 0x85ebca6b) >>> 0;
      b ^= a >>> 7;
    }
    return (a & 0x1fffff) * 2 ** 32 + (b >>> 0);
  }

  nameOf(object: number): string {
    const name = this.#whole ? this.#numbers.nameOf(object) : "";
    return name === "" ? "event loop" : name;
  }

  races(): readonly Race[] {
    this.#catchUp();
    const { track, loop } = this.#vm;
    const last = this.#choices.length - 1;
    // An access that is no step itself counts with the step after it, or with the last one.
    const steps = this.#vm.seen === null ? loop.events.length : loop.begun;
    const at = (access: Access): number => Math.min(access.step, steps - 1);
    const happened = track.lost.filter((it) => at(it.second) <= last);
    return happened.map(({ place, first, second }) => ({
      object: loop.objectOf(place),
      name: place.name,
      first: { ...first, thread: first.lane, step: at(first), write: true },
      second: { ...second, thread: second.lane, step: at(second), write: true },
    }));
  }

  get #last(): LoopEvent | undefined {
    this.#catchUp();
    return this.#vm.loop.events[this.#choices.length - 1];
  }

  blocked(): LoopEvent["blocked"] {
    if (this.#vm.seen !== null) {
      this.#catchUp();
      return this.#vm.loop.blocked();
    }
    return this.#last?.blocked ?? [];
  }

  mark(): number {
    return this.#choices.length;
  }

  /** Within the last task, up to a random number other than the first, the events are still there; else everything runs again when it is asked for. */
  undoTo(mark: number): void {
    const taken = this.#vm.loop.events.slice(mark, this.#choices.length);
    this.#choices = this.#choices.slice(0, mark);
    if (mark <= this.#ranAt || taken.some(({ draw }) => (draw ?? 0) > 0)) this.#stale = true;
  }

  /** Of the history, not of the heap: two different ways to the same state count as two. */
  hash(): string {
    return this.#choices.map((it) => `${it.thread}.${it.arm ?? ""}`).join(" ");
  }

  threads(): readonly WitnessThread[] {
    this.#catchUp();
    return this.#vm.loop.lanes.map((it) => ({
      name: this.#laneName(it.id),
      spawnedAt: it.parent === null ? null : spanOf(this.#program, it.spawnedAt),
      spawnedBy: it.parent,
    }));
  }

  /** `deposit #2` where there are several; the module itself is `main` unless a function is. */
  #laneName(id: number): string {
    const { lanes } = this.#vm.loop;
    const { label } = present(lanes[id], "lane");
    const same = lanes.filter((it) => it.id !== 0 && it.label === label);
    if (id === 0) return same.length === 0 ? label : "module";
    return same.length === 1 ? label : `${label} #${same.findIndex((it) => it.id === id) + 1}`;
  }

  objects(): readonly WitnessObject[] {
    this.#catchUp();
    const queue: WitnessObject = { name: "event loop", kind: "queue", span: null };
    const places = this.#vm.loop.objects.map(
      ({ name }): WitnessObject => ({ name, kind: "variable", span: null }),
    );
    return [queue, ...places];
  }

  clock(thread: number): readonly number[] {
    const last = this.#last;
    if (last?.thread === thread) return last.clock;
    return this.#vm.loop.lanes[thread]?.clock ?? [];
  }

  held(): readonly number[] {
    return [];
  }

  buffers(): readonly Buffer[] {
    return [];
  }

  variables(thread: number): LoopEvent["variables"] {
    const last = this.#last;
    return last?.thread === thread ? last.variables : [];
  }

  /** Which task printed what is not told apart. */
  manyPrint(): boolean {
    return this.output() !== "";
  }

  output(): string {
    this.#catchUp();
    if (this.#vm.seen !== null) return this.#vm.loop.output;
    return this.#vm.loop.output.slice(0, this.#last?.output ?? 0);
  }
}
