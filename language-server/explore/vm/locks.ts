// Mutex and RWMutex. The state is one number in the lock's first cell, so that copying a lock copies its state:
// bit 0 a writer holds it, bit 1 a writer waits for the readers to leave (new readers wait too), the rest counts readers.
// `sync.Mutex` never has readers, so the same code serves it.

import { unreachable } from "../../base/assert.js";
import type { OpInstr, Ptr } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import type { ObjectKind } from "./objects.js";
import { touch, type Effect, type World } from "./world.js";

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
  return canAcquire(state, op.shared, g.intent !== null) || mayAnnounce(state, op.shared, g);
}

/** A writer makes new readers wait as soon as it waits itself; only readers that are inside make that a step of its own. */
function mayAnnounce(state: number, shared: boolean, g: Goroutine): boolean {
  return !shared && g.intent === null && state >= reader && (state & (writer | announced)) === 0;
}

/** Readers that leave commute, but for one that was never inside: whether that is fatal depends on the others. */
export function lockTouches(world: World, g: Goroutine, at: Ptr, op: LockOp): Effect["touches"] {
  const { touch: lock } = world.objects.cell(at, kindOf(op));
  switch (op.op) {
    case "acquire":
      return [touch(lock, op.shared ? "rlock" : "lock")];
    case "release":
      return [touch(lock, op.shared && isInside(g, lock) ? "runlock" : "unlock")];
    case "try-acquire":
      return [touch(lock, "trylock")];
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
    return { action: { kind: "panic", text: nilDereference }, touches: [] };
  }
  const touches = lockTouches(world, g, at, op);
  switch (op.op) {
    case "acquire":
      return { action: acquire(world, g, op, at), touches, moved: g.intent === null };
    case "release":
      return { action: release(world, g, op, at), touches };
    case "try-acquire":
      return { action: tryAcquire(world, g, op, at), touches };
    default:
      return unreachable(op);
  }
}

function acquire(world: World, g: Goroutine, op: LockOp, at: Ptr): Effect["action"] {
  const { object } = world.objects.cell(at, kindOf(op));
  const state = world.state(at);
  if (!canAcquire(state, op.shared, g.intent !== null)) {
    world.setState(at, state | announced);
    world.set(g, "intent", { kind: "announced" });
    return { kind: "wait", object, value: "readers" };
  }
  take(world, g, op, at);
  world.complete(g, null);
  return { kind: "acquire", object, shared: op.shared };
}

function take(world: World, g: Goroutine, op: LockOp, at: Ptr): void {
  const { shared } = op;
  const meta = world.meta(at);
  const state = world.state(at);
  world.setState(at, shared ? state + reader : (state | writer) & ~announced);
  world.learn(g, meta.clock);
  if (!shared) world.learn(g, meta.readers);
  world.set(meta, "holders", [...meta.holders, { thread: g.id, shared }]);
  const { touch: lock, object } = world.objects.cell(at, kindOf(op));
  const span = world.placeOf(g, op);
  world.hold(g, { lock, object, shared, span });
}

function tryAcquire(world: World, g: Goroutine, op: LockOp, at: Ptr): Effect["action"] {
  const { object } = world.objects.cell(at, kindOf(op));
  const ok = canAcquire(world.state(at), op.shared, false);
  if (ok) take(world, g, op, at);
  world.complete(g, ok);
  return { kind: "try-acquire", object, shared: op.shared, ok };
}

function release(world: World, g: Goroutine, op: LockOp, at: Ptr): Effect["action"] {
  const subject = world.objects.cell(at, kindOf(op));
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
  world.drop(g, subject.touch, shared);
  world.complete(g, null);
  return { kind: "release", object: subject.object, shared };
}

function misuse(world: World, at: Ptr, shared: boolean): string {
  if (shared) return "sync: RUnlock of unlocked RWMutex";
  const { object } = world.objects.cell(at, "mutex");
  const kind = world.objects.list()[object]?.kind;
  return `sync: ${kind === "rwmutex" ? "Unlock of unlocked RWMutex" : "unlock of unlocked mutex"}`;
}
