// One operation of one thread: whether it can happen, what it touches, and doing it. The dispatch over
// locks.ts, channels.ts, waits.ts, timers.ts and accesses.ts.

import { unreachable } from "../../base/assert.js";
import type { Choice } from "../../../protocol/witness.js";
import { atomicTouches, performAtomic } from "./accesses.js";
import { channelChoices, channelTouches, performChannel, pollTouch } from "./channels.js";
import type { OpInstr, Value } from "./core.js";
import { Goroutine } from "./goroutine.js";
import { lockReady, lockTouches, performLock } from "./locks.js";
import { untold } from "./machine.js";
import { performSettle, performSleep, performTimer, timerTouch } from "./timers.js";
import type { Touch } from "./touch.js";
import { Chan } from "./values.js";
import { isWait, performWait, waitReady, waitTouches, type SyncOp } from "./waits.js";
import { effect, noTouches, running, type Effect, type World } from "./world.js";

const none: readonly Choice[] = [];

/** The ways in which the operation a thread stands before can happen now; none: it waits. Time is not looked at. */
export function choicesOf(world: World, g: Goroutine, op: OpInstr): readonly Choice[] {
  switch (op.op) {
    case "send":
    case "recv":
    case "close":
    case "select":
      return channelChoices(world, g, op);
    case "acquire":
    case "release":
    case "try-acquire":
      return lockReady(world, g, op) ? g.alone : none;
    case "sync":
      return waitReady(world, g, op) ? g.alone : none;
    case "spawn":
    case "atomic":
    case "await":
      return g.alone;
    default:
      return unreachable(op);
  }
}

/** Library code's synchronisation happens along with the step before it, where it need not wait and leaves no choice. */
export function mayBeInvisible(op: OpInstr): boolean {
  switch (op.op) {
    case "sync":
      return op.fn !== "sleep" && op.fn !== "settle" && op.fn !== "yield";
    case "await":
      return false;
    default:
      return true;
  }
}

export function touchesOf(world: World, g: Goroutine, op: OpInstr): readonly Touch[] {
  switch (op.op) {
    case "send":
    case "recv":
    case "close":
    case "select":
      return channelTouches(world, g, op);
    case "acquire":
    case "release":
    case "try-acquire": {
      const at = world.address(g, op.lock);
      return at === null ? noTouches : lockTouches(world, g, at, op);
    }
    case "sync":
      if (op.fn === "chan-len") return lenTouches(world, g, op);
      return isWait(op.fn) ? waitTouches(world, g, op) : timerTouches(world, g, op);
    case "atomic":
      return atomicTouches(world, g, op);
    case "spawn":
    case "await":
      return noTouches;
    default:
      return unreachable(op);
  }
}

function lenTouches(world: World, g: Goroutine, op: SyncOp): readonly Touch[] {
  const chan = argument(world, g, op);
  return chan instanceof Chan ? [pollTouch(world, chan)] : noTouches;
}

function argument(world: World, g: Goroutine, op: SyncOp): Value {
  const arg = op.args[0];
  return arg === undefined ? undefined : world.operand(g, arg);
}

/** How full a channel is; nil ones are empty. */
function performLen(world: World, g: Goroutine, op: SyncOp): Effect {
  const chan = argument(world, g, op);
  const touched = lenTouches(world, g, op);
  const length = chan instanceof Chan && !chan.hidden ? chan.buffer.length : 0;
  world.complete(g, length);
  if (!world.telling || !(chan instanceof Chan)) return effect(untold, touched);
  const object = world.objects.chan(chan);
  return effect({ kind: "read", object, value: String(length) }, touched);
}

function timerTouches(world: World, g: Goroutine, op: SyncOp): readonly Touch[] {
  const at = op.object === null ? null : world.address(g, op.object);
  return at === null ? noTouches : [timerTouch(world, at)];
}

export function perform(world: World, g: Goroutine, op: OpInstr, choice: Choice): Effect {
  switch (op.op) {
    case "send":
    case "recv":
    case "close":
    case "select":
      return performChannel(world, g, op, choice);
    case "acquire":
    case "release":
    case "try-acquire":
      return performLock(world, g, op);
    case "sync":
      return isWait(op.fn) ? performWait(world, g, op) : performOther(world, g, op);
    case "atomic":
      return performAtomic(world, g, op);
    case "spawn":
      return spawn(world, g, op);
    case "await":
      world.fail("await outside of TypeScript");
      return effect({ kind: "await", text: "" }, noTouches);
    default:
      return unreachable(op);
  }
}

function performOther(world: World, g: Goroutine, op: SyncOp): Effect {
  switch (op.fn) {
    case "sleep":
      return performSleep(world, g, op);
    case "settle":
      return performSettle(world, g, op);
    case "timer-start":
    case "timer-stop":
      return performTimer(world, g, op);
    case "chan-len":
      return performLen(world, g, op);
    case "now":
      world.doing.asks = true;
      world.complete(g, world.now);
      return effect({ kind: "yield", text: "reads the clock" }, noTouches);
    case "goroutines": {
      const alive = world.threads.filter((it) => it.phase === "new" || it.phase === "live");
      world.doing.asks = true;
      world.complete(g, alive.length);
      return effect({ kind: "yield", text: "counts goroutines" }, noTouches);
    }
    case "goexit":
      world.core.goexit(running(g));
      world.own(g).goexit = true;
      return effect({ kind: "end", text: "Goexit" }, noTouches);
    case "exit": {
      const code = Number(argument(world, g, op) ?? 0);
      world.own(world).exitCode = code;
      return effect({ kind: "end", text: `exit status ${code}` }, noTouches);
    }
    default:
      world.doing.yielded = true;
      world.complete(g, null);
      return effect({ kind: "yield" }, noTouches);
  }
}

/** The new thread's first step runs it up to its first operation. */
function spawn(world: World, g: Goroutine, op: Extract<OpInstr, { op: "spawn" }>): Effect {
  const args = op.args.map((it) => world.operand(g, it));
  const id = world.threads.length;
  const core = world.core.newThread(id, op.callee, args, running(g));
  const base = world.baseOf(g, op.callee);
  const child = new Goroutine(id, base, world.nextOf(base), core, g.id, world.placeOf(g, op));
  world.add(child);
  world.learn(child, g.clock);
  world.complete(g, null);
  return effect(world.telling ? { kind: "spawn", thread: id } : untold, noTouches);
}
