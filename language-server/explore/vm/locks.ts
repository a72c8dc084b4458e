// Mutex and RWMutex. The state is one number in the lock's first cell, so that copying a lock copies its state:
// bit 0 a writer holds it, bit 1 a writer waits for the readers to leave (new readers wait too), the rest counts readers.
// `sync.Mutex` never has readers, so the same code serves it.

import { unreachable } from "../../base/assert.js";
import type { OpInstr, Ptr } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import type { ObjectKind } from "./objects.js";
import { untold } from "./machine.js";
import { touches, type TouchKind } from "./touch.js";
import { noTouches, touch, type Effect, type World } from "./world.js";

export type LockOp = Extract<OpInstr, { op: "acquire" | "release" | "try-acquire" }>;

const writer = 1;
const announced = 2;
const reader = 4;

export const nilDereference = "invalid memory address or nil pointer dereference";

function canAcquire(state: number, shared: boolean, hasAnnounced: boolean): boolean {
  if (shared) return (state & (writer | announced)) === 0;
  return (state & writer) === 0 && state < reader && (hasAnnounced || (state & announced) === 0);
}

/** Whether the thread can go on: take the lock, or announce that it wants to. */
export function lockReady(world: World, g: Goroutine, op: LockOp): boolean {
  const at = world.address(g, op.lock);
  if (at === null || op.op !== "acquire") return true;
  const state = world.state(at);
  if (canAcquire(state, op.shared, g.intent !== null)) return true;
  return world.announces && mayAnnounce(state, op.shared, g);
}

/** A writer makes new readers wait as soon as it waits itself; only readers that are inside make that a step of its own. */
function mayAnnounce(state: number, shared: boolean, g: Goroutine): boolean {
  return !shared && g.intent === null && state >= reader && (state & (writer | announced)) === 0;
}

export function lockTouches(world: World, g: Goroutine, at: Ptr, op: LockOp): Effect["touches"] {
  const lock = world.objects.number(at.obj, at.off);
  return [touch(lock, lockKind(world, g, lock, op, world.state(at)))];
}

function lockKind(world: World, g: Goroutine, lock: number, op: LockOp, state: number): TouchKind {
  const { shared } = op;
  switch (op.op) {
    case "acquire": {
      const takes = canAcquire(state, shared, g.intent !== null);
      if (!takes && world.announces && mayAnnounce(state, shared, g)) return touches.announce;
      return shared ? touches.rlock : touches.lock;
    }
    case "release":
      if (shared ? state < reader : (state & writer) === 0) return touches.unlockFree;
      if (!shared) return touches.unlock;
      return isInside(g, lock) ? touches.runlock : touches.runlockOther;
    case "try-acquire":
      if (!canAcquire(state, shared, false))
        return shared ? touches.tryRlockFailed : touches.trylockFailed;
      return shared ? touches.tryRlock : touches.trylock;
    default:
      return unreachable(op);
  }
}

function isInside(g: Goroutine, lock: number): boolean {
  return g.held.some((it) => it.lock === lock && it.shared);
}

export function kindOf(op: LockOp): ObjectKind {
  return op.shared ? "rwmutex" : "mutex";
}

export function performLock(world: World, g: Goroutine, op: LockOp): Effect {
  const at = world.address(g, op.lock);
  if (at === null) {
    world.panic(g, nilDereference);
    return { action: { kind: "panic", text: nilDereference }, touches: noTouches };
  }
  const touched = lockTouches(world, g, at, op);
  switch (op.op) {
    case "acquire":
      return { action: acquire(world, g, op, at), touches: touched, moved: g.intent === null };
    case "release":
      return { action: release(world, g, op, at), touches: touched };
    case "try-acquire":
      return { action: tryAcquire(world, g, op, at), touches: touched };
    default:
      return unreachable(op);
  }
}

function acquire(world: World, g: Goroutine, op: LockOp, at: Ptr): Effect["action"] {
  const state = world.state(at);
  if (!canAcquire(state, op.shared, g.intent !== null)) {
    world.setState(at, state | announced);
    world.set(g, "intent", { kind: "announced" });
    if (!world.telling) return untold;
    return { kind: "wait", object: objectOf(world, at, op), value: "readers" };
  }
  take(world, g, op, at);
  world.complete(g, null);
  if (!world.telling) return untold;
  return { kind: "acquire", object: objectOf(world, at, op), shared: op.shared };
}

function take(world: World, g: Goroutine, op: LockOp, at: Ptr): void {
  const { shared } = op;
  const meta = world.meta(at);
  const state = world.state(at);
  world.setState(at, shared ? state + reader : (state | writer) & ~announced);
  world.learn(g, meta.clock);
  if (!shared) world.learn(g, meta.readers);
  world.set(meta, "holders", [...meta.holders, { thread: g.id, shared }]);
  const lock = world.objects.number(at.obj, at.off);
  const object = world.telling ? objectOf(world, at, op) : 0;
  const span = world.placeOf(g, op);
  world.hold(g, { lock, object, shared, span });
}

function tryAcquire(world: World, g: Goroutine, op: LockOp, at: Ptr): Effect["action"] {
  const ok = canAcquire(world.state(at), op.shared, false);
  if (ok) take(world, g, op, at);
  world.complete(g, ok);
  if (!world.telling) return untold;
  return { kind: "try-acquire", object: objectOf(world, at, op), shared: op.shared, ok };
}

function release(world: World, g: Goroutine, op: LockOp, at: Ptr): Effect["action"] {
  const { shared } = op;
  const state = world.state(at);
  if (shared ? state < reader : (state & writer) === 0) {
    const text = misuse(world, at, shared);
    world.fail(text);
    return { kind: "panic", text: `fatal error: ${text}` };
  }
  const meta = world.meta(at);
  world.setState(at, shared ? state - reader : state & ~writer);
  if (shared) world.set(meta, "readers", world.released(g, meta.readers));
  else world.set(meta, "clock", world.released(g, meta.clock));
  const mine = meta.holders.findIndex((it) => it.shared === shared && it.thread === g.id);
  world.set(meta, "holders", meta.holders.toSpliced(Math.max(mine, 0), 1));
  world.drop(g, world.objects.number(at.obj, at.off), shared);
  world.complete(g, null);
  if (!world.telling) return untold;
  return { kind: "release", object: objectOf(world, at, op), shared };
}

function objectOf(world: World, at: Ptr, op: LockOp): number {
  return world.objects.cell(at, kindOf(op)).object;
}

function misuse(world: World, at: Ptr, shared: boolean): string {
  if (shared) return "sync: RUnlock of unlocked RWMutex";
  const { object } = world.objects.cell(at, "mutex");
  const kind = world.objects.list()[object]?.kind;
  return `sync: ${kind === "rwmutex" ? "Unlock of unlocked RWMutex" : "unlock of unlocked mutex"}`;
}
