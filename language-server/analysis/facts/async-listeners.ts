// TypeScript: async functions that are handed to an emitter, and what they may throw: nobody waits for them.

import type { Func, Program, SpanId } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import type { Fact } from "../check.js";
import { type TsCalls, tsCalls } from "./ts-calls.js";

export interface AsyncListener {
  readonly func: Func;
  readonly event: string;
  readonly listens: SpanId;
  /** Where errors come from that leave it. */
  readonly throws: readonly SpanId[];
}

export const asyncListeners: Fact<readonly AsyncListener[]> = {
  name: "async-listeners",
  compute: ({ program, get }) => {
    const calls = get(tsCalls);
    const own = program.funcs.filter((it) => !isModel(it));
    // Emitters that take care of it say so.
    const captures = own.some((it) => mentions(it, "captureRejections"));
    return captures ? [] : own.flatMap((it) => listenersIn(program, calls, it));
  },
};

const listens = new Set(["on", "once", "addListener", "addEventListener"]);

function listenersIn(program: Program, calls: TsCalls, func: Func): readonly AsyncListener[] {
  const places = calls.places(func);
  return calls.methods(func).flatMap(({ instr, name }): AsyncListener[] => {
    const [event, listener] = instr.args;
    if (!listens.has(name) || event === undefined || listener === undefined) return [];
    const made = places.definitions.get(listener)?.instr;
    const target = made?.op === "closure" ? program.funcs[made.func] : undefined;
    const of = places.constant(event);
    if (target?.kind !== "async" || of === null) return [];
    const throws = [...calls.reachedFrom([target.id])].flatMap((it) => throwsOf(program, it));
    return throws.length === 0 ? [] : [{ func, event: of, listens: instr.span, throws }];
  });
}

/** Where a function throws, and where it makes what it throws. */
function throwsOf({ funcs }: Program, id: Func["id"]): readonly SpanId[] {
  const func = funcs[id];
  if (func === undefined || isModel(func)) return [];
  return func.blocks.flatMap(({ instrs, exit }) => {
    if (exit.op !== "panic") return [];
    const made = instrs.find((it) => "dst" in it && it.dst === exit.value);
    return made === undefined ? [exit.span] : [exit.span, made.span];
  });
}

function mentions({ blocks }: Func, text: string): boolean {
  return blocks.some(({ instrs }) => instrs.some((it) => it.op === "const" && it.value === text));
}
