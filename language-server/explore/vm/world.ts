// The state all synchronisation objects share: the threads, their clocks and the virtual time.
// What each object does stands in locks.ts, channels.ts, waits.ts and timers.ts.

import { assert } from "../../base/assert.js";
import type { Callee, FuncId, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Action, ThreadId } from "../../../protocol/witness.js";
import type { SyncMeta } from "./beside.js";
import type { Core, OpInstr, Ptr, Stop, Thread, Tracked, Value } from "./core.js";
import type { Goroutine, Hold } from "./goroutine.js";
import {
  asItRuns,
  untold,
  type Aside,
  type Event,
  type MachineOptions,
  type Spawned,
} from "./machine.js";
import { Objects } from "./objects.js";
import type { Offers, Touch } from "./touch.js";
import { TypeInfo } from "./type-info.js";
import { Closure, Pointer } from "./values.js";
import { joinClocks, withComponent, type Clock } from "./vector-clock.js";

/** What an operation did. */
export interface Effect {
  readonly action: Action;
  readonly touches: readonly Touch[];
  /** The other side of a rendezvous, and what it was willing to do. */
  readonly partner: Goroutine | null;
  readonly partnerOffers: Offers | null;
  /** The thread still stands before the operation (announced, fell asleep). */
  readonly stays: boolean;
}

export const noTouches: readonly Touch[] = [];

export function effect(action: Action, touches: readonly Touch[], stays = false): Effect {
  return { action, touches, partner: null, partnerOffers: null, stays };
}

const noneSpawned: readonly Spawned[] = [];
const noAsides: readonly Aside[] = [];

/** The running step: what it gathers on its way is its event. */
export class Doing implements Event {
  readonly thread: ThreadId;
  partner: ThreadId | null = null;
  touches: readonly Touch[] = noTouches;
  offers: Offers | null = null;
  partnerOffers: Offers | null = null;
  spawned = noneSpawned;
  advanced = false;
  timed = false;
  sleeps = false;
  yielded = false;
  /** Has asked for what changes by itself: the time, or how many goroutines there are. */
  asks = false;
  values = 0;
  action = untold;
  span = 0 as SpanId;
  func = "";
  asides: readonly Aside[] = noAsides;
  /** `touches` once it holds those of several operations. */
  #gathered: Touch[] | null = null;

  constructor(thread: ThreadId) {
    this.thread = thread;
  }

  /** Puts the step in words. */
  tell(action: Action, { span, func }: { readonly span: SpanId; readonly func: string }): void {
    this.action = action;
    this.span = span;
    this.func = func;
  }

  touch(more: readonly Touch[]): void {
    if (more.length === 0) return;
    if (this.touches.length === 0) this.touches = more;
    else {
      if (this.#gathered === null) this.touches = this.#gathered = [...this.touches];
      for (const it of more) this.#gathered.push(it);
    }
  }
}

export class World implements Tracked {
  readonly program: Program;
  readonly core: Core;
  readonly types: TypeInfo;
  readonly objects: Objects;
  readonly threads: Goroutine[] = [];
  options: MachineOptions = asItRuns;
  doing = new Doing(0);
  /** Virtual nanoseconds since the start. */
  now = 0;
  /** Set by an operation that ends the program at once. */
  fatal: string | null = null;
  /** Set by `os.Exit`. */
  exitCode: number | null = null;
  /** Time is simulated for a test: nobody's timer goes off while anybody else can go on. */
  bubbled = false;
  /** The program has ended; who still runs is a ghost. */
  over = false;
  /** We look what becomes of the others after the end; all of it will be taken back. */
  looking = false;
  /** A thread that held a lock for reading came before what it may have to wait at. */
  waitsAsReader = false;
  epoch = -1;
  /** What threads of a function are called. */
  readonly #bases: (string | undefined)[] = [];

  constructor(program: Program, core: Core) {
    this.program = program;
    this.core = core;
    this.types = new TypeInfo(program);
    this.objects = new Objects(program, core);
  }

