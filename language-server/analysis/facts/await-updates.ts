// TypeScript: where a function reads a shared place, waits, and then writes the place a value that it computed from what it read
// before. Whatever another call wrote in between is lost.

import { uses } from "../../ir/shape.js";
import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";

/** A read, an await and a write of one place in one function, in this order on some path. */
export interface AwaitUpdate {
  readonly func: Func;
  /** For people: `this.balance`, `total`. */
  readonly place: string;
  readonly read: SpanId;
  readonly await: SpanId;
  readonly write: SpanId;
  /** The value went through a variable: a snapshot. Else all is one expression. */
  readonly throughVariable: boolean;
}

export const awaitUpdates: Fact<readonly AwaitUpdate[]> = {
  name: "await-updates",
  compute: ({ program }) =>
    program.funcs.flatMap((func) =>
      func.kind === "async" || func.kind === "async-generator"
        ? new Finder(program, func).find()
        : [],
    ),
};

interface Point {
  readonly block: number;
  readonly index: number;
}

interface Write {
  readonly point: Point;
  readonly place: string;
  readonly value: Reg;
  readonly span: SpanId;
}

interface Source {
  readonly point: Point;
  readonly span: SpanId;
  readonly throughVariable: boolean;
}

class Finder {
  readonly #program: Program;
  readonly #func: Func;
  readonly #definitions = new Map<Reg, { readonly instr: Instr; readonly point: Point }>();
  /** Values that reach a block's parameters, and those stored in local variables. */
  readonly #incoming = new Map<Reg, Reg[]>();
  readonly #stored = new Map<Reg, Reg[]>();
  readonly #named: ReadonlySet<Reg>;

  constructor(program: Program, func: Func) {
    this.#program = program;
    this.#func = func;
    this.#named = new Set(func.regNames.map((it) => it.reg));
    func.blocks.forEach((block, at) => {
      block.instrs.forEach((instr, index) => {
        const point = { block: at, index };
        if ("dst" in instr && instr.dst !== null)
          this.#definitions.set(instr.dst, { instr, point });
        if (instr.op === "store") push(this.#stored, instr.addr, instr.value);
      });
      const { exit } = block;
      const edges =
        exit.op === "jump" ? [exit.to] : exit.op === "branch" ? [exit.then, exit.else] : [];
      for (const edge of edges) {
        func.blocks[edge.block]?.params.forEach((param, index) => {
          const value = edge.args[index];
          if (value !== undefined) push(this.#incoming, param, value);
        });
      }
    });
  }

  find(): readonly AwaitUpdate[] {
    const updates: AwaitUpdate[] = [];
    for (const write of this.#writes()) {
      for (const source of this.#sources(write)) {
        const awaited = this.#awaitBetween(source.point, write.point);
        if (awaited === null) continue;
        updates.push({
          func: this.#func,
          place: write.place,
          read: source.span,
          await: awaited,
          write: write.span,
          throughVariable: source.throughVariable,
        });
        break;
      }
    }
    return updates;
  }

  #writes(): readonly Write[] {
    return this.#func.blocks.flatMap((block, at) =>
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
    const value = instr.args[1];
    return value === undefined ? null : this.#withValue(this.#entry(instr, "set"), value);
  }

  #withValue(place: string | null, value: Reg): { place: string; value: Reg } | null {
    return place === null ? null : { place, value };
  }

