// Uses of a value after it was given back to a sync.Pool, from which another goroutine may have taken it meanwhile.

import { funcOf, typeOf, underlying } from "../../ir/access.js";
import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { uses } from "../../ir/shape.js";
import type { Fact } from "../check.js";
import { calledName } from "./constraints.js";
import { graphOf, type Point } from "./graph.js";
import { definitionsOf } from "./skeleton.js";

export interface PoolUse {
  readonly func: Func;
  readonly put: SpanId;
  readonly value: Reg;
  /** Where it is used, or what is in it is returned. */
  readonly use: SpanId;
  /** All such places. */
  readonly uses: readonly SpanId[];
  /** The memory itself is handed to the caller by a function that gives it back at its end. */
  readonly returned: boolean;
}

export interface PoolUses {
  readonly afterPut: readonly PoolUse[];
  /** All that is given to pools, by the register it is in. */
  readonly given: readonly { readonly func: Func; readonly value: Reg }[];
}

export const poolUses: Fact<PoolUses> = {
  name: "pool-uses",
  compute: ({ program }) => {
    const finders = program.funcs
      .filter((func) => !func.library && func.span !== 0)
      .map((func) => new Finder(program, func));
    return {
      afterPut: finders.flatMap((it) => it.find()),
      given: finders.flatMap((it) => it.given()),
    };
  },
};

interface Put {
  readonly put: Instr;
  readonly value: Reg;
  readonly point: Point;
}

class Finder {
  readonly #program: Program;
  readonly #func: Func;

  constructor(program: Program, func: Func) {
    this.#program = program;
    this.#func = func;
  }

  #puts(): readonly Put[] {
    return this.#func.blocks.flatMap(({ instrs }, block) =>
      instrs.flatMap((put, index): Put[] => {
        if (put.op !== "call" && put.op !== "defer") return [];
        if (calledName(this.#program, put.callee) !== "(*sync.Pool).Put") return [];
        const value = this.#given(put.args[1]);
        return value === null ? [] : [{ put, value, point: { block, index } }];
      }),
    );
  }

  given(): PoolUses["given"] {
    return this.#puts().map(({ value }) => ({ func: this.#func, value }));
  }

