// What the VM asks about types at run time: zero values, method sets, names. Computed lazily and kept.

import { present, unreachable } from "../../base/assert.js";
import { typeOf, underlying } from "../../ir/access.js";
import type { Func, FuncId, Program } from "../../ir/ir.js";
import { Layout } from "../../ir/layout.js";
import type { BasicName, Type, TypeId } from "../../ir/types.js";
import type { Value } from "./core.js";
import { Unsupported } from "./signals.js";
import { sizeOf, type Size } from "./sizes.js";
import { typeName } from "./type-name.js";
import { Complex } from "./values.js";

/** Most cells of one allocation. */
export const largestValue = 16_000_000;

const complexZero = new Complex(0, 0);

export class TypeInfo {
  readonly program: Program;
  readonly layout: Layout;
  readonly #zeros: (readonly Value[] | undefined)[] = [];
  readonly #methods = new Map<TypeId, Map<string, Func>>();
  readonly #names: (string | undefined)[] = [];
  readonly #sizes: (Size | undefined)[] = [];
  readonly #missing = new Map<TypeId, Map<TypeId, string | null>>();
  readonly #underlying: (Type | undefined)[] = [];
  readonly #byKey = new Map<string, TypeId>();

  constructor(program: Program) {
    this.program = program;
    this.layout = new Layout(program);
    for (const { type, id, func } of program.methods) this.addMethod(type, id, this.func(func));
    program.types.forEach((it, id) => {
      if (it.kind === "basic") this.#byKey.set(it.name, id as TypeId);
      else if (it.kind === "named") this.#byKey.set(it.name, id as TypeId);
      else if (it.kind === "pointer") this.#byKey.set(`*${it.elem}`, id as TypeId);
      else if (it.kind === "slice") this.#byKey.set(`[]${it.elem}`, id as TypeId);
    });
  }

  /** A type that reflection makes. */
  addType(type: Extract<Type, { kind: "pointer" | "slice" | "func" }>): TypeId {
    const id = ((this.program.types as Type[]).push(type) - 1) as TypeId;
    if (type.kind === "pointer") this.#byKey.set(`*${type.elem}`, id);
    if (type.kind === "slice") this.#byKey.set(`[]${type.elem}`, id);
    return id;
  }

  addFunc(make: (id: FuncId) => Func): Func {
    const func = make(this.program.funcs.length as FuncId);
    (this.program.funcs as Func[]).push(func);
    return func;
  }

  addMethod(type: TypeId, id: string, func: Func): void {
    let table = this.#methods.get(type);
    if (table === undefined) this.#methods.set(type, (table = new Map<string, Func>()));
    table.set(id, func);
    this.#missing.clear();
  }

  func(id: FuncId): Func {
    return present(this.program.funcs[id], `function ${id}`);
  }

  of(id: TypeId): Type {
    return typeOf(this.program, id);
  }

