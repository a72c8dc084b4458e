// The state all synchronisation objects share: the threads, their clocks and the virtual time.
// What each object does stands in locks.ts, channels.ts, waits.ts and timers.ts.

import { present } from "../../base/assert.js";
import type { Callee, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Action, ThreadId } from "../../../protocol/witness.js";
import type { Core, Obj, OpInstr, Ptr, Stop, Thread, Value } from "./core.js";
import type { Goroutine, Hold } from "./goroutine.js";
import type { Offers, Touch, TouchKind } from "./touch.js";
import { Objects } from "./objects.js";
import { TypeInfo } from "./type-info.js";
import { Closure, Pointer } from "./values.js";
import { joinClocks, withComponent, zeroClock, type Clock } from "./vector-clock.js";

/** What an operation did. */
export interface Effect {
  readonly action: Action;
  readonly touches: readonly Touch[];
  /** It let time go on. */
  readonly advanced?: boolean;
  /** Nobody else is disturbed by it, and others should run. */
  readonly yielded?: boolean;
  /** The other side of a rendezvous. */
  readonly partner?: Goroutine;
  /** False: the thread still stands before the operation (announced, fell asleep). */
  readonly moved?: boolean;
}

/** What the machine keeps beside an object's first cell: clocks and who has it. Never copied with the object. */
export class SyncMeta {
  /** Everything released into the object. */
  clock: Clock = zeroClock;
  /** Of a read-write lock: what its readers released. */
  readers: Clock = zeroClock;
  holders: readonly { readonly thread: ThreadId; readonly shared: boolean }[] = [];
  /** Of a condition: who waits, in the order of `Wait`. */
  queue: readonly ThreadId[] = [];
  /** Of a condition: who has been woken and has not returned yet, with what the waker knew. */
  woken: readonly {
    readonly thread: ThreadId;
    readonly clock: Clock;
    /** Number of the signal that woke it. */
    readonly signal: number;
  }[] = [];
  /** Of a condition: signals and broadcasts so far. */
  signals = 0;
}

export class World {
  readonly program: Program;
  readonly core: Core;
  readonly types: TypeInfo;
  readonly objects: Objects;
  readonly threads: Goroutine[] = [];
  /** Epoch of the trail in which the program's first step could be made: what is written later is part of the state. */
  began = 0;
  /** Virtual nanoseconds since the start. */
  now = 0;
  /** Whether actions are put in words. */
  telling = true;
  /** Whether a writer that finds readers inside makes new readers wait. */
  announces = true;
  /** Whether time may go on at any moment. */
  anyTime = false;
  /** Whether two threads may be in one map at a time. */
  overlapping = true;
  /** The program has ended and the others go on as ghosts: the clock stands still. */
  over = false;
  /** A thread has waited, or might have, while it read-locked something. */
  waitsAsReader = false;
  /** Set by an operation that ends the program at once. */
  fatal: string | null = null;
  /** Set by `os.Exit`. */
  exitCode: number | null = null;
  readonly #meta = new WeakMap<Obj, Map<number, SyncMeta>>();

  constructor(program: Program, core: Core) {
    this.program = program;
    this.core = core;
    this.types = new TypeInfo(program);
    this.objects = new Objects(program, core);
  }