  find(): readonly PoolUse[] {
    return this.#puts().flatMap(({ put, value, point }) =>
      put.op === "call" ? this.#after(put, value, point) : this.#returned(put, value),
    );
  }

  /** The pointer, slice or map that is put. */
  #given(reg: Reg | undefined): Reg | null {
    if (reg === undefined) return null;
    const definition = definitionsOf(this.#func).get(reg);
    const value = definition?.op === "interface" ? definition.value : reg;
    const id = this.#func.regTypes[value];
    const kind = id === undefined ? "any" : underlying(this.#program, id).kind;
    return ["pointer", "map"].includes(kind) ? value : null;
  }

  /** Other registers with the same value: further loads of the same variable, type assertions are the value itself. */
  #same(value: Reg): ReadonlySet<Reg> {
    const definitions = definitionsOf(this.#func);
    const all = new Set([value]);
    const own = definitions.get(value);
    const variable = own?.op === "load" ? own.addr : null;
    const isVariable = variable !== null && definitions.get(variable)?.op === "alloc";
    const stores = this.#instrs().filter((it) => it.op === "store" && it.addr === variable);
    if (!isVariable || stores.length > 1) return all;
    for (const it of this.#instrs()) if (it.op === "load" && it.addr === variable) all.add(it.dst);
    return all;
  }

  #after(put: Instr, value: Reg, from: Point): PoolUse[] {
    const graph = graphOf(this.#func);
    const same = new Set(this.#same(value));
    const made = this.#pointOf(value);
    const spans: SpanId[] = [];
    this.#func.blocks.forEach(({ instrs }, block) => {
      instrs.forEach((it, index) => {
        if ((it.op === "field" || it.op === "element") && same.has(it.base)) same.add(it.dst);
        if (it === put || it.span === 0 || !this.#touches(it, same)) return;
        const to = { block, index };
        const reaches =
          made === null ? graph.reaches(from, to) : graph.reachesAvoiding(from, to, made);
        if (reaches) spans.push(it.span, ...this.#inCallee(it, same));
      });
    });
    const [use] = spans;
    if (use === undefined) return [];
    return [{ func: this.#func, put: put.span, value, use, uses: spans, returned: false }];
  }

  /** Places in a function that is given the value. */
  #inCallee(instr: Instr, same: ReadonlySet<Reg>): readonly SpanId[] {
    if (instr.op !== "call" || instr.callee.kind !== "static") return [];
    const callee = funcOf(this.#program, instr.callee.func);
    if (callee.library) return [];
    const param = callee.params[instr.args.findIndex((it) => same.has(it))];
    const inside = new Set(param === undefined ? [] : [param]);
    return callee.blocks.flatMap(({ instrs }) =>
      instrs.flatMap((it) => {
        if ((it.op === "field" || it.op === "element") && inside.has(it.base)) inside.add(it.dst);
        return this.#touches(it, inside) ? [it.span] : [];
      }),
    );
  }

  /** Reads or writes what is behind the pointer, or gives it to somebody who may. */
  #touches(instr: Instr, same: ReadonlySet<Reg>): boolean {
    switch (instr.op) {
      case "load":
        return same.has(instr.addr);
      case "store":
        return same.has(instr.addr);
      case "map":
      case "bulk":
        return instr.args.some((it) => same.has(it));
      case "call":
        return uses(instr).some((it) => same.has(it));
      default:
        return false;
    }
  }

  /** `defer pool.Put(b); return b`, or a slice of what is in it. */
  #returned(put: Instr, value: Reg): PoolUse[] {
    const same = this.#same(value);
    const { blocks, recover } = this.#func;
    for (const { id, exit } of blocks) {
      if (exit.op !== "return" || id === recover) continue;
      if (!exit.values.some((it) => this.#isInside(it, same, 0))) continue;
      const span = exit.span;
      return [{ func: this.#func, put: put.span, value, use: span, uses: [span], returned: true }];
    }
    return [];
  }

  #isInside(reg: Reg, same: ReadonlySet<Reg>, depth: number): boolean {
    if (same.has(reg)) return true;
    const definition = definitionsOf(this.#func).get(reg);
    if (depth > 6) return false;
    const inner = (it: Reg): boolean => this.#isInside(it, same, depth + 1);
    switch (definition?.op) {
      case "slice":
        return isSlice(this.#program, this.#func, definition.base) && inner(definition.base);
      case "load":
        return this.#isVariable(definition.addr)
          ? this.#stored(definition.addr).some(inner)
          : isSlice(this.#program, this.#func, reg) && inner(definition.addr);
      case "field":
        return inner(definition.base);
      case "call": {
        const [self] = definition.args;
        const name = calledName(this.#program, definition.callee);
        return name === "(*bytes.Buffer).Bytes" && self !== undefined && inner(self);
      }
      default:
        return false;
    }
  }

  #isVariable(reg: Reg): boolean {
    return definitionsOf(this.#func).get(reg)?.op === "alloc";
  }

  /** What a variable of the function is set to. */
  #stored(variable: Reg): readonly Reg[] {
    return this.#instrs().flatMap((it) =>
      it.op === "store" && it.addr === variable ? [it.value] : [],
    );
  }

  #pointOf(reg: Reg): Point | null {
    for (const [block, { instrs }] of this.#func.blocks.entries()) {
      const index = instrs.findIndex((it) => "dst" in it && it.dst === reg);
      if (index >= 0) return { block, index };
    }
    return null;
  }

  #instrs(): readonly Instr[] {
    return this.#func.blocks.flatMap((it) => it.instrs);
  }
}

function isSlice(program: Program, func: Func, reg: Reg): boolean {
  const id = func.regTypes[reg];
  return (
    id !== undefined &&
    typeOf(program, id).kind !== "any" &&
    underlying(program, id).kind === "slice"
  );
}
