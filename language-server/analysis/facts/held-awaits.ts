// TypeScript: functions that hold a lock while they wait for something that others must do, and those others take the same lock.

import type { Func, Program, Reg, SpanId } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import type { Fact } from "../check.js";
import type { Taking } from "./async-locks.js";
import { type AsyncSection, asyncSections } from "./async-sections.js";
import { executorOf, type TsCalls, tsCalls } from "./ts-calls.js";

export interface HeldAwait {
  /** Of whoever waits with the lock. */
  readonly holder: Taking;
  readonly func: Func;
  readonly waits: SpanId;
  /** Those who need the lock, and do something for others after they have it. */
  readonly others: readonly Taking[];
}

export const heldAwaits: Fact<readonly HeldAwait[]> = {
  name: "held-awaits",
  compute: ({ program, get }) => {
    const calls = get(tsCalls);
    const sections = get(asyncSections).filter((it) => it.taking.scope === "shared");
    const funcs = program.funcs.filter((it) => it.kind === "async" && !isModel(it));
    return sections.flatMap((section) => {
      const others = sections
        .map((it) => it.taking)
        .filter((it) => it.lock === section.taking.lock && it !== section.taking)
        .filter((it) => !section.covers(it.func, it.point) && !section.mayRun(it.func))
        .filter((it) => tells(program, calls, it));
      if (others.length === 0) return [];
      return funcs.flatMap((func) =>
        awaitsIn(calls, section, func).map((waits) => ({
          holder: section.taking,
          func,
          waits,
          others,
        })),
      );
    });
  },
};

/** Waits with the lock for a promise that somebody keeps, or that is settled by whoever comes to what it leaves behind. */
function awaitsIn(calls: TsCalls, section: AsyncSection, func: Func): readonly SpanId[] {
  const places = calls.places(func);
  const isOthers = (value: Reg): boolean => {
    const made = places.definitions.get(value)?.instr;
    if (made === undefined) return false;
    if (made.op === "call") return made.callee.kind === "static";
    return places.placeRead(made) !== null || executorOf(places, made) !== null;
  };
  return func.blocks.flatMap(({ instrs }, block) =>
    instrs.flatMap((it, index) =>
      it.op === "await" && section.covers(func, { block, index }) && isOthers(it.value)
        ? [it.span]
        : [],
    ),
  );
}

/** Whether a function, or what it runs under the lock, calls something that may settle a promise: what a variable or an object holds. */
function tells(program: Program, calls: TsCalls, { func, holding }: Taking): boolean {
  const inside = holding === null ? undefined : program.funcs[holding];
  return [func, ...(inside === undefined ? [] : [inside])].some((it) => {
    const places = calls.places(it);
    return it.blocks.some(({ instrs }) =>
      instrs.some((instr) => {
        if (instr.op !== "call" || instr.callee.kind !== "dynamic") return false;
        const target = places.definitions.get(instr.callee.value)?.instr;
        const name = target?.op === "get-prop" ? places.constant(target.key) : null;
        if (name !== null && lockMethods.has(name)) return false;
        return target !== undefined && places.placeRead(target) !== null;
      }),
    );
  });
}

const lockMethods = new Set(["acquire", "runExclusive", "request", "release"]);