  set<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
    this.core.trail.set(target, key, value);
  }

  thread(id: ThreadId): Goroutine {
    return present(this.threads[id], `thread ${id}`);
  }

  /** What a goroutine is called: the function it was started with, and its number when there are several. */
  nameOfCallee(g: Goroutine, callee: Callee): string {
    const value = callee.kind === "external" ? null : this.core.bindCallee(running(g), callee);
    const base = callee.kind === "external" ? callee.name : shortName(value);
    const same = this.threads.filter((it) => it.base === base).length;
    return same === 0 ? base : `${base} #${same + 1}`;
  }

  add(thread: Goroutine): void {
    this.threads.push(thread);
    this.core.trail.onUndo(() => void this.threads.pop());
  }

  meta({ obj, off }: Ptr): SyncMeta {
    let row = this.#meta.get(obj);
    if (row === undefined) this.#meta.set(obj, (row = new Map<number, SyncMeta>()));
    let meta = row.get(off);
    if (meta === undefined) row.set(off, (meta = new SyncMeta()));
    return meta;
  }

  /** What is kept beside any of an object's cells. */
  metasOf(obj: Obj): Iterable<SyncMeta> {
    return this.#meta.get(obj)?.values() ?? [];
  }

  /** The operand as an address, or null when it is nil. */
  address(g: Goroutine, reg: Reg): Ptr | null {
    const value = this.operand(g, reg);
    return value instanceof Pointer ? value : null;
  }

  operand(g: Goroutine, reg: Reg): Value {
    return this.core.operand(running(g), reg);
  }

  /** Where the user sees the operation the thread stands before. */
  placeOf(g: Goroutine, op: OpInstr): SpanId {
    return g.stop === null ? op.span : spanOfStop(g.stop, op.span);
  }

  complete(g: Goroutine, value: Value): void {
    this.core.complete(running(g), value);
    if (g.intent !== null) this.set(g, "intent", null);
  }

  panic(g: Goroutine, message: string): void {
    this.core.panic(running(g), message);
  }

  fail(message: string): void {
    this.set<World, "fatal">(this, "fatal", message);
  }

  /** State of a lock, wait group…: the number in its first cell. */
  state(at: Ptr): number {
    const value = this.core.peek(at);
    return typeof value === "number" ? value : 0;
  }

  setState(at: Ptr, state: number): void {
    this.core.poke(at, state);
  }

  /** The thread's next synchronisation operation begins: its own time goes on. */
  tick(g: Goroutine): void {
    const tick = g.tick + 1;
    g.stepsAtTick[tick] = g.steps;
    this.set(g, "tick", tick);
    this.set(g, "clock", withComponent(g.clock, g.id, tick));
  }

  /** The thread learns what `clock` knows. */
  learn(g: Goroutine, clock: Clock): void {
    const joined = joinClocks(g.clock, clock);
    if (joined !== g.clock) this.set(g, "clock", joined);
  }

  /** `clock` after the thread released into it. */
  released(g: Goroutine, clock: Clock): Clock {
    return joinClocks(clock, g.clock);
  }

  hold(g: Goroutine, hold: Hold): void {
    this.set(g, "held", [...g.held, hold]);
  }

  /** Locks may be released by another thread than the one that took them. */
  drop(g: Goroutine, lock: number, shared: boolean): void {
    const owns = (it: Goroutine): number =>
      it.held.findLastIndex((hold) => hold.lock === lock && hold.shared === shared);
    const holder = owns(g) >= 0 ? g : this.threads.find((it) => owns(it) >= 0);
    if (holder === undefined) return;
    this.set(holder, "held", holder.held.toSpliced(owns(holder), 1));
  }
}

/** `main.func1` for the first literal of main, as Go's own traces have it. */
function shortName(value: Value): string {
  if (!(value instanceof Closure)) return "goroutine";
  const { func, captures, bound } = value;
  // Library code that runs the user's function (errgroup, t.Run) is known by that.
  const held = [...captures, ...bound].map((it) =>
    it instanceof Pointer ? it.obj.cells[it.off] : it,
  );
  const user = held.find((it) => it instanceof Closure && !it.func.library);
  if (func.library && user !== undefined) return shortName(user);
  return value.func.display.replace("$", ".func").replaceAll("$", ".");
}

export function running(g: Goroutine): Thread {
  return present(g.core, `frames of thread ${g.id}`);
}

/** The synchronisation instruction a thread stands before, if it does. */
export function opOf(g: Goroutine): OpInstr | null {
  return g.stop?.kind === "op" ? g.stop.instr : null;
}

/** A touch that only its kind tells about. */
export function touch(object: number, kind: TouchKind): Touch {
  return { object, kind, n: 0, cap: 0, was: null, value: null, expects: null, puts: null };
}

/** A touch with a number, of a channel with its capacity. */
export function countedTouch(object: number, kind: TouchKind, n: number, cap: number): Touch {
  return { object, kind, n, cap, was: null, value: null, expects: null, puts: null };
}

export const noTouches: readonly Touch[] = [];
export type { Offers };

/** Where a thread stands; what has ended stands where it was. */
export function spanOfStop(stop: Stop, otherwise: SpanId): SpanId {
  return stop.kind === "ended" ? otherwise : stop.span;
}
