// TypeScript: where a function decides by a shared place, waits, and then writes that place as if nothing had changed. What it
// decided by may no longer hold (two calls find nothing there, and both make one).

import type { Func, Program, Reg, SpanId } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import type { Fact } from "../check.js";
import { type Test, testsOf } from "./await-tests.js";
import { awaitUpdates } from "./await-updates.js";
import { type Point, same, SharedPlaces, type Write } from "./shared-places.js";

export interface AwaitCheck {
  readonly func: Func;
  /** For people: `this.connection`. */
  readonly place: string;
  readonly read: SpanId;
  readonly await: SpanId;
  readonly write: SpanId;
}

export const awaitChecks: Fact<readonly AwaitCheck[]> = {
  name: "await-checks",
  compute: ({ program, get }) => {
    // That a value is lost says more than that a test is old.
    const lost = new Set(get(awaitUpdates).map((it) => it.write));
    return program.funcs.flatMap((func) =>
      (func.kind === "async" || func.kind === "async-generator") && !isModel(func)
        ? new Finder(program, func).find().filter((it) => !lost.has(it.write))
        : [],
    );
  },
};

class Finder {
  readonly #func: Func;
  readonly #places: SharedPlaces;

  constructor(program: Program, func: Func) {
    this.#func = func;
    this.#places = new SharedPlaces(program, func);
  }

  find(): readonly AwaitCheck[] {
    return this.#places.writes().flatMap((write): readonly AwaitCheck[] => {
      const isEntry = write.place.endsWith("]");
      // Resetting something hurts nobody, nor does what somebody else keeps while it is under way.
      if (!isEntry && (this.#isReset(write.value) || this.#isUnderWay(write.value))) return [];
      for (const test of testsOf(this.#places, write.place)) {
        if (!this.#decides(test.block, write.point)) continue;
        // Entries of maps are mostly refilled with the same, unless a second one is refused or they count.
        if (isEntry && !this.#refuses(test.block, write.point) && !this.#updates(write)) continue;
        const awaited = this.#awaitBetween(test, write);
        if (awaited === null) continue;
        const { place, span } = write;
        return [{ func: this.#func, place, read: test.span, await: awaited, write: span }];
      }
      return [];
    });
  }

  /** Whether a branch stands before every way to a test. */
  #leadsTo(branch: number, test: number): boolean {
    const isBranch = this.#func.blocks[branch]?.exit.op === "branch";
    return isBranch && branch !== test && !this.#reaches(0, test, branch);
  }

  /** A constant but `true`, which says that something was done, or is being done. */
  #isReset(reg: Reg): boolean {
    const instr = this.#places.definitions.get(reg)?.instr;
    return instr?.op === "const" && instr.value !== true;
  }

  /** `stock[item] -= 1`: from what is there at the time. */
  #updates({ place, value }: Write): boolean {
    const instr = this.#places.definitions.get(value)?.instr;
    if (instr?.op !== "prim") return false;
    return instr.args.some((it) => {
      const from = this.#places.definitions.get(it)?.instr;
      const whole =
        from?.op === "prim" ? this.#places.definitions.get(from.args[0] as Reg)?.instr : from;
      return whole !== undefined && this.#places.placeRead(whole) === place;
    });
  }

  /** What is awaited is a promise that others find in a shared place: they all come to the same value. */
  #isUnderWay(reg: Reg): boolean {
    const { definitions, incoming } = this.#places;
    const instr = definitions.get(reg)?.instr;
    if (instr?.op !== "await") return false;
    return [instr.value, ...(incoming.get(instr.value) ?? [])].some((it) => {
      const from = definitions.get(it)?.instr;
      return from !== undefined && this.#places.placeRead(from) !== null;
    });
  }

  /** Whether the other way out of the branch leads to a `throw` at once. */
  #refuses(block: number, write: Point): boolean {
    const exit = this.#func.blocks[block]?.exit;
    if (exit?.op !== "branch") return false;
    return [exit.then.block, exit.else.block].some(
      (it) => !this.#reaches(it, write.block, block) && this.#throws(it),
    );
  }

  #throws(from: number): boolean {
    const seen = new Set<number>();
    for (let at = from; !seen.has(at); ) {
      seen.add(at);
      const exit = this.#func.blocks[at]?.exit;
      if (exit?.op !== "jump") return exit?.op === "panic";
      at = exit.to.block;
    }
    return false;
  }

  /** Whether the write comes on one way out of the branch only. */
  #decides(block: number, write: Point): boolean {
    const exit = this.#func.blocks[block]?.exit;
    if (exit?.op !== "branch") return false;
    const [yes, no] = [exit.then.block, exit.else.block].map((it) =>
      this.#reaches(it, write.block, block),
    );
    return yes !== no;
  }

  #reaches(from: number, to: number, without: number): boolean {
    const seen = new Set<number>([without]);
    const work = [from];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      if (at === to) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      work.push(...this.#places.successors(at));
    }
    return false;
  }

  /**
   * The first await on a path from the test to the write; null when there is none. A path ends where the place is written
   * before a wait (that is how others are told) or tested again after it, or where what led to the test is: in
   * `while (empty && busy > 0) await turn()`, who finds it no longer empty goes on whatever `busy` is.
   */
  #awaitBetween(test: Test, write: Write): SpanId | null {
    const again = testsOf(this.#places, write.place).map((it) => it.read);
    const seen = new Set<string>();
    const work: { readonly point: Point; readonly awaited: SpanId | null }[] = [
      { point: { ...test.read, index: test.read.index + 1 }, awaited: null },
    ];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const { point, awaited } = next;
      const key = `${point.block}:${point.index}:${awaited === null ? 0 : 1}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (same(point, write.point)) {
        if (awaited !== null) return awaited;
        continue;
      }
      const instr = this.#func.blocks[point.block]?.instrs[point.index];
      if (instr === undefined) {
        if (awaited !== null && this.#leadsTo(point.block, test.block)) continue;
        for (const to of this.#places.successors(point.block)) {
          work.push({ point: { block: to, index: 0 }, awaited });
        }
        continue;
      }
      if (awaited !== null && again.some((it) => same(it, point))) continue;
      const tells = this.#places
        .writes()
        .some((it) => it.place === write.place && same(it.point, point));
      if (tells) continue;
      const now = instr.op === "await" ? (awaited ?? instr.span) : awaited;
      work.push({ point: { block: point.block, index: point.index + 1 }, awaited: now });
    }
    return null;
  }
}
