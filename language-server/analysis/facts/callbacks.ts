// A function value or interface method that is called while a lock is held, and comes to take that lock.

import type { Func, Instr, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { lockBalance } from "./lock-balance.js";
import { pointsTo, type PointsTo } from "./points-to.js";
import type { Held } from "./state.js";
import { threads, type Frame, type Happening } from "./threads.js";

export interface LockedCallback {
  readonly held: Held;
  /** The function that calls back, and the call. */
  readonly func: Func;
  readonly call: Instr;
  readonly acquire: Happening<"acquire">;
  /** The lock is one variable and not one of many that are made at one place. */
  readonly single: boolean;
}

export const lockedCallbacks: Fact<readonly LockedCallback[]> = {
  name: "locked-callbacks",
  compute({ get }) {
    const points = get(pointsTo);
    const told = new Set(get(lockBalance).doubles.map((it) => it.inside?.span ?? it.span));
    const found = new Map<string, LockedCallback>();
    for (const acquire of get(threads).acquires) {
      const { op, state, frame } = acquire;
      if (op.instr.op !== "acquire" || told.has(op.instr.span)) continue;
      const held = state.held.find(
        (it) => !(it.shared && op.shared) && it.locks.some((lock) => op.locks.includes(lock)),
      );
      const back = held === undefined ? null : callBack(frame, held.span);
      if (held === undefined || back === null || isChannel(points, op.locks)) continue;
      const key = `${back.call.span} ${held.locks.join()}`;
      const single = op.locks.length === 1 && op.locks.every((it) => isOne(points, it));
      if (!found.has(key)) found.set(key, { held, ...back, acquire, single });
    }
    return [...found.values()];
  },
};

/** The first call through a value after the lock was taken, on the way to where it is taken again: there who has it lets go. */
function callBack(inner: Frame, taken: SpanId): Pick<LockedCallback, "func" | "call"> | null {
  const seen = new Set<Frame>();
  let found: Pick<LockedCallback, "func" | "call"> | null = null;
  const search = (frame: Frame, back: typeof found): boolean => {
    if (seen.has(frame)) return false;
    seen.add(frame);
    const { func } = frame.instance;
    if (back !== null && takes(func, taken)) {
      found = back;
      return true;
    }
    return [...frame.callers].some(([caller, calls]) =>
      [...calls.keys()].some((call) => {
        const isBack = isThroughValue(call) && !caller.instance.func.library;
        return search(caller, isBack ? { func: caller.instance.func, call } : back);
      }),
    );
  };
  search(inner, null);
  return found;
}

function takes({ blocks }: Func, span: SpanId): boolean {
  return blocks.some(({ instrs }) => instrs.some((it) => it.op === "acquire" && it.span === span));
}

function isThroughValue(instr: Instr): boolean {
  return (
    (instr.op === "call" || instr.op === "defer") &&
    (instr.callee.kind === "dynamic" || instr.callee.kind === "method")
  );
}

function isOne(points: PointsTo, lock: number): boolean {
  const kind = points.objectAt(lock)?.kind;
  return kind === "global" || kind === "variable";
}

function isChannel(points: PointsTo, locks: readonly number[]): boolean {
  return locks.some((it) => points.objectAt(it)?.kind === "chan");
}
