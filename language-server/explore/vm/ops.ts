// One operation of one thread: whether it can happen, what it touches, and doing it. The dispatch over
// locks.ts, channels.ts, waits.ts, timers.ts and accesses.ts.

import { unreachable } from "../../base/assert.js";
import type { Choice } from "../../../protocol/witness.js";
import { atomicTouches, performAtomic } from "./accesses.js";
import { channelChoices, channelTouches, performChannel } from "./channels.js";
import type { OpInstr } from "./core.js";
import { Goroutine } from "./goroutine.js";
import { lockReady, lockTouches, performLock } from "./locks.js";
import type { Touch } from "./machine.js";
import { performSleep, performTimer } from "./timers.js";
import { isWait, performWait, waitReady, waitTouches, type SyncOp } from "./waits.js";
import { running, touch, type Effect, type World } from "./world.js";

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
      return lockReady(world, g, op) ? [{ thread: g.id }] : [];
    case "sync":
      return isWait(op.fn) && !waitReady(world, g, op) ? [] : [{ thread: g.id }];
    case "spawn":
    case "atomic":
    case "await":
      return [{ thread: g.id }];
    default:
      return unreachable(op);
  }
}

/** Library code's synchronisation happens along with the step before it, where it need not wait and leaves no choice. */
export function mayBeInvisible(op: OpInstr): boolean {
  switch (op.op) {
    case "sync":
      return op.fn !== "sleep" && op.fn !== "yield";
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
      return at === null ? [] : lockTouches(world, g, at, op);
    }
    case "sync":
      return isWait(op.fn) ? waitTouches(world, g, op) : timerTouches(world, g, op);
    case "atomic":
      return atomicTouches(world, g, op);
    case "spawn":
    case "await":
      return [];
    default:
      return unreachable(op);
  }
}

function timerTouches(world: World, g: Goroutine, op: SyncOp): readonly Touch[] {
  const at = op.object === null ? null : world.address(g, op.object);
  return at === null ? [] : [touch(world.objects.cell(at, "timer").touch, "timer")];
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
      return { action: { kind: "await", text: "" }, touches: [] };
    default:
      return unreachable(op);
  }
}

function performOther(world: World, g: Goroutine, op: SyncOp): Effect {
  switch (op.fn) {
    case "sleep":
      return performSleep(world, g, op);
    case "timer-start":
    case "timer-stop":
      return performTimer(world, g, op);
    case "now":
      world.complete(g, world.now);
      return { action: { kind: "yield", text: "reads the clock" }, touches: [] };
    case "goroutines": {
      const alive = world.threads.filter((it) => it.phase === "new" || it.phase === "live");
      world.complete(g, alive.length);
      return { action: { kind: "yield", text: "counts goroutines" }, touches: [] };
    }
    case "goexit":
      world.core.goexit(running(g));
      world.set(g, "goexit", true);
      return { action: { kind: "end", text: "Goexit" }, touches: [] };
    case "exit": {
      const [arg] = op.args;
      const code = arg === undefined ? 0 : Number(world.operand(g, arg));
      world.set<World, "exitCode">(world, "exitCode", code);
      return { action: { kind: "end", text: `exit status ${code}` }, touches: [] };
    }
    default:
      world.complete(g, null);
      return { action: { kind: "yield" }, touches: [] };
  }
}

/** The new thread's first step runs it up to its first operation. */
function spawn(world: World, g: Goroutine, op: Extract<OpInstr, { op: "spawn" }>): Effect {
  const args = op.args.map((it) => world.operand(g, it));
  const id = world.threads.length;
  const core = world.core.newThread(id, op.callee, args, running(g));
  const name = world.nameOfCallee(g, op.callee);
  const child = new Goroutine(id, name, core, g.id, world.placeOf(g, op));
  world.add(child);
  world.learn(child, g.clock);
  world.complete(g, null);
  return { action: { kind: "spawn", thread: id }, touches: [] };
}
