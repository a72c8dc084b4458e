// TypeScript: what functions call, by name where the name says it: methods of objects, functions of the module, methods of the own
// class.

import type { Func, FuncId, Instr, Program, Reg } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { type Point, SharedPlaces } from "./shared-places.js";

export type Call = Extract<Instr, { readonly op: "call" }>;

/** `self.name(…)`. */
export interface MethodCall {
  readonly instr: Call;
  readonly point: Point;
  readonly self: Reg;
  readonly name: string;
}

export interface TsCalls {
  places(func: Func): SharedPlaces;
  methods(func: Func): readonly MethodCall[];
  /** The functions that a function calls by name: those of the module, and methods of its own class. */
  calledBy(func: Func): readonly FuncId[];
  /** A function, and those that it is a literal inside of. */
  around(func: Func): readonly Func[];
  /** The class whose method a function is, or is a literal inside of. */
  classOf(func: Func): string | null;
  /** All that some functions come to by calls by name, they themselves included. */
  reachedFrom(funcs: readonly FuncId[]): ReadonlySet<FuncId>;
}

export const tsCalls: Fact<TsCalls> = {
  name: "ts-calls",
  compute: ({ program }) => new Calls(program),
};

/** Calls from one function to the next that are followed. */
const deepest = 4;

class Calls implements TsCalls {
  readonly #program: Program;
  readonly #places = new Map<Func, SharedPlaces>();
  readonly #methods = new Map<Func, readonly MethodCall[]>();
  readonly #around = new Map<Func, readonly Func[]>();
  readonly #called = new Map<Func, readonly FuncId[]>();
  readonly #byDisplay = new Map<string, FuncId[]>();

  constructor(program: Program) {
    this.#program = program;
    for (const { display, id } of program.funcs) {
      const known = this.#byDisplay.get(display);
      if (known === undefined) this.#byDisplay.set(display, [id]);
      else known.push(id);
    }
  }

  places(func: Func): SharedPlaces {
    return kept(this.#places, func, () => new SharedPlaces(this.#program, func));
  }

  methods(func: Func): readonly MethodCall[] {
    return kept(this.#methods, func, () => {
      const places = this.places(func);
      return func.blocks.flatMap(({ instrs }, block) =>
        instrs.flatMap((instr, index): MethodCall[] => {
          if (instr.op !== "call" || instr.callee.kind !== "dynamic") return [];
          const { self, value } = instr.callee;
          const method = places.definitions.get(value)?.instr;
          const name = method?.op === "get-prop" ? places.constant(method.key) : null;
          if (self === null || name === null) return [];
          return [{ instr, point: { block, index }, self, name }];
        }),
      );
    });
  }

  calledBy(func: Func): readonly FuncId[] {
    return kept(this.#called, func, () => {
      const owner = this.classOf(func);
      const places = this.places(func);
      const own = this.methods(func).flatMap(({ self, name }) =>
        owner !== null && places.shared(self) === "this"
          ? (this.#byDisplay.get(`${owner}.${name}`) ?? [])
          : [],
      );
      const named = func.blocks.flatMap(({ instrs }) =>
        instrs.flatMap((it) =>
          it.op === "call" && it.callee.kind === "static" ? [it.callee.func] : [],
        ),
      );
      return [...named, ...own];
    });
  }

  around(func: Func): readonly Func[] {
    return kept(this.#around, func, () => {
      const outer = func.parent === null ? undefined : this.#program.funcs[func.parent];
      return outer === undefined ? [func] : [func, ...this.around(outer)];
    });
  }

  classOf(func: Func): string | null {
    const method = this.around(func).find((it) => it.display.indexOf(".") > 0);
    return method?.display.slice(0, method.display.indexOf(".")) ?? null;
  }

  reachedFrom(funcs: readonly FuncId[]): ReadonlySet<FuncId> {
    const seen = new Set<FuncId>(funcs);
    let level = funcs;
    for (let depth = 0; depth < deepest && level.length > 0; depth++) {
      const called = level.flatMap((it) => {
        const func = this.#program.funcs[it];
        return func === undefined ? [] : this.calledBy(func);
      });
      level = [...new Set(called)].filter((it) => !seen.has(it));
      for (const it of level) seen.add(it);
    }
    return seen;
  }
}

function kept<T>(table: Map<Func, T>, func: Func, make: () => T): T {
  let value = table.get(func);
  if (value === undefined) table.set(func, (value = make()));
  return value;
}

/** What an array holds from where it is made: `[a, b]`, the arguments of `new`. */
export function elementsOf({ func, definitions }: SharedPlaces, list: Reg): readonly Reg[] {
  const made = definitions.get(list)?.instr;
  const first = made?.op === "prim" && made.fn === "js.array" ? made.args : [];
  const pushed = func.blocks.flatMap(({ instrs }) =>
    instrs.flatMap((it) =>
      it.op === "prim" && it.fn === "js.push" && it.args[0] === list ? it.args.slice(1) : [],
    ),
  );
  return [...first, ...pushed];
}

/** The function that is handed to `new Promise(…)`, where an instruction is that. */
export function executorOf(places: SharedPlaces, instr: Instr): FuncId | null {
  if (instr.op !== "prim" || instr.fn !== "js.new") return null;
  const [, list, name] = instr.args;
  if (list === undefined || name === undefined || places.constant(name) !== "Promise") return null;
  const [first] = elementsOf(places, list);
  const made = first === undefined ? undefined : places.definitions.get(first)?.instr;
  return made?.op === "closure" ? made.func : null;
}

/** Whether one point can come after another in one call of a function. */
export function comesAfter(places: SharedPlaces, from: Point, to: Point): boolean {
  if (from.block === to.block && from.index < to.index) return true;
  const seen = new Set<number>();
  const work = [...places.successors(from.block)];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (at === to.block) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    work.push(...places.successors(at));
  }
  return false;
}
