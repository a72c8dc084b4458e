// A function of a snippet, in instructions of Go's machine: calls are awaited where they are made, properties are cells.

import type { ts } from "ts-morph";
import { assert } from "../../../base/assert.js";
import type { FuncBuilder } from "../../../ir/builder.js";
import type { FuncId, FuncKind, GlobalId, Instr, Literal, Reg, SpanId } from "../../../ir/ir.js";
import type { TypeId } from "../../../ir/types.js";
import { Fn, type Shared } from "../context.js";
import { declareFunction, returnFrom } from "../functions.js";
import { type Kind, kindOfType } from "./kinds.js";
import type { Class, Types } from "./types.js";

/** What all functions of a snippet share. */
export interface Snippet {
  readonly types: Types;
  readonly kinds: WeakMap<ts.Type, Kind>;
  /** Methods, accessors and constructors of classes. */
  readonly members: Map<ts.Node, FuncId>;
  /** Functions of the prelude by name. */
  readonly prelude: ReadonlyMap<string, ts.Symbol>;
  readonly preludeFile: ts.SourceFile | undefined;
}

type Call = Extract<Instr, { op: "call" }>;

export class GoFn extends Fn {
  readonly snippet: Snippet;
  /** What is known of a register besides its value. */
  readonly #kinds = new Map<Reg, Kind>();
  readonly #literals = new Map<Reg, Literal>();
  readonly #booleans = new Set<Reg>();
  /** Stand for values that need not be stored. */
  readonly #inline = new Set<Reg>();
  /** How many elements a pattern has taken. */
  readonly #taken = new Map<Reg, number>();
  /** Functions without a name that are written here. */
  unnamed = 0;

  constructor(
    shared: Shared,
    parent: Fn | null,
    b: FuncBuilder,
    how: { readonly kind: FuncKind; readonly isArrow: boolean },
    snippet: Snippet,
  ) {
    super(shared, parent, b, how);
    this.snippet = snippet;
  }

  override child(
    b: FuncBuilder,
    how: { readonly kind: FuncKind; readonly isArrow: boolean },
  ): GoFn {
    return new GoFn(this.shared, this, b, how, this.snippet);
  }

  get types(): Types {
    return this.snippet.types;
  }

  override expr(node: ts.Expression): Reg {
    const reg = super.expr(node);
    if (!this.#kinds.has(reg)) {
      const kind = this.kindOf(node);
      if (kind !== null) this.#kinds.set(reg, kind);
    }
    return reg;
  }

  /** What an expression's type says of its value; null: nothing that helps. */
  kindOf(node: ts.Node): Kind | null {
    return kindOfType(this, this.shared.checker.getTypeAtLocation(node));
  }

  note(reg: Reg, kind: Kind): Reg {
    this.#kinds.set(reg, kind);
    return reg;
  }

  kindOfReg(reg: Reg): Kind | null {
    return this.#kinds.get(reg) ?? null;
  }

  typed(type: TypeId, name = ""): Reg {
    return this.b.reg(type, name);
  }

  override globalAddress(id: GlobalId, span: SpanId): Reg {
    const dst = this.b.reg(this.types.cell);
    this.b.emit({ op: "global", dst, global: id, span });
    return dst;
  }

