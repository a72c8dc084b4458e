// Names for the places of a program that stay when lines move: an operation by its function, how far below the function's
// beginning it stands, and which of the function's operations of that kind it is.

import type { PortableSite } from "../../protocol/witness.js";
import type { Span } from "../../protocol/span.js";
import { present } from "../base/assert.js";
import { funcOf, globalOf, spanOf } from "../ir/access.js";
import type { Exit, Func, FuncId, Instr, Program, Reg } from "../ir/ir.js";

/** Where a site is in a program, and whether that is beyond doubt: its surroundings may have changed too much for that. */
export interface Resolved {
  /** As `uri:line:column-line:column`; none when the program no longer has it. */
  readonly extents: readonly string[];
  readonly sure: boolean;
}

interface Place {
  readonly span: Span;
  readonly extent: string;
  readonly owner: Owner;
  /** As in `PortableSite.op`. */
  readonly op: string;
}

/** A declared function with the literals in it. */
interface Owner {
  readonly name: string;
  readonly start: Span;
}

/** What people know as the operation at a place, where several instructions have the same place. */
const telling: readonly string[] = [
  "spawn",
  "acquire",
  "release",
  "try-acquire",
  "send",
  "recv",
  "select",
  "close",
  "sync",
  "atomic",
  "await",
  "yield",
  "store",
  "set-prop",
  "map",
  "bulk",
  "delete-prop",
  "load",
  "get-prop",
  "call",
  "panic",
  "return",
];

/** The operations of one program by their places, and back. */
export class Sites {
  readonly #program: Program;
  readonly #byExtent = new Map<string, Place>();
  /** By function and operation, in the order of the source. */
  readonly #alike = new Map<string, Place[]>();
  readonly #byOwner = new Map<string, Place[]>();
  readonly #byStart = new Map<string, Place[]>();

