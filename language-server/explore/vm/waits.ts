// WaitGroup, Once and Cond. A wait group's and a once's state is the number in its first cell.

import type { Action, ObjectId } from "../../../protocol/witness.js";
import type { SyncMeta } from "./beside.js";
import type { OpInstr, Ptr } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { nilDereference } from "./locks.js";
import { untold } from "./machine.js";
import type { ObjectKind } from "./objects.js";
import { touch, touches, type Touch, type TouchKind } from "./touch.js";
import { effect, noTouches, type Effect, type World } from "./world.js";

export type SyncOp = Extract<OpInstr, { op: "sync" }>;

const waitFns = [
  "wg-add",
  "wg-wait",
  "once-begin",
  "once-end",
  "cond-enqueue",
  "cond-park",
  "cond-signal",
  "cond-broadcast",
] as const;

export type WaitFn = (typeof waitFns)[number];

const isWaitFn: ReadonlySet<SyncOp["fn"]> = new Set(waitFns);

const running = 1;
const done = 2;

export function isWait(fn: SyncOp["fn"]): fn is WaitFn {
  return isWaitFn.has(fn);
}

export function kindOfWait(fn: SyncOp["fn"]): ObjectKind {
  if (fn.startsWith("wg-")) return "waitgroup";
  if (fn.startsWith("once-")) return "once";
  return fn.startsWith("cond-") ? "cond" : "other";
}

function addressOf(world: World, g: Goroutine, op: SyncOp): Ptr | null {
  return op.object === null ? null : world.address(g, op.object);
}

/** Whether the thread can go on; what is no wait always can. */
export function waitReady(world: World, g: Goroutine, op: SyncOp): boolean {
  if (op.fn !== "wg-wait" && op.fn !== "once-begin" && op.fn !== "cond-park") return true;
  const at = addressOf(world, g, op);
  if (at === null) return true;
  if (op.fn === "wg-wait") return world.state(at) === 0;
  if (op.fn === "once-begin") return world.state(at) !== running;
  return world.meta(at).woken.some((it) => it.thread === g.id);
}

export function waitTouches(world: World, g: Goroutine, op: SyncOp): readonly Touch[] {
  const at = addressOf(world, g, op);
  if (at === null) return [];
  const number = world.objects.number(at.obj, at.off);
  if (op.fn === "wg-add") return [addTouch(number, world.state(at), deltaOf(world, g, op))];
  const kind = kindOfTouch(op.fn, world.state(at));
  return [touch(number, kind, isSignal(kind) ? signalOf(world.meta(at), kind, g) : 0)];
}

function addTouch(number: number, counter: number, delta: number): Touch {
  const value = counter + delta;
  const kind = value < 0 ? touches.wgUnder : delta < 0 ? touches.wgDone : touches.wgAdd;
  return { object: number, kind, n: delta, cap: 0, was: counter, value, expects: null, puts: null };
}

function isSignal(kind: TouchKind): boolean {
  return kind >= touches.condPark && kind <= touches.condBroadcast;
}

/** Which of the condition's signals it is, or was woken by. */
function signalOf(meta: SyncMeta, kind: TouchKind, g: Goroutine): number {
  if (kind !== touches.condPark) return meta.signals;
  return meta.woken.find((it) => it.thread === g.id)?.signal ?? -1;
}

function kindOfTouch(fn: SyncOp["fn"], state: number): TouchKind {
  switch (fn) {
    case "wg-wait":
      return touches.wgWait;
    case "once-begin":
      return state === 0 ? touches.onceFirst : touches.onceLater;
    case "once-end":
      return touches.onceEnd;
    case "cond-enqueue":
      return touches.condEnqueue;
    case "cond-park":
      return touches.condPark;
    case "cond-signal":
      return touches.condSignal;
    case "cond-broadcast":
      return touches.condBroadcast;
    default:
      return touches.other;
  }
}

function deltaOf(world: World, g: Goroutine, op: SyncOp): number {
  const arg = op.args[0];
  return arg === undefined ? 0 : Number(world.operand(g, arg));
}

export function performWait(world: World, g: Goroutine, op: SyncOp): Effect {
  const at = addressOf(world, g, op);
  if (at === null) {
    world.panic(g, nilDereference);
    return effect({ kind: "panic", text: nilDereference }, noTouches);
  }
  const touched = waitTouches(world, g, op);
  const object = world.telling ? world.objects.cell(at, kindOfWait(op.fn)) : 0;
  return effect(act(world, g, op, at, object), touched);
}

function act(world: World, g: Goroutine, op: SyncOp, at: Ptr, object: ObjectId): Action {
  switch (op.fn) {
    case "wg-add":
      return add(world, g, op, at, object);
    case "wg-wait":
      world.learn(g, world.meta(at).clock);
      world.complete(g, null);
      return world.telling ? { kind: "wait", object, value: "0" } : untold;
    case "once-begin":
      return onceBegin(world, g, at, object);
    case "once-end": {
      const meta = world.own(world.meta(at));
      world.setState(at, done);
      meta.clock = world.released(g, meta.clock);
      meta.holders = [];
      world.complete(g, null);
      return world.telling ? { kind: "done", object, value: "done" } : untold;
    }
    default:
      return condAct(world, g, op, at, object);
  }
}

function add(world: World, g: Goroutine, op: SyncOp, at: Ptr, object: ObjectId): Action {
  const delta = deltaOf(world, g, op);
  const counter = world.state(at) + delta;
  if (counter < 0) {
    const text = "sync: negative WaitGroup counter";
    world.panic(g, text);
    return { kind: "panic", text };
  }
  world.setState(at, counter);
  if (delta < 0) {
    const meta = world.own(world.meta(at));
    meta.clock = world.released(g, meta.clock);
  }
  world.complete(g, null);
  if (!world.telling) return untold;
  return { kind: delta < 0 ? "done" : "add", object, value: String(counter) };
}

function onceBegin(world: World, g: Goroutine, at: Ptr, object: ObjectId): Action {
  const first = world.state(at) === 0;
  const meta = world.meta(at);
  if (first) {
    world.setState(at, running);
    world.own(meta).holders = [{ thread: g.id, shared: false }];
  } else world.learn(g, meta.clock);
  world.complete(g, first);
  if (!world.telling) return untold;
  return { kind: "wait", object, value: first ? "first" : "done" };
}

function condAct(world: World, g: Goroutine, op: SyncOp, at: Ptr, object: ObjectId): Action {
  const meta = world.own(world.meta(at));
  switch (op.fn) {
    case "cond-enqueue":
      meta.queue = [...meta.queue, g.id];
      world.complete(g, null);
      return world.telling ? { kind: "wait", object, value: "queued" } : untold;
    case "cond-park": {
      const wake = meta.woken.find((it) => it.thread === g.id);
      if (wake !== undefined) world.learn(g, wake.clock);
      meta.woken = meta.woken.filter((it) => it !== wake);
      world.complete(g, null);
      return world.telling ? { kind: "wait", object, value: "woken" } : untold;
    }
    default: {
      const count = op.fn === "cond-broadcast" ? meta.queue.length : 1;
      const woken = meta.queue.slice(0, count);
      meta.queue = meta.queue.slice(count);
      const { signals: signal } = meta;
      meta.woken = [...meta.woken, ...woken.map((thread) => ({ thread, clock: g.clock, signal }))];
      meta.signals++;
      world.complete(g, null);
      return world.telling ? { kind: "signal", object, value: woken.join(",") } : untold;
    }
  }
}
