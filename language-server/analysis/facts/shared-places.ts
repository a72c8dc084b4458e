// TypeScript: which places that other calls may come to a function reads and writes, by names that are the same for the same place
// within the function.

import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { edges } from "../../ir/shape.js";

export interface Point {
  readonly block: number;
  readonly index: number;
}

export interface Write {
  readonly point: Point;
  /** For people: `this.balance`, `total`. */
  readonly place: string;
  readonly value: Reg;
  readonly span: SpanId;
}

export class SharedPlaces {
  readonly func: Func;
  readonly definitions = new Map<Reg, { readonly instr: Instr; readonly point: Point }>();
  /** Values that reach a block's parameters, and those stored in local variables. */
  readonly incoming = new Map<Reg, Reg[]>();
  readonly stored = new Map<Reg, Reg[]>();
  readonly #program: Program;

  constructor(program: Program, func: Func) {
    this.#program = program;
    this.func = func;
    func.blocks.forEach((block, at) => {
      block.instrs.forEach((instr, index) => {
        const point = { block: at, index };
        if ("dst" in instr && instr.dst !== null) this.definitions.set(instr.dst, { instr, point });
        if (instr.op === "store") push(this.stored, instr.addr, instr.value);
      });
      const { exit } = block;
      const edges =
        exit.op === "jump" ? [exit.to] : exit.op === "branch" ? [exit.then, exit.else] : [];
      for (const edge of edges) {
        func.blocks[edge.block]?.params.forEach((param, index) => {
          const value = edge.args[index];
          if (value !== undefined) push(this.incoming, param, value);
        });
      }
    });
  }

  writes(): readonly Write[] {
    return this.func.blocks.flatMap((block, at) =>
      block.instrs.flatMap((instr, index): Write[] => {
        const place = this.#placeWritten(instr);
        if (place === null) return [];
        return [{ point: { block: at, index }, span: instr.span, ...place }];
      }),
    );
  }

