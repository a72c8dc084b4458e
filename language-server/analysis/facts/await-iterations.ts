// TypeScript: loops over a shared array that wait in their body, and others that take out of the array or put into it meanwhile.

import type { Func, Reg, SpanId } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import type { Fact } from "../check.js";
import type { Point, SharedPlaces } from "./shared-places.js";
import { comesAfter, type TsCalls, tsCalls } from "./ts-calls.js";

export interface AwaitIteration {
  readonly func: Func;
  /** For people: `queue`, `this.jobs`. */
  readonly place: string;
  /** What is gone through. */
  readonly list: SpanId;
  readonly await: SpanId;
  readonly change: { readonly func: Func; readonly span: SpanId; readonly name: string };
}

/** What moves elements that a loop has not come to yet. Adding at the end is how queues are worked off. */
const moves = new Set(["shift", "unshift", "splice", "sort", "reverse"]);

export const awaitIterations: Fact<readonly AwaitIteration[]> = {
  name: "await-iterations",
  compute: ({ program, get }) => {
    const calls = get(tsCalls);
    const own = program.funcs.filter((it) => !isModel(it));
    return own
      .filter((it) => it.kind === "async" || it.kind === "async-generator")
      .flatMap((func) => iterationsOf(calls, func).flatMap((it) => changesOf(calls, own, it)));
  },
};

type Iteration = Omit<AwaitIteration, "change">;

function iterationsOf(calls: TsCalls, func: Func): readonly Iteration[] {
  const places = calls.places(func);
  return func.blocks.flatMap(({ instrs }) =>
    instrs.flatMap((instr): Iteration[] => {
      if (instr.op !== "prim" || instr.fn !== "js.iter-open") return [];
      const list = places.definitions.get(instr.args[0] as Reg)?.instr;
      const place = list === undefined ? null : places.placeRead(list);
      const awaited = place === null ? null : awaitWithin(places, instr.dst);
      return place === null || awaited === null
        ? []
        : [{ func, place, list: instr.span, await: awaited }];
    }),
  );
}

/** A wait between two steps of an iterator. */
function awaitWithin(places: SharedPlaces, iterator: Reg): SpanId | null {
  const points: Point[] = [];
  places.func.blocks.forEach(({ instrs }, block) => {
    instrs.forEach((it, index) => {
      const isNext = it.op === "prim" && it.fn === "js.iter-next" && it.args[0] === iterator;
      if (isNext) points.push({ block, index });
    });
  });
  const [next] = points;
  if (next === undefined) return null;
  for (const [block, { instrs }] of places.func.blocks.entries()) {
    for (const [index, it] of instrs.entries()) {
      const at = { block, index };
      if (it.op !== "await") continue;
      if (comesAfter(places, next, at) && comesAfter(places, at, next)) return it.span;
    }
  }
  return null;
}

/** Who else changes the array: a loop that does it itself knows what it does. */
function changesOf(calls: TsCalls, funcs: readonly Func[], it: Iteration): AwaitIteration[] {
  const key = keyOf(calls, it.func, it.place);
  return funcs
    .filter((other) => other !== it.func && other.parent !== it.func.id)
    .flatMap((func) =>
      calls.methods(func).flatMap(({ instr, self, name }): AwaitIteration[] => {
        const place = calls.places(func).shared(self);
        if (!moves.has(name) || place === null || keyOf(calls, func, place) !== key) return [];
        return [{ ...it, change: { func, span: instr.span, name } }];
      }),
    );
}

function keyOf(calls: TsCalls, func: Func, place: string): string {
  if (!place.startsWith("this.")) return place;
  return `${calls.classOf(func) ?? ""}${place.slice("this".length)}`;
}
