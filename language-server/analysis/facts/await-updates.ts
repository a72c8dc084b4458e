// TypeScript: where a function reads a shared place, waits, and then writes the place a value that it computed from what it read
// before. Whatever another call wrote in between is lost.

import { isModel } from "../../ir/models.js";
import { uses } from "../../ir/shape.js";
import type { Func, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { storedBefore } from "./local-variables.js";
import { testsOf } from "./await-tests.js";
import { type Point, same, SharedPlaces, type Write } from "./shared-places.js";

/** A read, an await and a write of one place in one function, in this order on some path. */
export interface AwaitUpdate {
  readonly func: Func;
  /** For people: `this.balance`, `total`. */
  readonly place: string;
  readonly read: SpanId;
  readonly await: SpanId;
  readonly write: SpanId;
  /** Where the write is in the function. */
  readonly at: Point;
  /** The value went through a variable: a snapshot. Else all is one expression. */
  readonly throughVariable: boolean;
}

export const awaitUpdates: Fact<readonly AwaitUpdate[]> = {
  name: "await-updates",
  compute: ({ program }) =>
    program.funcs.flatMap((func) =>
      (func.kind === "async" || func.kind === "async-generator") && !isModel(func)
        ? new Finder(program, func).find()
        : [],
    ),
};

interface Source {
  readonly point: Point;
  readonly span: SpanId;
  readonly throughVariable: boolean;
}

/** A register that a value comes of. */
interface Origin {
  readonly reg: Reg;
  /** Past a variable. */
  readonly variable: boolean;
  /** What is awaited gives it. */
  readonly replied: boolean;
}

class Finder {
  readonly #func: Func;
  readonly #places: SharedPlaces;
  readonly #named: ReadonlySet<Reg>;

  constructor(program: Program, func: Func) {
    this.#func = func;
    this.#places = new SharedPlaces(program, func);
    this.#named = new Set(func.regNames.map((it) => it.reg));
  }

  find(): readonly AwaitUpdate[] {
    const updates: AwaitUpdate[] = [];
    for (const write of this.#places.writes()) {
      for (const source of this.#sources(write)) {
        const awaited = this.#awaitBetween(source.point, write);
        if (awaited === null) continue;
        updates.push({
          func: this.#func,
          place: write.place,
          read: source.span,
          await: awaited,
          write: write.span,
          at: write.point,
          throughVariable: source.throughVariable,
        });
        break;
      }
    }
    return updates;
  }

  /** Reads of the place that the written value was computed from. */
  #sources(write: Write): readonly Source[] {
    const sources: Source[] = [];
    const seen = new Set<string>();
    const work: Origin[] = [{ reg: write.value, variable: false, replied: false }];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const key = `${next.reg} ${next.variable} ${next.replied}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const variable = next.variable || this.#named.has(next.reg);
      const definition = this.#places.definitions.get(next.reg);
      if (definition !== undefined && this.#places.placeRead(definition.instr) === write.place) {
        const { instr, point } = definition;
        sources.push({ point, span: instr.span, throughVariable: variable });
      }
      for (const it of this.#origins(next)) {
        work.push({ ...it, variable: variable || it.variable });
      }
    }
    return sources;
  }

  #origins({ reg, replied }: Origin): readonly Origin[] {
    const instr = this.#places.definitions.get(reg)?.instr;
    const from = (regs: readonly Reg[], variable: boolean, isReply = replied): readonly Origin[] =>
      regs.map((it) => ({ reg: it, variable, replied: isReply }));
    const passed = from(this.#places.incoming.get(reg) ?? [], false);
    if (instr === undefined) return passed;
    if (instr.op === "load") return from(storedBefore(this.#places, instr), true);
    if (instr.op === "await") return from([instr.value], false, true);
    // What somebody else replies after a while is news, whatever the question was.
    if (replied && instr.op === "call" && instr.callee.kind !== "static") return passed;
    // What is put into a literal after it is made is found by its uses.
    const filled = instr.op === "prim" ? this.#filledWith(reg) : [];
    return [...passed, ...from([...uses(instr), ...filled], false, false)];
  }

  #filledWith(reg: Reg): readonly Reg[] {
    return this.#func.blocks.flatMap(({ instrs }) =>
      instrs.flatMap((it) =>
        it.op === "prim" && fills.has(it.fn) && it.args[0] === reg ? it.args.slice(1) : [],
      ),
    );
  }

  /**
   * The first await on a path from the read to the write that does not read again; null when there is none. Nor does it look
   * after the wait whether the place is as it was.
   */
  #awaitBetween(read: Point, { place, point: write }: Write): SpanId | null {
    const tests = testsOf(this.#places, place).map((it) => it.read);
    const seen = new Set<string>();
    const work: { readonly point: Point; readonly awaited: SpanId | null }[] = [
      { point: { block: read.block, index: read.index + 1 }, awaited: null },
    ];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const { point } = next;
      const key = `${point.block}:${point.index}:${next.awaited === null ? 0 : 1}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (same(point, write) && next.awaited !== null) return next.awaited;
      if (same(point, read)) continue;
      if (next.awaited !== null && tests.some((it) => same(it, point))) continue;
      const block = this.#func.blocks[point.block];
      const instr = block?.instrs[point.index];
      if (instr === undefined) {
        for (const to of this.#places.successors(point.block)) {
          work.push({ point: { block: to, index: 0 }, awaited: next.awaited });
        }
        continue;
      }
      const awaited = instr.op === "await" ? (next.awaited ?? instr.span) : next.awaited;
      work.push({ point: { block: point.block, index: point.index + 1 }, awaited });
    }
    return null;
  }
}

const fills = new Set(["js.define", "js.spread", "js.push", "js.push-all"]);
