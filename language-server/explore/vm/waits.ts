// WaitGroup, Once and Cond. A wait group's and a once's state is the number in its first cell.

import type { Action } from "../../../protocol/witness.js";
import type { OpInstr, Ptr } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { nilDereference } from "./locks.js";
import { untold } from "./machine.js";
import type { ObjectKind } from "./objects.js";
import { touches, type Touch } from "./touch.js";
import { countedTouch, noTouches, touch, type Effect, type World } from "./world.js";

export type SyncOp = Extract<OpInstr, { op: "sync" }>;
export type WaitFn =
  | "wg-add"
  | "wg-wait"
  | "once-begin"
  | "once-end"
  | "cond-enqueue"
  | "cond-park"
  | "cond-signal"
  | "cond-broadcast";

const running = 1;
const done = 2;

export function isWait(fn: SyncOp["fn"]): fn is WaitFn {
  return fn.startsWith("wg-") || fn.startsWith("once-") || fn.startsWith("cond-");
}

export function kindOfWait(fn: SyncOp["fn"]): ObjectKind {
  if (fn.startsWith("wg-")) return "waitgroup";
  if (fn.startsWith("once-")) return "once";
  return fn.startsWith("cond-") ? "cond" : "other";
}

function addressOf(world: World, g: Goroutine, op: SyncOp): Ptr | null {
  return op.object === null ? null : world.address(g, op.object);
}

export function waitReady(world: World, g: Goroutine, op: SyncOp): boolean {
  const at = addressOf(world, g, op);
  if (at === null) return true;
  switch (op.fn) {
    case "wg-wait":
      return world.state(at) === 0;
    case "once-begin":
      return world.state(at) !== running;
    case "cond-park":
      return world.meta(at).woken.some((it) => it.thread === g.id);
    default:
      return true;
  }
}

export function waitTouches(world: World, g: Goroutine, op: SyncOp): readonly Touch[] {
  const at = addressOf(world, g, op);
  if (at === null) return noTouches;
  const number = world.objects.number(at.obj, at.off);
  switch (op.fn) {
    case "wg-add": {
      const delta = deltaOf(world, g, op);
      const kind = delta < 0 ? touches.wgDone : touches.wgAdd;
      const under = world.state(at) + delta < 0;
      return [countedTouch(number, under ? touches.wgUnder : kind, delta, 0)];
    }
    case "cond-park": {
      const wake = world.meta(at).woken.find((it) => it.thread === g.id);
      return [countedTouch(number, touches.condPark, wake?.signal ?? -1, 0)];
    }
    case "cond-signal":
    case "cond-broadcast":
      return [countedTouch(number, waitKinds[op.fn], world.meta(at).signals, 0)];
    case "once-begin":
      return [touch(number, world.state(at) === 0 ? touches.onceFirst : touches.onceLater)];
    default:
      return [touch(number, waitKinds[op.fn as keyof typeof waitKinds])];
  }
}

const waitKinds = {
  "wg-wait": touches.wgWait,
  "once-end": touches.onceEnd,
  "cond-enqueue": touches.condEnqueue,
  "cond-signal": touches.condSignal,
  "cond-broadcast": touches.condBroadcast,
} as const;

function deltaOf(world: World, g: Goroutine, op: SyncOp): number {
  const [arg] = op.args;
  return arg === undefined ? 0 : Number(world.operand(g, arg));
}

export function performWait(world: World, g: Goroutine, op: SyncOp): Effect {
  const at = addressOf(world, g, op);
  if (at === null) {
    world.panic(g, nilDereference);
    return { action: { kind: "panic", text: nilDereference }, touches: noTouches };
  }
  const touched = waitTouches(world, g, op);
  const object = world.telling ? world.objects.cell(at, kindOfWait(op.fn)).object : 0;
  const action = act(world, g, op, at, object);
  return { action: world.telling || action.kind === "panic" ? action : untold, touches: touched };
}

function act(world: World, g: Goroutine, op: SyncOp, at: Ptr, object: number): Action {
  switch (op.fn) {
    case "wg-add":
      return add(world, g, op, at, object);
    case "wg-wait":
      world.learn(g, world.meta(at).clock);
      world.complete(g, null);
      return { kind: "wait", object, value: "0" };
    case "once-begin":
      return onceBegin(world, g, at, object);
    case "once-end": {
      const meta = world.meta(at);
      world.setState(at, done);
      world.set(meta, "clock", world.released(g, meta.clock));
      world.set(meta, "holders", []);
      world.complete(g, null);
      return { kind: "done", object, value: "done" };
    }
    default:
      return condAct(world, g, op, at, object);
  }
}

function add(world: World, g: Goroutine, op: SyncOp, at: Ptr, object: number): Action {
  const delta = deltaOf(world, g, op);
  const counter = world.state(at) + delta;
  const meta = world.meta(at);
  if (counter < 0) {
    const text = "sync: negative WaitGroup counter";
    world.panic(g, text);
    return { kind: "panic", text };
  }
  world.setState(at, counter);
  if (delta < 0) world.set(meta, "clock", world.released(g, meta.clock));
  world.complete(g, null);
  return { kind: delta < 0 ? "done" : "add", object, value: String(counter) };
}

function onceBegin(world: World, g: Goroutine, at: Ptr, object: number): Action {
  const first = world.state(at) === 0;
  const meta = world.meta(at);
  if (first) {
    world.setState(at, running);
    world.set(meta, "holders", [{ thread: g.id, shared: false }]);
  } else world.learn(g, meta.clock);
  world.complete(g, first);
  return { kind: "wait", object, value: first ? "first" : "done" };
}

function condAct(world: World, g: Goroutine, op: SyncOp, at: Ptr, object: number): Action {
  const meta = world.meta(at);
  switch (op.fn) {
    case "cond-enqueue":
      world.set(meta, "queue", [...meta.queue, g.id]);
      world.complete(g, null);
      return { kind: "wait", object, value: "queued" };
    case "cond-park": {
      const wake = meta.woken.find((it) => it.thread === g.id);
      if (wake !== undefined) world.learn(g, wake.clock);
      world.set(
        meta,
        "woken",
        meta.woken.filter((it) => it !== wake),
      );
      world.complete(g, null);
      return { kind: "wait", object, value: "woken" };
    }
    default: {
      const count = op.fn === "cond-broadcast" ? meta.queue.length : 1;
      const woken = meta.queue.slice(0, count);
      world.set(meta, "queue", meta.queue.slice(count));
      world.set(meta, "woken", [
        ...meta.woken,
        ...woken.map((thread) => ({ thread, clock: g.clock, signal: meta.signals })),
      ]);
      world.set(meta, "signals", meta.signals + 1);
      world.complete(g, null);
      return { kind: "signal", object, value: woken.join(",") };
    }
  }
}