  #placeWritten(instr: Instr): { readonly place: string; readonly value: Reg } | null {
    if (instr.op === "store") return this.#withValue(this.#variable(instr.addr), instr.value);
    if (instr.op === "set-prop")
      return this.#withValue(this.#property(instr.base, instr.key), instr.value);
    if (instr.op !== "call") return null;
    const [key, value = key] = instr.args;
    const added = this.#entry(instr, "add");
    if (added !== null && key !== undefined) return { place: added, value: key };
    return value === undefined ? null : this.#withValue(this.#entry(instr, "set"), value);
  }

  #withValue(place: string | null, value: Reg): { place: string; value: Reg } | null {
    return place === null ? null : { place, value };
  }

  /** The place that an instruction reads; null when it reads none that others may come to. */
  placeRead(instr: Instr): string | null {
    if (instr.op === "load") return this.#variable(instr.addr);
    if (instr.op === "get-prop") return this.#property(instr.base, instr.key);
    return instr.op === "call" ? this.#entry(instr, "get") : null;
  }

  /** The same where only whether there is something counts: `map.has(key)`. */
  placeTested(instr: Instr): string | null {
    return this.placeRead(instr) ?? (instr.op === "call" ? this.#entry(instr, "has") : null);
  }

  /** `map[key]` for `map.get(key)` and `map.set(key, value)`. */
  #entry(instr: Extract<Instr, { op: "call" }>, method: string): string | null {
    const { callee, args } = instr;
    const [key] = args;
    if (callee.kind !== "dynamic" || callee.self === null || key === undefined) return null;
    const target = this.definitions.get(callee.value)?.instr;
    if (target?.op !== "get-prop" || this.constant(target.key) !== method) return null;
    const base = this.shared(callee.self);
    return base === null ? null : `${base}[${this.#nameOf(key)}]`;
  }

  /** A variable of the module or of a function around this one; locals are nobody else's. */
  #variable(addr: Reg): string | null {
    const definition = this.definitions.get(addr)?.instr;
    if (definition?.op === "global") {
      const name = this.#program.globals[definition.global]?.name ?? "";
      return name.slice(name.lastIndexOf("#") + 1);
    }
    const isShared = this.func.captures.includes(addr) && !this.#isMadeEachRound(addr);
    return isShared ? this.#registerName(addr) : null;
  }

  /** A variable that is made anew in each round of a loop, and that no other function sees: each closure has its own. */
  #isMadeEachRound(capture: Reg): boolean {
    const { parent, id, captures } = this.func;
    const outer = parent === null ? undefined : this.#program.funcs[parent];
    if (outer === undefined) return false;
    const closures = outer.blocks.flatMap(({ instrs }) =>
      instrs.flatMap((it) => (it.op === "closure" ? [it] : [])),
    );
    const cell = closures.find((it) => it.func === id)?.captures[captures.indexOf(capture)];
    if (cell === undefined) return false;
    if (closures.filter((it) => it.captures.includes(cell)).length > 1) return false;
    const made = outer.blocks.findIndex(({ instrs }) =>
      instrs.some((it) => it.op === "alloc" && it.dst === cell),
    );
    return made >= 0 && comesBack(outer, made);
  }

  #property(base: Reg, key: Reg): string | null {
    const owner = this.shared(base);
    if (owner === null) return null;
    const name = this.constant(key);
    return name === null ? `${owner}[${this.#nameOf(key)}]` : `${owner}.${name}`;
  }

  /** What an object is called, if others may hold it too. */
  shared(reg: Reg): string | null {
    const instr = this.definitions.get(reg)?.instr;
    if (instr === undefined) return this.#isOthers(reg) ? this.#registerName(reg) : null;
    if (instr.op === "load") return this.#variable(instr.addr) ?? this.#localObject(instr.addr);
    if (instr.op === "get-prop") return this.#property(instr.base, instr.key);
    return instr.op === "prim" && instr.fn === "js.this" ? "this" : null;
  }

  /** An object that a local variable holds is shared when it came from somewhere shared. */
  #localObject(addr: Reg): string | null {
    const values = this.stored.get(addr) ?? [];
    const names = new Set(
      values.filter((it) => !this.#isPlaceholder(it)).map((it) => this.shared(it)),
    );
    const [only] = names;
    return names.size === 1 ? (only ?? null) : null;
  }

  #isPlaceholder(reg: Reg): boolean {
    const instr = this.definitions.get(reg)?.instr;
    return instr?.op === "prim" && instr.fn === "js.uninitialised";
  }

  #isOthers(reg: Reg): boolean {
    return this.func.params.includes(reg) || this.func.captures.includes(reg);
  }

  #registerName(reg: Reg): string {
    const name = this.func.regNames.find((it) => it.reg === reg)?.name;
    if (name !== undefined) return name.replace(/^&/, "");
    return this.#cellOf(reg) ?? `parameter ${this.func.params.indexOf(reg) + 1}`;
  }

  /** What a parameter is called that closures see: it is kept in a cell. */
  #cellOf(reg: Reg): string | null {
    for (const [cell, values] of this.stored) {
      const made = this.definitions.get(cell)?.instr;
      if (made?.op === "alloc" && values.includes(reg)) return made.name;
    }
    return null;
  }

  /** Whether a place belongs to what the function was called with. */
  isGiven(place: string): boolean {
    const [root] = place.split(/[.[]/);
    return this.func.params.some((it) => this.#registerName(it) === root);
  }

  /** A constant that a register holds, as text. */
  constant(reg: Reg): string | null {
    const instr = this.definitions.get(reg)?.instr;
    if (instr?.op !== "const") return null;
    return typeof instr.value === "string" || typeof instr.value === "number"
      ? String(instr.value)
      : null;
  }

  /** Distinguishes keys that differ; the same register is the same key. */
  #nameOf(key: Reg): string {
    const constant = this.constant(key);
    if (constant !== null) return JSON.stringify(constant);
    return this.shared(key) ?? this.func.regNames.find((it) => it.reg === key)?.name ?? `r${key}`;
  }

  successors(at: number): readonly number[] {
    const exit = this.func.blocks[at]?.exit;
    if (exit?.op === "jump") return [exit.to.block];
    return exit?.op === "branch" ? [exit.then.block, exit.else.block] : [];
  }
}

/** Whether a block can run again in one call of its function. */
function comesBack({ blocks }: Func, at: number): boolean {
  const seen = new Set<number>();
  const work = [at];
  for (let from = work.pop(); from !== undefined; from = work.pop()) {
    const exit = blocks[from]?.exit;
    for (const { block } of exit === undefined ? [] : edges(exit)) {
      if (block === at) return true;
      if (seen.has(block)) continue;
      seen.add(block);
      work.push(block);
    }
  }
  return false;
}

export function same(a: Point, b: Point): boolean {
  return a.block === b.block && a.index === b.index;
}

function push(table: Map<Reg, Reg[]>, key: Reg, value: Reg): void {
  const known = table.get(key);
  if (known === undefined) table.set(key, [value]);
  else known.push(value);
}