  keep(): () => void {
    const { now, fatal, exitCode, bubbled, over, looking, waitsAsReader } = this;
    return () => {
      this.now = now;
      this.fatal = fatal;
      this.exitCode = exitCode;
      this.bubbled = bubbled;
      this.over = over;
      this.looking = looking;
      this.waitsAsReader = waitsAsReader;
    };
  }

  /** `target`, which may now be changed. */
  own<T extends Tracked>(target: T): T {
    return this.core.trail.own(target);
  }

  get telling(): boolean {
    return this.options.telling;
  }

  thread(id: ThreadId): Goroutine {
    const thread = this.threads[id];
    assert(thread !== undefined, "a thread of this number");
    return thread;
  }

  /** What a goroutine is called: the function it was started with. */
  baseOf(g: Goroutine, callee: Callee): string {
    if (callee.kind === "external") return callee.name;
    const value = this.core.bindCallee(running(g), callee);
    if (!(value instanceof Closure) || value.func.library) return shortName(value);
    const id: FuncId = value.func.id;
    return (this.#bases[id] ??= shortName(value));
  }

  /** Number of threads called so, and one. */
  nextOf(base: string): number {
    let nth = 1;
    for (const it of this.threads) if (it.base === base) nth++;
    return nth;
  }

  add(thread: Goroutine): void {
    this.threads.push(thread);
    this.core.trail.onUndo(() => void this.threads.pop());
    const { id, spawnedBy } = thread;
    this.doing.spawned = [...this.doing.spawned, { thread: id, by: spawnedBy ?? id }];
  }

  meta({ obj, off }: Ptr): SyncMeta {
    return this.objects.beside(obj).meta(off);
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
    this.own(g).intent = null;
  }

  panic(g: Goroutine, message: string): void {
    this.core.panic(running(g), message);
  }

  fail(message: string): void {
    this.own(this).fatal = message;
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
    this.own(g);
    g.tick++;
    g.stepsAtTick[g.tick] = g.steps;
    g.clock = withComponent(g.clock, g.id, g.tick);
  }

  /** The thread learns what `clock` knows. */
  learn(g: Goroutine, clock: Clock): void {
    const joined = joinClocks(g.clock, clock);
    if (joined !== g.clock) this.own(g).clock = joined;
  }

  /** The thread learns all that others have done so far: they wait, sleep or have ended. */
  learnAll(g: Goroutine): void {
    for (const other of this.threads) {
      if (other === g) continue;
      // What it did since its last operation belongs to the time after that.
      this.learn(g, withComponent(other.clock, other.id, other.tick + 1));
    }
  }

  /** `clock` after the thread released into it. */
  released(g: Goroutine, clock: Clock): Clock {
    return joinClocks(clock, g.clock);
  }

  hold(g: Goroutine, hold: Hold): void {
    this.own(g).held = [...g.held, hold];
  }

  /** Locks may be released by another thread than the one that took them. */
  drop(g: Goroutine, lock: number, shared: boolean): void {
    const at = lastHold(g, lock, shared);
    const holder = at >= 0 ? g : this.threads.find((it) => lastHold(it, lock, shared) >= 0);
    if (holder === undefined) return;
    this.own(holder).held = holder.held.toSpliced(lastHold(holder, lock, shared), 1);
  }
}

function lastHold({ held }: Goroutine, lock: number, shared: boolean): number {
  let index = held.length - 1;
  while (index >= 0 && !(held[index]?.lock === lock && held[index]?.shared === shared)) index--;
  return index;
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
  assert(g.core !== null, "frames of a thread that runs");
  return g.core;
}

/** The synchronisation instruction a thread stands before, if it does. */
export function opOf(g: Goroutine): OpInstr | null {
  return g.stop?.kind === "op" ? g.stop.instr : null;
}

/** Whether a thread waits at an operation for something other than time. */
export function waits(g: Goroutine): boolean {
  if (g.phase !== "live" || g.intent?.kind === "sleeping") return false;
  return opOf(g) !== null || g.parked !== null;
}

/** Where a thread stands; what has ended stands where it was. */
export function spanOfStop(stop: Stop, otherwise: SpanId): SpanId {
  return stop.kind === "ended" ? otherwise : stop.span;
}