  #placeRead(instr: Instr): string | null {
    if (instr.op === "load") return this.#variable(instr.addr);
    if (instr.op === "get-prop") return this.#property(instr.base, instr.key);
    return instr.op === "call" ? this.#entry(instr, "get") : null;
  }

  /** `map[key]` for `map.get(key)` and `map.set(key, value)`. */
  #entry(instr: Extract<Instr, { op: "call" }>, method: string): string | null {
    const { callee, args } = instr;
    const [key] = args;
    if (callee.kind !== "dynamic" || callee.self === null || key === undefined) return null;
    const target = this.#definitions.get(callee.value)?.instr;
    if (target?.op !== "get-prop" || this.#constant(target.key) !== method) return null;
    const base = this.#shared(callee.self);
    return base === null ? null : `${base}[${this.#nameOf(key)}]`;
  }

  /** A variable of the module or of a function around this one; locals are nobody else's. */
  #variable(addr: Reg): string | null {
    const definition = this.#definitions.get(addr)?.instr;
    if (definition?.op === "global") {
      const name = this.#program.globals[definition.global]?.name ?? "";
      return name.slice(name.lastIndexOf("#") + 1);
    }
    return this.#func.captures.includes(addr) ? this.#registerName(addr) : null;
  }

  #property(base: Reg, key: Reg): string | null {
    const owner = this.#shared(base);
    if (owner === null) return null;
    const name = this.#constant(key);
    return name === null ? `${owner}[${this.#nameOf(key)}]` : `${owner}.${name}`;
  }

  /** What an object is called, if others may hold it too. */
  #shared(reg: Reg): string | null {
    const instr = this.#definitions.get(reg)?.instr;
    if (instr === undefined) return this.#isGiven(reg) ? this.#registerName(reg) : null;
    if (instr.op === "load") return this.#variable(instr.addr) ?? this.#localObject(instr.addr);
    if (instr.op === "get-prop") return this.#property(instr.base, instr.key);
    return instr.op === "prim" && instr.fn === "js.this" ? "this" : null;
  }

  /** An object that a local variable holds is shared when it came from somewhere shared. */
  #localObject(addr: Reg): string | null {
    const values = this.#stored.get(addr) ?? [];
    const names = new Set(
      values.filter((it) => !this.#isPlaceholder(it)).map((it) => this.#shared(it)),
    );
    const [only] = names;
    return names.size === 1 ? (only ?? null) : null;
  }

  #isPlaceholder(reg: Reg): boolean {
    const instr = this.#definitions.get(reg)?.instr;
    return instr?.op === "prim" && instr.fn === "js.uninitialised";
  }

  #isGiven(reg: Reg): boolean {
    return this.#func.params.includes(reg) || this.#func.captures.includes(reg);
  }

  #registerName(reg: Reg): string {
    const name = this.#func.regNames.find((it) => it.reg === reg)?.name;
    return name?.replace(/^&/, "") ?? `parameter ${this.#func.params.indexOf(reg) + 1}`;
  }

  #constant(reg: Reg): string | null {
    const instr = this.#definitions.get(reg)?.instr;
    if (instr?.op !== "const") return null;
    return typeof instr.value === "string" || typeof instr.value === "number"
      ? String(instr.value)
      : null;
  }

  /** Distinguishes keys that differ; the same register is the same key. */
  #nameOf(key: Reg): string {
    const constant = this.#constant(key);
    if (constant !== null) return JSON.stringify(constant);
    return this.#shared(key) ?? this.#func.regNames.find((it) => it.reg === key)?.name ?? `r${key}`;
  }

  /** Reads of the place that the written value was computed from. */
  #sources(write: Write): readonly Source[] {
    const sources: Source[] = [];
    const seen = new Set<string>();
    const work: { readonly reg: Reg; readonly variable: boolean }[] = [
      { reg: write.value, variable: false },
    ];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const key = `${next.reg} ${next.variable}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const variable = next.variable || this.#named.has(next.reg);
      const definition = this.#definitions.get(next.reg);
      if (definition !== undefined && this.#placeRead(definition.instr) === write.place) {
        const { instr, point } = definition;
        sources.push({ point, span: instr.span, throughVariable: variable });
      }
      for (const it of this.#origins(next.reg))
        work.push({ ...it, variable: variable || it.variable });
    }
    return sources;
  }

  #origins(reg: Reg): readonly { readonly reg: Reg; readonly variable: boolean }[] {
    const passed = (this.#incoming.get(reg) ?? []).map((it) => ({ reg: it, variable: false }));
    const instr = this.#definitions.get(reg)?.instr;
    if (instr === undefined) return passed;
    if (instr.op === "load") {
      return (this.#stored.get(instr.addr) ?? []).map((it) => ({ reg: it, variable: true }));
    }
    // What is put into a literal after it is made is found by its uses.
    const filled = instr.op === "prim" ? this.#filledWith(reg) : [];
    return [...passed, ...uses(instr), ...filled].map((it) =>
      typeof it === "object" ? it : { reg: it, variable: false },
    );
  }

  #filledWith(reg: Reg): readonly Reg[] {
    return this.#func.blocks.flatMap(({ instrs }) =>
      instrs.flatMap((it) =>
        it.op === "prim" && fills.has(it.fn) && it.args[0] === reg ? it.args.slice(1) : [],
      ),
    );
  }

  /** The first await on a path from the read to the write that does not read again; null when there is none. */
  #awaitBetween(read: Point, write: Point): SpanId | null {
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
      const block = this.#func.blocks[point.block];
      const instr = block?.instrs[point.index];
      if (instr === undefined) {
        for (const to of this.#successors(point.block)) {
          work.push({ point: { block: to, index: 0 }, awaited: next.awaited });
        }
        continue;
      }
      const awaited = instr.op === "await" ? (next.awaited ?? instr.span) : next.awaited;
      work.push({ point: { block: point.block, index: point.index + 1 }, awaited });
    }
    return null;
  }

  #successors(at: number): readonly number[] {
    const exit = this.#func.blocks[at]?.exit;
    if (exit?.op === "jump") return [exit.to.block];
    return exit?.op === "branch" ? [exit.then.block, exit.else.block] : [];
  }
}

const fills = new Set(["js.define", "js.spread", "js.push", "js.push-all"]);

function same(a: Point, b: Point): boolean {
  return a.block === b.block && a.index === b.index;
}

function push(table: Map<Reg, Reg[]>, key: Reg, value: Reg): void {
  const known = table.get(key);
  if (known === undefined) table.set(key, [value]);
  else known.push(value);
}
