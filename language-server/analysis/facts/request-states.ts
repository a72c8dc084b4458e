// TypeScript: functions that put what they were called with into a place that all calls share, wait, and read it back: by then it
// may be another call's.

import type { Func, Instr, Reg, SpanId } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import { uses } from "../../ir/shape.js";
import type { Fact } from "../check.js";
import { asyncSections, type AsyncSection } from "./async-sections.js";
import { type Point, same, type SharedPlaces, type Write } from "./shared-places.js";
import { tsCalls } from "./ts-calls.js";

export interface RequestState {
  readonly func: Func;
  /** For people: `current`, `this.user`. */
  readonly place: string;
  readonly write: SpanId;
  readonly await: SpanId;
  readonly read: SpanId;
}

export const requestStates: Fact<readonly RequestState[]> = {
  name: "request-states",
  compute: ({ program, get }) => {
    const calls = get(tsCalls);
    const sections = get(asyncSections);
    return program.funcs
      .filter((it) => it.kind === "async" && !isModel(it) && it.params.length > 0)
      .flatMap((func) => new Finder(calls.places(func), sections).find());
  },
};

class Finder {
  readonly #places: SharedPlaces;
  readonly #func: Func;
  readonly #sections: readonly AsyncSection[];

  constructor(places: SharedPlaces, sections: readonly AsyncSection[]) {
    this.#places = places;
    this.#func = places.func;
    this.#sections = sections;
  }

  find(): readonly RequestState[] {
    const writes = this.#places.writes();
    return writes.flatMap((write): RequestState[] => {
      const isOwn = write.place.includes("[") || !this.#isGiven(write.value, new Set());
      if (isOwn || this.#isLocked(write) || this.#places.isGiven(write.place)) return [];
      const found = this.#readAfter(write, writes);
      if (found === null) return [];
      return [{ func: this.#func, place: write.place, write: write.span, ...found }];
    });
  }

  #isLocked({ point }: Write): boolean {
    return this.#sections.some((it) => it.covers(this.#func, point));
  }

  /** Whether a value comes of a parameter. */
  #isGiven(reg: Reg, seen: Set<Reg>): boolean {
    if (seen.has(reg)) return false;
    seen.add(reg);
    if (this.#func.params.includes(reg)) return true;
    const instr = this.#places.definitions.get(reg)?.instr;
    const before = [
      ...(this.#places.incoming.get(reg) ?? []),
      ...(instr?.op === "load" ? (this.#places.stored.get(instr.addr) ?? []) : []),
      ...(instr?.op === "get-prop" ? [instr.base] : []),
      ...(instr?.op === "prim" && instr.fn !== "js.new" ? uses(instr) : []),
    ];
    return before.some((it) => this.#isGiven(it, seen));
  }

  /** The first read of the place after a wait that is not only compared, with no write in between. */
  #readAfter(
    write: Write,
    writes: readonly Write[],
  ): { readonly await: SpanId; readonly read: SpanId } | null {
    const seen = new Set<string>();
    const work: { readonly point: Point; readonly awaited: SpanId | null }[] = [
      { point: { ...write.point, index: write.point.index + 1 }, awaited: null },
    ];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const { point, awaited } = next;
      const key = `${point.block}:${point.index}:${awaited === null ? 0 : 1}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const instr = this.#func.blocks[point.block]?.instrs[point.index];
      if (instr === undefined) {
        for (const to of this.#places.successors(point.block)) {
          work.push({ point: { block: to, index: 0 }, awaited });
        }
        continue;
      }
      if (writes.some((it) => it.place === write.place && same(it.point, point))) continue;
      if (awaited !== null && this.#places.placeRead(instr) === write.place) {
        // Who compares knows that it may have changed.
        if (this.#isCompared(instr)) continue;
        return { await: awaited, read: instr.span };
      }
      const now = instr.op === "await" ? (awaited ?? instr.span) : awaited;
      work.push({ point: { block: point.block, index: point.index + 1 }, awaited: now });
    }
    return null;
  }

  #isCompared(read: Instr): boolean {
    const value = "dst" in read ? read.dst : null;
    if (value === null) return false;
    return this.#func.blocks.some(
      ({ instrs, exit }) =>
        (exit.op === "branch" && exit.cond === value) ||
        instrs.some((it) => it.op === "prim" && compares.has(it.fn) && it.args.includes(value)),
    );
  }
}

const compares = new Set(["js.eq", "js.ne", "js.loose-eq", "js.loose-ne", "js.not", "js.nullish"]);
