// TypeScript: promises that are kept for others to wait for, and whose own work waits for them.

import type { Func, FuncId, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import type { Fact } from "../check.js";
import type { SharedPlaces } from "./shared-places.js";
import { type TsCalls, tsCalls } from "./ts-calls.js";

export interface PromiseCycle {
  readonly func: Func;
  /** Where the promise is kept. */
  readonly place: string;
  readonly kept: SpanId;
  /** Where what it stands for waits for it. */
  readonly waits: SpanId;
  readonly waiter: Func;
}

export const promiseCycles: Fact<readonly PromiseCycle[]> = {
  name: "promise-cycles",
  compute: ({ program, get }) => {
    const finder = new Finder(program, get(tsCalls));
    return program.funcs.filter((it) => !isModel(it)).flatMap((it) => finder.find(it));
  },
};

class Finder {
  readonly #program: Program;
  readonly #calls: TsCalls;

  constructor(program: Program, calls: TsCalls) {
    this.#program = program;
    this.#calls = calls;
  }

  find(func: Func): readonly PromiseCycle[] {
    const places = this.#calls.places(func);
    return places.writes().flatMap((write): PromiseCycle[] => {
      const started = this.#startedBy(func, write.value);
      if (started.length === 0) return [];
      const key = this.#keyOf(func, write.place);
      for (const id of this.#calls.reachedFrom(started)) {
        const waiter = this.#program.funcs[id];
        if (waiter === undefined || isModel(waiter) || waiter === func) continue;
        const waits = this.#waitsFor(waiter, func, key);
        if (waits !== null) {
          return [{ func, place: write.place, kept: write.span, waits, waiter }];
        }
      }
      return [];
    });
  }

  /** The async function whose call gives the value, past `.then` and `.finally`. */
  #startedBy(func: Func, value: Reg): readonly FuncId[] {
    const places = this.#calls.places(func);
    const made = places.definitions.get(value)?.instr;
    if (made === undefined) {
      return (places.incoming.get(value) ?? []).flatMap((it) => this.#startedBy(func, it));
    }
    if (made.op !== "call") return [];
    const method = this.#calls.methods(func).find((it) => it.instr === made);
    if (method !== undefined && chains.has(method.name)) return this.#startedBy(func, method.self);
    return this.#targets(func, made, places);
  }

  #targets(func: Func, made: Instr, places: SharedPlaces): readonly FuncId[] {
    if (made.op !== "call") return [];
    const { callee } = made;
    if (callee.kind === "static") return [callee.func];
    if (callee.kind !== "dynamic") return [];
    const target = places.definitions.get(callee.value)?.instr;
    if (target?.op === "closure") return [target.func];
    const method = this.#calls.methods(func).find((it) => it.instr === made);
    if (method === undefined || places.shared(method.self) !== "this") return [];
    return this.#methodsOf(func, method.name);
  }

  #methodsOf(func: Func, name: string): readonly FuncId[] {
    const owner = this.#calls.classOf(func);
    return this.#program.funcs.filter((it) => it.display === `${owner}.${name}`).map((it) => it.id);
  }

  /** Where a function awaits what is kept, or the function that gives it. */
  #waitsFor(waiter: Func, keeper: Func, key: string): SpanId | null {
    const places = this.#calls.places(waiter);
    for (const { instrs } of waiter.blocks) {
      for (const instr of instrs) {
        if (instr.op !== "await") continue;
        const awaited = places.definitions.get(instr.value)?.instr;
        if (awaited === undefined) continue;
        const read = places.placeRead(awaited);
        if (read !== null && this.#keyOf(waiter, read) === key) return instr.span;
        if (this.#targets(waiter, awaited, places).includes(keeper.id)) return instr.span;
      }
    }
    return null;
  }

  #keyOf(func: Func, place: string): string {
    if (!place.startsWith("this.")) return place;
    return `${this.#calls.classOf(func) ?? ""}${place.slice("this".length)}`;
  }
}

const chains = new Set(["then", "catch", "finally"]);
