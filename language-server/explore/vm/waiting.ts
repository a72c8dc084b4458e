// Who waits for what, in words and with who is to blame. Pure reading of the world.

import type { Blocked, ObjectId, ThreadId } from "../../../protocol/witness.js";
import { spanOf } from "../../ir/access.js";
import type { OpInstr, Ptr } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { kindOf } from "./locks.js";
import { dozes } from "./nap.js";
import { isParked } from "./spin.js";
import type { Watch } from "./watch.js";
import { Chan } from "./values.js";
import { kindOfWait } from "./waits.js";
import { opOf, type World } from "./world.js";

/** Locks make these; a cycle of them never comes undone. */
export function holdersOf(world: World, g: Goroutine): readonly ThreadId[] {
  const op = opOf(g);
  const at = op === null ? null : waitsAt(world, g, op);
  if (at === null) return [];
  return [...new Set(world.meta(at).holders.map((it) => it.thread))];
}

/** The lock or once a thread stands before. */
function waitsAt(world: World, g: Goroutine, op: OpInstr): Ptr | null {
  if (op.op === "acquire") return world.address(g, op.lock);
  if (op.op === "sync" && op.fn === "once-begin" && op.object !== null) {
    return world.address(g, op.object);
  }
  return null;
}

export function blockedOf(world: World, g: Goroutine): Blocked | null {
  if (g.parked !== null && isParked(g)) return spinsOn(world, g, g.parked);
  if (dozes(g)) return spinsOn(world, g, g.nap?.round ?? []);
  const op = opOf(g);
  if (op === null || g.stop === null || g.stop.kind !== "op") return null;
  const { object, reason } = waitText(world, g, op);
  const span = spanOf(world.program, g.stop.span);
  return { thread: g.id, span, object, reason, holders: holdersOf(world, g) };
}

/** A thread that asks the same things for ever. */
function spinsOn(world: World, g: Goroutine, watches: readonly Watch[]): Blocked {
  const names = watches.map((it) => world.objects.nameOf(it.object));
  const span = g.stop === null || g.stop.kind === "ended" ? g.spawnedAt : g.stop.span;
  const all = [...new Set(names)].sort().join(" or ");
  const reason = all === "" ? "nothing, going round" : `${all} to change, asking again and again`;
  return { thread: g.id, span: spanOf(world.program, span), object: null, reason, holders: [] };
}

interface WaitText {
  readonly object: ObjectId | null;
  readonly reason: string;
}

function waitText(world: World, g: Goroutine, op: OpInstr): WaitText {
  switch (op.op) {
    case "acquire": {
      const at = world.address(g, op.lock);
      if (at === null) return { object: null, reason: "a nil lock" };
      const object = world.objects.cell(at, kindOf(op));
      return { object, reason: `${op.shared ? "reading " : ""}lock ${nameOf(world, object)}` };
    }
    case "send":
      return channelText(world, world.operand(g, op.chan), "to send on");
    case "recv":
      return channelText(world, world.operand(g, op.chan), "to receive from");
    case "select":
      return selectText(world, g, op);
    case "sync": {
      const at = op.object === null ? null : world.address(g, op.object);
      if (at === null) return { object: null, reason: op.fn };
      const object = world.objects.cell(at, kindOfWait(op.fn));
      return { object, reason: syncReason(world, op.fn, at, nameOf(world, object)) };
    }
    default:
      return { object: null, reason: op.op };
  }
}

function selectText(world: World, g: Goroutine, op: Extract<OpInstr, { op: "select" }>): WaitText {
  const texts = op.cases.map((it) =>
    channelText(
      world,
      world.operand(g, it.chan),
      it.dir === "send" ? "to send on" : "to receive from",
    ),
  );
  if (texts.length === 0) return { object: null, reason: "a select without cases" };
  const object = texts.length === 1 ? (texts[0]?.object ?? null) : null;
  return { object, reason: texts.map((it) => it.reason).join(" or ") };
}

function channelText(world: World, value: unknown, what: string): WaitText {
  if (!(value instanceof Chan)) return { object: null, reason: `${what} a nil channel` };
  const object = world.objects.chan(value);
  return { object, reason: `${what} ${nameOf(world, object)}` };
}

function syncReason(world: World, fn: string, at: Ptr, name: string): string {
  switch (fn) {
    case "wg-wait":
      return `wait group ${name} (${world.state(at)} to go)`;
    case "once-begin":
      return `the first call of ${name} to return`;
    case "cond-park":
      return `a signal on ${name}`;
    default:
      return fn;
  }
}

function nameOf(world: World, object: ObjectId): string {
  return world.objects.list()[object]?.name ?? "?";
}

/** Threads that wait for each other's locks, or for one of their own: a cycle, or empty. */
export function lockCycle(world: World, waiting: readonly Goroutine[]): readonly Goroutine[] {
  for (const start of waiting) {
    const path: Goroutine[] = [];
    let at: Goroutine | undefined = start;
    while (at !== undefined && !path.includes(at)) {
      path.push(at);
      const holder: ThreadId | undefined = holdersOf(world, at).find((id) =>
        waiting.some((it) => it.id === id),
      );
      at = holder === undefined ? undefined : world.thread(holder);
    }
    if (at !== undefined) return path.slice(path.indexOf(at));
  }
  return [];
}