  constructor(program: Program) {
    this.#program = program;
    for (const func of program.funcs) this.#addFunc(func);
    const inOrder = [...this.#byExtent.values()].sort((a, b) => inSource(a.span, b.span));
    for (const place of inOrder) {
      file(this.#alike, alikeKey(place.owner.name, place.op), place);
      file(this.#byOwner, place.owner.name, place);
      file(this.#byStart, startOf(place.span), place);
    }
  }

  #addFunc(func: Func): void {
    const owner = this.#ownerOf(func);
    const names = new Names(this.#program, func);
    const begin = spanOf(this.#program, func.span);
    this.#add({ span: begin, extent: extentOfSpan(begin), owner, op: "begin" });
    for (const { instrs, exit } of func.blocks) {
      for (const it of [...instrs, exit]) {
        const span = spanOf(this.#program, it.span);
        this.#add({ span, extent: extentOfSpan(span), owner, op: names.op(it) });
      }
    }
  }

  #add(place: Place): void {
    if (place.span.uri === "") return;
    const known = this.#byExtent.get(place.extent);
    if (known === undefined || rank(place.op) < rank(known.op)) {
      this.#byExtent.set(place.extent, place);
    }
  }

  #ownerOf(func: Func): Owner {
    let outermost = func;
    while (outermost.parent !== null && !this.#isModule(outermost.parent)) {
      outermost = funcOf(this.#program, outermost.parent);
    }
    return { name: outermost.name, start: spanOf(this.#program, outermost.span) };
  }

  /** A module's own code, in which everything of TypeScript is written. */
  #isModule(id: FuncId): boolean {
    const { inits, entries, language, switches } = this.#program;
    if (language === "go" && switches === undefined) return false;
    const isEntry = entries.some((it) => it.func === id && it.assumption === undefined);
    return isEntry || inits.includes(id);
  }

  /** The name of the operation at an extent; null for what no function of the program has. */
  siteOf(extent: string): PortableSite | null {
    const place = this.#byExtent.get(extent);
    if (place === undefined) return null;
    const { owner, op, span } = place;
    const alike = this.#alike.get(alikeKey(owner.name, op)) ?? [];
    return {
      func: owner.name,
      at: relative(span, owner.start.start.line),
      op,
      nth: alike.indexOf(place) + 1,
      of: alike.length,
    };
  }

  /** The same for a place `uri:line:column`, by what is the most telling there. */
  siteAt(place: string): PortableSite | null {
    const all = this.#byStart.get(place) ?? [];
    const [best] = all.toSorted((a, b) => rank(a.op) - rank(b.op));
    return best === undefined ? null : this.siteOf(best.extent);
  }

  /**
   * Where a site of this program or an earlier version of it may be now, most likely first. The order of a function's
   * operations survives whatever does not add or remove one like it; otherwise the place below the function's beginning
   * decides, and then again the order, counted from either end.
   */
  resolve({ func, at, op, nth, of }: PortableSite): Resolved {
    const alike = this.#alike.get(alikeKey(func, op)) ?? [];
    const fromStart = alike[nth - 1];
    if (alike.length === of && fromStart !== undefined) {
      return { extents: [fromStart.extent], sure: true };
    }
    const start = at.split("-")[0];
    const unmoved = this.#byOwner
      .get(func)
      ?.find(
        (it) =>
          kindOf(it.op) === kindOf(op) &&
          relative(it.span, it.owner.start.start.line).split("-")[0] === start,
      );
    const fromEnd = alike[alike.length - of + nth - 1];
    const candidates = [unmoved, fromStart, fromEnd].flatMap((it) => it?.extent ?? []);
    const extents = [...new Set(candidates)];
    return { extents, sure: unmoved !== undefined && extents.length === 1 };
  }
}

/** What the operations of one function are called, with the variable they are on. */
class Names {
  readonly #program: Program;
  readonly #made = new Map<Reg, Instr>();
  readonly #named: ReadonlyMap<Reg, string>;

  constructor(program: Program, func: Func) {
    this.#program = program;
    this.#named = new Map(func.regNames.map(({ reg, name }) => [reg, name]));
    for (const { instrs } of func.blocks) {
      for (const it of instrs) if ("dst" in it && it.dst !== null) this.#made.set(it.dst, it);
    }
  }

  op(instr: Instr | Exit): string {
    const what = "fn" in instr && instr.op !== "prim" ? `${instr.op} ${instr.fn}` : instr.op;
    const on = objectOf(instr);
    const name = on === null ? this.#started(instr) : this.#nameOf(on).replace(/^&/, "");
    return name === "" ? what : `${what} ${name}`;
  }

  /** The name of the function that a thread is started with. A literal's has its number in it, which edits change. */
  #started(instr: Instr | Exit): string {
    if (instr.op !== "spawn" || instr.callee.kind !== "static") return "";
    const { parent, display } = funcOf(this.#program, instr.callee.func);
    return parent === null ? display : "";
  }

  #nameOf(reg: Reg): string {
    const made = this.#made.get(reg);
    const known = this.#named.get(reg);
    if (known !== undefined || made === undefined) return known ?? "";
    switch (made.op) {
      case "global":
        return globalOf(this.#program, made.global).name;
      case "alloc":
      case "make":
      case "field":
        return made.name;
      case "load":
        return this.#nameOf(made.addr);
      case "element":
        return this.#nameOf(made.base);
      default:
        return "";
    }
  }
}

/** What an operation is on. */
function objectOf(instr: Instr | Exit): Reg | null {
  if ("addr" in instr) return instr.addr;
  if ("lock" in instr) return instr.lock;
  if ("chan" in instr) return instr.chan;
  if (instr.op === "sync") return instr.object;
  if (instr.op === "map") return present(instr.args[0], "a map");
  return null;
}

/** `3:4-3:8`: as in an extent, with lines counted from one of the function. */
function relative({ start, end }: Span, from: number): string {
  return `${start.line - from}:${start.character}-${end.line - from}:${end.character}`;
}

function startOf({ uri, start }: Span): string {
  return `${uri}:${start.line}:${start.character}`;
}

/** As `extentOf` has it. */
export function extentOfSpan(span: Span): string {
  return `${startOf(span)}-${span.end.line}:${span.end.character}`;
}

function inSource(a: Span, b: Span): number {
  return (
    a.start.line - b.start.line ||
    a.start.character - b.start.character ||
    a.end.line - b.end.line ||
    a.end.character - b.end.character
  );
}

function file<K, V>(table: Map<K, V[]>, key: K, value: V): void {
  const known = table.get(key);
  if (known === undefined) table.set(key, [value]);
  else known.push(value);
}

function alikeKey(func: string, op: string): string {
  return `${func} ${op}`;
}

function rank(op: string): number {
  const index = telling.indexOf(kindOf(op));
  return index < 0 ? telling.length : index;
}

/** The operation without what it is on. */
function kindOf(op: string): string {
  return op.split(" ")[0] ?? "";
}