  underlying(id: TypeId): Type {
    return (this.#underlying[id] ??= underlying(this.program, id));
  }

  /** The basic or named type of this name, if the program has it. */
  named(name: BasicName | (string & {})): TypeId | undefined {
    return this.#byKey.get(name);
  }

  pointerTo(elem: TypeId): TypeId | undefined {
    return this.#byKey.get(`*${elem}`);
  }

  sliceOf(elem: TypeId): TypeId | undefined {
    return this.#byKey.get(`[]${elem}`);
  }

  /** Element type of a pointer, slice, array or channel. */
  elem(id: TypeId): TypeId {
    const type = this.underlying(id);
    return "elem" in type ? type.elem : id;
  }

  /** Whether registers hold values of the type as arrays of cells. */
  aggregate(id: TypeId): boolean {
    const { kind } = this.underlying(id);
    return kind === "struct" || kind === "array";
  }

  size(id: TypeId): Size {
    return (this.#sizes[id] ??= sizeOf(this.program, id));
  }

  /** As `%T` shows it. */
  name(id: TypeId): string {
    return (this.#names[id] ??= typeName(this.program, id));
  }

  /** The cells of the zero value; to be copied, never changed. */
  zeroCells(id: TypeId): readonly Value[] {
    return (this.#zeros[id] ??= this.#computeZero(id));
  }

  /** The zero value as registers hold it. */
  zero(id: TypeId): Value {
    const cells = this.zeroCells(id);
    return this.aggregate(id) ? cells : cells[0];
  }

  #computeZero(id: TypeId): readonly Value[] {
    const cells = this.layout.cells(id);
    if (cells > largestValue) throw new Unsupported(`memory of ${cells} cells at once`);
    const type = this.underlying(id);
    switch (type.kind) {
      case "basic":
        return [basicZero(type.name)];
      case "struct":
        return type.fields.flatMap((it) => this.zeroCells(it.type));
      case "array": {
        const elem = this.zeroCells(type.elem);
        if (elem.length === 0) return [];
        if (elem.length === 1) return new Array<Value>(type.length).fill(elem[0]);
        return Array.from({ length: type.length }, () => elem).flat();
      }
      case "tuple":
        return [type.elems.map((it) => this.zero(it))];
      case "any":
        return [undefined];
      case "pointer":
      case "slice":
      case "map":
      case "chan":
      case "func":
      case "interface":
        return [null];
      case "named":
        return this.zeroCells(type.underlying);
      default:
        return unreachable(type);
    }
  }

  method(type: TypeId, id: string): Func | undefined {
    return this.#methods.get(type)?.get(id);
  }

  /** Ids of the methods of a dynamic type, sorted. */
  methodIds(type: TypeId): readonly string[] {
    return [...(this.#methods.get(type)?.keys() ?? [])].sort();
  }

  /** The first method that keeps dynamic type `type` from implementing `iface`, or null. */
  missingMethod(type: TypeId, iface: TypeId): string | null {
    let row = this.#missing.get(iface);
    if (row === undefined) this.#missing.set(iface, (row = new Map<TypeId, string | null>()));
    let missing = row.get(type);
    if (missing === undefined) {
      const wanted = this.underlying(iface);
      const methods = wanted.kind === "interface" ? wanted.methods : [];
      missing = methods.find((it) => !this.#has(type, it))?.id ?? null;
      row.set(type, missing);
    }
    return missing;
  }

  /** Names are not enough: `Unwrap() error` and `Unwrap() []error` are different methods. */
  #has(type: TypeId, wanted: { readonly id: string; readonly type: TypeId }): boolean {
    const func = this.method(type, wanted.id);
    if (func === undefined) return false;
    const signature = this.of(wanted.type);
    if (signature.kind !== "func") return true;
    const params = func.params.slice(1).map((it) => func.regTypes[it]);
    const exits = func.blocks.flatMap((it) => (it.exit.op === "return" ? [it.exit.values] : []));
    const results = exits[0]?.map((it) => func.regTypes[it]);
    return (
      this.#agree(params, signature.params, (x, y) => x === y) &&
      // Changes between a named type and what it is made of leave no instruction.
      (results === undefined ||
        this.#agree(
          results,
          signature.results,
          (x, y) => this.underlying(x) === this.underlying(y),
        ))
    );
  }

  #agree(
    has: readonly (TypeId | undefined)[],
    wanted: readonly TypeId[],
    same: (x: TypeId, y: TypeId) => boolean,
  ): boolean {
    return (
      has.length === wanted.length &&
      wanted.every((it, index) => {
        const mine = has[index];
        // Models of primitives leave types open.
        return mine === undefined || this.of(mine).kind === "any" || same(mine, it);
      })
    );
  }

  /** Whether `==` on the type panics or does not exist. */
  comparable(id: TypeId): boolean {
    const type = this.underlying(id);
    switch (type.kind) {
      case "slice":
      case "map":
      case "func":
        return false;
      case "struct":
        return type.fields.every((it) => this.comparable(it.type));
      case "array":
        return this.comparable(type.elem);
      default:
        return true;
    }
  }
}

function basicZero(name: BasicName): Value {
  switch (name) {
    case "bool":
      return false;
    case "string":
      return "";
    case "complex64":
    case "complex128":
      return complexZero;
    case "unsafe.Pointer":
    case "untyped nil":
      return null;
    default:
      return 0;
  }
}
