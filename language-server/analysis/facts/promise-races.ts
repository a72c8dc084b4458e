// TypeScript: calls that run against each other in `Promise.race`: those that lose it go on.

import type { Func, FuncId, Program, Reg, SpanId } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import type { Fact } from "../check.js";
import type { Point, SharedPlaces } from "./shared-places.js";
import { elementsOf, type TsCalls, tsCalls } from "./ts-calls.js";

/** One `Promise.race([…])`. */
export interface Contest {
  readonly func: Func;
  readonly point: Point;
  readonly span: SpanId;
  /** All that those who take part come to. */
  readonly contestants: ReadonlySet<FuncId>;
}

export const contests: Fact<readonly Contest[]> = {
  name: "promise-races",
  compute: ({ program, get }) => {
    const calls = get(tsCalls);
    return program.funcs
      .filter((it) => !isModel(it))
      .flatMap((func) => contestsOf(program, calls, func));
  },
};

function contestsOf(program: Program, calls: TsCalls, func: Func): readonly Contest[] {
  const places = calls.places(func);
  return calls.methods(func).flatMap(({ instr, point, self, name }): Contest[] => {
    if (name !== "race" || !isGlobal(places, self, "Promise")) return [];
    const [list] = instr.args;
    const members = list === undefined ? [] : elementsOf(places, list);
    const started = members.flatMap((it) => startedBy(program, calls, func, it));
    if (started.length === 0) return [];
    return [{ func, point, span: instr.span, contestants: calls.reachedFrom(started) }];
  });
}

function isGlobal(places: SharedPlaces, reg: Reg, name: string): boolean {
  const instr = places.definitions.get(reg)?.instr;
  const [of] = instr?.op === "prim" && instr.fn === "js.global" ? instr.args : [];
  return of !== undefined && places.constant(of) === name;
}

/** The function whose call gave a promise. */
function startedBy(program: Program, calls: TsCalls, func: Func, reg: Reg): readonly FuncId[] {
  const places = calls.places(func);
  const made = places.definitions.get(reg)?.instr;
  if (made?.op !== "call") return [];
  const { callee } = made;
  if (callee.kind === "static") return [callee.func];
  if (callee.kind !== "dynamic") return [];
  const target = places.definitions.get(callee.value)?.instr;
  if (target?.op === "closure") return [target.func];
  const method = calls.methods(func).find((it) => it.instr === made);
  const owner = calls.classOf(func);
  if (method === undefined || owner === null || places.shared(method.self) !== "this") return [];
  const display = `${owner}.${method.name}`;
  return program.funcs.filter((it) => it.display === display).map((it) => it.id);
}