  /** A lock that lies where it is declared has its value from the start. */
  override store(addr: Reg, value: Reg, span: SpanId): void {
    if (!this.#inline.has(value)) super.store(addr, value, span);
  }

  noteInline(reg: Reg): Reg {
    this.#inline.add(reg);
    return reg;
  }

  override alloc(name: string, node: ts.Node): Reg {
    const dst = this.b.reg(this.types.cell, `&${name}`);
    this.b.emit({ op: "alloc", dst, type: this.types.any, name, span: this.span(node) });
    return dst;
  }

  allocate(type: TypeId, name: string, span: SpanId): Reg {
    const dst = this.b.reg(this.types.pointer(type));
    this.b.emit({ op: "alloc", dst, type, name, span });
    return dst;
  }

  override literal(value: Literal, node: ts.Node): Reg {
    const reg = super.literal(value, node);
    this.#literals.set(reg, value);
    if (typeof value === "boolean") this.#booleans.add(reg);
    return reg;
  }

  /** What the language's operations on iterators are for arrays, and what only JavaScript's own objects need. */
  override prim(fn: string, args: readonly Reg[], node: ts.Node, span = this.span(node)): Reg {
    const [first] = args;
    switch (fn) {
      case "js.constructor":
      case "js.length":
      case "js.name":
      case "js.require-object":
      case "js.iter-close":
      case "js.outside-text":
      case "js.one":
        return fn === "js.one" ? this.literal(1, node) : (first ?? this.undefined(node));
      case "js.object":
      case "js.define":
      case "js.uninitialised":
        return this.undefined(node);
      case "js.iter-open":
        return this.#open(first, node);
      case "js.iter-take":
        return this.#take(first, node, span);
      case "js.iter-rest":
        return first === undefined
          ? this.undefined(node)
          : this.callPrelude(
              "slice",
              [first, this.literal(this.#taken.get(first) ?? 0, node)],
              node,
            );
      case "js.global":
      case "js.import":
      case "js.rest":
      case "js.rest-object":
      case "js.apply":
      case "js.new":
      case "js.arguments":
        return this.gap(node, `${describe(node)} in a snippet of goroutines`);
      default: {
        const reg = super.prim(fn, args, node, span);
        if (booleans.has(fn)) this.#booleans.add(reg);
        return reg;
      }
    }
  }

  #open(value: Reg | undefined, node: ts.Node): Reg {
    const from = value ?? this.undefined(node);
    const dst = this.typed(this.types.any);
    // A register of its own: the same array may be taken apart twice.
    this.b.emit({
      op: "convert",
      dst,
      value: from,
      from: this.types.any,
      to: this.types.any,
      span: this.span(node),
    });
    this.#taken.set(dst, 0);
    return dst;
  }

  #take(array: Reg | undefined, node: ts.Node, span: SpanId): Reg {
    if (array === undefined) return this.undefined(node);
    const index = this.#taken.get(array) ?? 0;
    this.#taken.set(array, index + 1);
    return this.elementOf(array, this.literal(index, node), span);
  }

  override branch(cond: Reg, yes: number, no: number, node: ts.Node): void {
    const known = this.#booleans.has(cond);
    const test = known ? cond : this.prim("js.truthy", [cond], node);
    super.branch(test, yes as never, no as never, node);
  }

  /** Calls are goroutines' own: they have ended when they come back. */
  override await(value: Reg): Reg {
    return value;
  }

  override call(value: Reg, _self: Reg | null, args: readonly Reg[], span: SpanId): Reg {
    const dst = this.reg();
    this.b.emit({ op: "call", dst, callee: { kind: "dynamic", value, self: null }, args, span });
    return dst;
  }

  callStatic(func: FuncId, args: readonly Reg[], span: SpanId): Reg {
    const dst = this.reg();
    const call: Call = { op: "call", dst, callee: { kind: "static", func }, args, span };
    this.b.emit(call);
    return dst;
  }

  callPrelude(name: string, args: readonly Reg[], node: ts.Node): Reg {
    const symbol = this.snippet.prelude.get(name);
    const func = symbol === undefined ? undefined : this.shared.statics.get(symbol);
    if (func === undefined) return this.gap(node, `${name}()`);
    return this.callStatic(func, args, this.span(node));
  }

  // Properties

  override getProp(base: Reg, key: Reg, span: SpanId): Reg {
    const name = this.#literals.get(key);
    const kind = this.kindOfReg(base);
    if (kind?.kind === "array" && name === "length") return this.lengthOf(base, span);
    if (kind?.kind === "array") return this.elementOf(base, key, span);
    if (kind?.kind === "map") return this.entryOf(base, key, span);
    if (kind?.kind === "string") return this.stringPart(base, key, span);
    const at = this.#address(base, key, span, false);
    const inline =
      kind?.kind === "class" && typeof name === "string" && kind.class.inline.has(name);
    return inline ? at : this.load(at, span);
  }

  override setProp(base: Reg, key: Reg, value: Reg, span: SpanId): void {
    const kind = this.kindOfReg(base);
    if (kind?.kind === "array" && this.#literals.get(key) === "length") {
      const items = this.load(base, span);
      this.store(base, this.sliced(items, value, span), span);
    } else if (kind?.kind === "array") this.setElement(base, key, value, span);
    else if (kind?.kind === "map") {
      const args = [base, key, value];
      this.b.emit({ op: "map", dst: null, fn: "set", args, type: this.types.map, span });
    } else this.store(this.#address(base, key, span, true), value, span);
  }

  /** The cell of a property: by the type where that says what the object is, else looked up when it runs. */
  #address(base: Reg, key: Reg, span: SpanId, writes: boolean): Reg {
    const { types } = this;
    const name = this.#literals.get(key);
    const dst = this.b.reg(types.cell);
    const kind = this.kindOfReg(base);
    if (typeof name === "string") {
      const shape = this.#shapeOf(kind, name);
      if (shape !== null) {
        const { type, field } = shape;
        this.b.emit({ op: "field", dst, base, type, field, name, span });
        return dst;
      }
    }
    const fn = writes ? "js.cell-to-write" : "js.cell";
    this.b.emit({ op: "prim", dst, fn, args: [base, key], type: types.any, span });
    return dst;
  }

  #shapeOf(
    kind: Kind | null,
    name: string,
  ): { readonly type: TypeId; readonly field: number } | null {
    const { types } = this;
    if (kind?.kind === "class") {
      const field = kind.class.fields.indexOf(name);
      return field < 0 ? null : { type: kind.class.type, field };
    }
    if (kind?.kind === "error") {
      const field = ["name", "message"].indexOf(name);
      return field < 0 ? null : { type: types.error, field };
    }
    if (kind?.kind !== "object" || !types.isOfObjects(name)) return null;
    return { type: types.object, field: types.names.indexOf(name) };
  }

