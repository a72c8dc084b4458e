// TypeScript: what runs while a lock of `async-mutex` or `navigator.locks` is held.

import type { Func, FuncId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { type Taking, takings } from "./async-locks.js";
import { LockReturns } from "./lock-returns.js";
import type { Point } from "./shared-places.js";
import { type TsCalls, tsCalls } from "./ts-calls.js";

export interface AsyncSection {
  readonly taking: Taking;
  /** Whether a point is between taking and giving back, as it is written. */
  covers(func: Func, point: Point): boolean;
  /** Whether a function may be called there. */
  mayRun(func: Func): boolean;
}

export const asyncSections: Fact<readonly AsyncSection[]> = {
  name: "async-sections",
  compute: ({ get }) => get(takings).map((it) => new Section(get(tsCalls), it)),
};

class Section implements AsyncSection {
  readonly taking: Taking;
  readonly #calls: TsCalls;
  #points: ReadonlySet<string> | null = null;
  #reached: ReadonlySet<FuncId> | null = null;

  constructor(calls: TsCalls, taking: Taking) {
    this.#calls = calls;
    this.taking = taking;
  }

  covers(func: Func, point: Point): boolean {
    const { holding } = this.taking;
    if (holding !== null) return this.#isWithin(func, new Set([holding]));
    if (func !== this.taking.func) return false;
    this.#points ??= this.#between();
    return this.#points.has(keyOf(point));
  }

  mayRun(func: Func): boolean {
    this.#reached ??= this.#calls.reachedFrom(this.#called());
    return this.#isWithin(func, this.#reached);
  }

  /** One of some functions, or a literal inside of one. */
  #isWithin(func: Func, those: ReadonlySet<FuncId>): boolean {
    return this.#calls.around(func).some((it) => those.has(it.id));
  }

  #called(): readonly FuncId[] {
    const { holding, func } = this.taking;
    return holding !== null ? [holding] : this.#calls.calledBy(func);
  }

  /** The points of the function that are reached with the lock. */
  #between(): ReadonlySet<string> {
    const { func, point } = this.taking;
    const places = this.#calls.places(func);
    const returns = new LockReturns(places, this.taking);
    const seen = new Set<string>();
    const work: Point[] = [{ ...point, index: point.index + 2 }];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      if (seen.has(keyOf(at))) continue;
      const instr = func.blocks[at.block]?.instrs[at.index];
      if (instr !== undefined && returns.gives(instr)) continue;
      seen.add(keyOf(at));
      if (instr !== undefined) work.push({ ...at, index: at.index + 1 });
      else work.push(...places.successors(at.block).map((block) => ({ block, index: 0 })));
    }
    return seen;
  }
}

function keyOf({ block, index }: Point): string {
  return `${block}:${index}`;
}
