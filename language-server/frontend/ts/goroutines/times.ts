// Sleeping and timers.

import type { ts } from "ts-morph";
import type { Reg } from "../../../ir/ir.js";
import type { TypeId } from "../../../ir/types.js";
import type { GoFn } from "./fn.js";

export function nanosOf(fn: GoFn, millis: Reg, node: ts.Node): Reg {
  return fn.prim("js.mul", [millis, fn.literal(1_000_000, node)], node);
}

export function sleepFor(fn: GoFn, millis: Reg, node: ts.Node): Reg {
  const args = [nanosOf(fn, millis, node)];
  fn.b.emit({ op: "sync", dst: null, fn: "sleep", object: null, args, span: fn.span(node) });
  return fn.undefined(node);
}

export function startTimer(fn: GoFn, task: Reg, millis: Reg | null, node: ts.Node): Reg {
  return emitTimer(fn, task, millis ?? fn.literal(0, node), node);
}

export function stopTimer(fn: GoFn, timer: Reg, node: ts.Node): Reg {
  const dst = fn.boolean();
  const span = fn.span(node);
  fn.b.emit({ op: "sync", dst, fn: "timer-stop", object: timer, args: [], span });
  return fn.undefined(node);
}

/** Runs the function, or sends to the channel, when the time has come. */
export function emitTimer(fn: GoFn, target: Reg, millis: Reg, node: ts.Node): Reg {
  const { types } = fn;
  const span = fn.span(node);
  const timer = fn.allocate(timerType(fn), "timer", span);
  const now = fn.typed(types.int);
  fn.b.emit({ op: "sync", dst: now, fn: "now", object: null, args: [], span });
  const args = [nanosOf(fn, millis, node), fn.literal(0, node), target, now];
  fn.b.emit({ op: "sync", dst: null, fn: "timer-start", object: timer, args, span });
  return timer;
}

function timerType(fn: GoFn): TypeId {
  return fn.types.struct("Timer", ["timer"]);
}