  fieldOf(base: Reg, of: Class, name: string, span: SpanId): Reg {
    const dst = this.b.reg(this.types.cell);
    const field = of.fields.indexOf(name);
    this.b.emit({ op: "field", dst, base, type: of.type, field, name, span });
    return dst;
  }

  // Arrays, strings and maps

  lengthOf(array: Reg, span: SpanId): Reg {
    const items = this.load(array, span);
    const dst = this.typed(this.types.int);
    this.b.emit({ op: "prim", dst, fn: "len", args: [items], type: this.types.slice, span });
    return dst;
  }

  elementOf(array: Reg, index: Reg, span: SpanId): Reg {
    const items = this.load(array, span);
    const cell = this.b.reg(this.types.cell);
    this.b.emit({
      op: "prim",
      dst: cell,
      fn: "js.element",
      args: [items, index],
      type: this.types.any,
      span,
    });
    return this.load(cell, span);
  }

  setElement(array: Reg, index: Reg, value: Reg, span: SpanId): void {
    const items = this.load(array, span);
    const cell = this.b.reg(this.types.cell);
    this.b.emit({ op: "element", dst: cell, base: items, index, type: this.types.slice, span });
    this.store(cell, value, span);
  }

  /** `items[:length]` */
  sliced(base: Reg, high: Reg, span: SpanId): Reg {
    const dst = this.typed(this.types.slice);
    const type = this.types.slice;
    this.b.emit({ op: "slice", dst, base, low: null, high, max: null, type, span });
    return dst;
  }

  entryOf(map: Reg, key: Reg, span: SpanId): Reg {
    const dst = this.reg();
    this.b.emit({ op: "map", dst, fn: "get", args: [map, key], type: this.types.map, span });
    return dst;
  }

  stringPart(text: Reg, key: Reg, span: SpanId): Reg {
    const dst = this.reg();
    this.b.emit({
      op: "prim",
      dst,
      fn: "js.string-part",
      args: [text, key],
      type: this.types.any,
      span,
    });
    return dst;
  }

  extract(tuple: Reg, index: number, type: TypeId, span: SpanId): Reg {
    const dst = this.typed(type);
    if (type === this.types.bool) this.#booleans.add(dst);
    this.b.emit({ op: "extract", dst, tuple, index, span });
    return dst;
  }

  /** What a function without a name is called, as Go does: `main.func1`. */
  nameOfNext(): string {
    return `func${++this.unnamed}`;
  }

  /** A function value that nobody wrote, over registers of this function. */
  thunk(
    display: string,
    captured: readonly Reg[],
    node: ts.Node,
    emit: (inside: readonly Reg[], inner: GoFn) => void,
  ): Reg {
    const { program } = this.shared;
    const func = declareFunction(this.shared, this.b.id, { name: display, kind: "plain", node });
    const b = program.body(func);
    const inner = this.child(b, { kind: "plain", isArrow: true });
    const inside = captured.map((it) => b.capture(this.b.typeOfReg(it)));
    b.enter(b.block());
    emit(inside, inner);
    if (b.reachable) returnFrom(inner, null, node);
    b.finish();
    const dst = this.reg();
    this.b.emit({ op: "closure", dst, func, captures: captured, span: this.span(node) });
    return dst;
  }

  boolean(): Reg {
    const dst = this.typed(this.types.bool);
    this.#booleans.add(dst);
    return dst;
  }
}

const booleans = new Set(
  [
    "eq",
    "ne",
    "loose-eq",
    "loose-ne",
    "lt",
    "le",
    "gt",
    "ge",
    "not",
    "truthy",
    "nullish",
    "undefined",
    "instanceof",
  ].map((it) => `js.${it}`),
);

const longest = 30;

function describe(node: ts.Node): string {
  const text = node.getText();
  return text.length <= longest && !text.includes("\n") ? `\`${text}\`` : "this";
}

/** Every function of a snippet is one of these. */
export function goFn(fn: Fn): GoFn {
  assert(fn instanceof GoFn, "a function of a snippet");
  return fn;
}
