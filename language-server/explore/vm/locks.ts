// Mutex and RWMutex. The state is one number in the lock's first cell, so that copying a lock copies its state:
// bit 0 a writer holds it, bit 1 a writer waits for the readers to leave (new readers wait too), the rest counts readers.
// `sync.Mutex` never has readers, so the same code serves it.

import { unreachable } from "../../base/assert.js";
import type { ObjectId } from "../../../protocol/witness.js";
import type { Holder } from "./beside.js";
import type { OpInstr, Ptr } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { untold } from "./machine.js";
import type { ObjectKind } from "./objects.js";
import { touch, touches, type TouchKind } from "./touch.js";
import { effect, noTouches, type Effect, type World } from "./world.js";

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
  return canAcquire(state, op.shared, g.intent !== null) || mayAnnounce(world, state, op.shared, g);
}

/** A writer makes new readers wait as soon as it waits itself; only readers that are inside make that a step of its own. */
function mayAnnounce(world: World, state: number, shared: boolean, g: Goroutine): boolean {
  if (!world.options.writerPreference || shared || g.intent !== null) return false;
  return state >= reader && (state & (writer | announced)) === 0;
}

export function lockTouches(world: World, g: Goroutine, at: Ptr, op: LockOp): Effect["touches"] {
  const lock = world.objects.number(at.obj, at.off);
  return [touch(lock, touchKind(world, g, op, at, lock))];
}

function touchKind(world: World, g: Goroutine, op: LockOp, at: Ptr, lock: number): TouchKind {
  const { shared } = op;
  const state = world.state(at);
  switch (op.op) {
    case "acquire":
      if (shared) return touches.rlock;
      return mayAnnounce(world, state, shared, g) ? touches.announce : touches.lock;
    case "release":
      if (shared ? state < reader : (state & writer) === 0) return touches.unlockFree;
      if (!shared) return touches.unlock;
      // Readers that leave commute, but for one that was never inside: whether that is fatal depends on the others.
      return isInside(g, lock) && !world.meta(at).stray ? touches.runlock : touches.runlockOther;
    case "try-acquire":
      if (canAcquire(state, shared, false)) return shared ? touches.tryRlock : touches.trylock;
      return shared ? touches.tryRlockFailed : touches.trylockFailed;
    default:
      return unreachable(op);
  }
}

function isInside(g: Goroutine, lock: number): boolean {
  for (const it of g.held) if (it.lock === lock && it.shared) return true;
  return false;
}

export function kindOf(op: LockOp): ObjectKind {
  return op.shared ? "rwmutex" : "mutex";
}

export function performLock(world: World, g: Goroutine, op: LockOp): Effect {
  const at = world.address(g, op.lock);
  if (at === null) {
    world.panic(g, nilDereference);
    return effect({ kind: "panic", text: nilDereference }, noTouches);
  }
  const touched = lockTouches(world, g, at, op);
  const object = world.telling ? world.objects.cell(at, kindOf(op)) : 0;
  switch (op.op) {
    case "acquire": {
      const action = acquire(world, g, op, at, object);
      return effect(action, touched, g.intent !== null);
    }
    case "release":
      return effect(release(world, g, op, at, object), touched);
    case "try-acquire":
      return effect(tryAcquire(world, g, op, at, object), touched);
    default:
      return unreachable(op);
  }
}

function acquire(
  world: World,
  g: Goroutine,
  op: LockOp,
  at: Ptr,
  object: ObjectId,
): Effect["action"] {
  const state = world.state(at);
  if (!canAcquire(state, op.shared, g.intent !== null)) {
    world.setState(at, state | announced);
    world.own(g).intent = { kind: "announced" };
    return world.telling ? { kind: "wait", object, value: "readers" } : untold;
  }
  take(world, g, op, at, object);
  world.complete(g, null);
  return world.telling ? { kind: "acquire", object, shared: op.shared } : untold;
}

function take(world: World, g: Goroutine, op: LockOp, at: Ptr, object: ObjectId): void {
  const { shared } = op;
  const meta = world.own(world.meta(at));
  const state = world.state(at);
  const lock = world.objects.number(at.obj, at.off);
  world.setState(at, shared ? state + reader : (state | writer) & ~announced);
  world.learn(g, meta.clock);
  if (!shared) world.learn(g, meta.readers);
  meta.holders = [...meta.holders, { thread: g.id, shared }];
  world.hold(g, { lock, object, shared, span: world.placeOf(g, op) });
}

function tryAcquire(
  world: World,
  g: Goroutine,
  op: LockOp,
  at: Ptr,
  object: ObjectId,
): Effect["action"] {
  const ok = canAcquire(world.state(at), op.shared, false);
  if (ok) take(world, g, op, at, object);
  world.complete(g, ok);
  return world.telling ? { kind: "try-acquire", object, shared: op.shared, ok } : untold;
}

function release(
  world: World,
  g: Goroutine,
  op: LockOp,
  at: Ptr,
  object: ObjectId,
): Effect["action"] {
  const { shared } = op;
  const state = world.state(at);
  if (shared ? state < reader : (state & writer) === 0) {
    const text = misuse(world, at, shared);
    world.fail(text);
    return { kind: "panic", text: `fatal error: ${text}` };
  }
  const meta = world.own(world.meta(at));
  world.setState(at, shared ? state - reader : state & ~writer);
  if (shared) meta.readers = world.released(g, meta.readers);
  else meta.clock = world.released(g, meta.clock);
  if (shared && !isInside(g, world.objects.number(at.obj, at.off))) meta.stray = true;
  meta.holders = without(meta.holders, g.id, shared);
  world.drop(g, world.objects.number(at.obj, at.off), shared);
  world.complete(g, null);
  return world.telling ? { kind: "release", object, shared } : untold;
}

/** Less the thread's own hold, or less the first one when somebody else has unlocked. */
function without(holders: readonly Holder[], thread: number, shared: boolean): readonly Holder[] {
  const mine = holders.findIndex((it) => it.shared === shared && it.thread === thread);
  return holders.toSpliced(Math.max(mine, 0), 1);
}

/** A reader that may have to wait for others keeps writers waiting, and with them new readers. */
export function noteReader(world: World, { held, stop }: Goroutine): void {
  if (stop?.kind !== "op" || world.waitsAsReader) return;
  const { op } = stop.instr;
  if (op === "release" || op === "atomic" || !held.some((it) => it.shared)) return;
  world.own(world).waitsAsReader = true;
}

function misuse(world: World, at: Ptr, shared: boolean): string {
  if (shared) return "sync: RUnlock of unlocked RWMutex";
  const kind = world.objects.list()[world.objects.cell(at, "mutex")]?.kind;
  return `sync: ${kind === "rwmutex" ? "Unlock of unlocked RWMutex" : "unlock of unlocked mutex"}`;
}
