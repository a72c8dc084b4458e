import { unreachable } from "../../base/assert.js";
import type { ProgramBuilder } from "../../ir/builder.js";
import type { BasicName, Field, Type, TypeId } from "../../ir/types.js";
import type { Universe, Unit } from "./link.js";
import type { FieldRow, TypeIndex, TypeRow } from "./schema.js";

const basics: Readonly<Record<string, BasicName>> = {
  bool: "bool",
  int: "int",
  int8: "int8",
  int16: "int16",
  int32: "int32",
  int64: "int64",
  uint: "uint",
  uint8: "uint8",
  uint16: "uint16",
  uint32: "uint32",
  uint64: "uint64",
  uintptr: "uintptr",
  float32: "float32",
  float64: "float64",
  complex64: "complex64",
  complex128: "complex128",
  string: "string",
  "unsafe.Pointer": "unsafe.Pointer",
  "untyped nil": "untyped nil",
  // go/ssa leaves some results of comparisons and constants untyped.
  "untyped bool": "bool",
  "untyped int": "int",
  "untyped rune": "int32",
  "untyped float": "float64",
  "untyped complex": "complex128",
  "untyped string": "string",
};

/** Types of all images, interned in one table. A named type has one definition: its own package's where that is known. */
export class TypeLinker {
  readonly #builder: ProgramBuilder;
  readonly #universe: Universe;
  readonly #ids = new Map<Unit, (TypeId | undefined)[]>();

  constructor(builder: ProgramBuilder, universe: Universe) {
    this.#builder = builder;
    this.#universe = universe;
  }

  id(unit: Unit, index: TypeIndex): TypeId {
    let ids = this.#ids.get(unit);
    if (ids === undefined) {
      ids = [];
      this.#ids.set(unit, ids);
    }
    const known = ids[index];
    if (known !== undefined) return known;
    const row = unit.image.types[index];
    if (row === undefined) return this.any;
    if (row[0] === "named") {
      const id = this.#builder.declareNamed(row[1]);
      // Before the definition, which may mention the type itself.
      ids[index] = id;
      this.#define(unit, row[1], id);
      return id;
    }
    const id = this.#builder.type(this.#structural(unit, row));
    ids[index] = id;
    return id;
  }

  #define(unit: Unit, name: string, id: TypeId): void {
    const type = this.#builder.typeOf(id);
    if (type.kind !== "named" || type.underlying !== id) return;
    const place = this.#universe.named(name, unit);
    const row = place === null ? undefined : place.unit.image.types[place.index];
    if (place === null || row?.[0] !== "named") return;
    const underlying = this.id(place.unit, row[2]);
    this.#builder.defineNamed(name, underlying);
  }

  #structural(
    unit: Unit,
    row: Exclude<TypeRow, readonly ["named", ...unknown[]]>,
  ): Exclude<Type, { kind: "named" }> {
    const id = (index: TypeIndex): TypeId => this.id(unit, index);
    switch (row[0]) {
      case "basic":
        return { kind: "basic", name: basics[row[1]] ?? "invalid" };
      case "pointer":
        return { kind: "pointer", elem: id(row[1]) };
      case "slice":
        return { kind: "slice", elem: id(row[1]) };
      case "array":
        return { kind: "array", elem: id(row[1]), length: row[2] };
      case "map":
        return { kind: "map", key: id(row[1]), value: id(row[2]) };
      case "chan":
        return { kind: "chan", dir: row[1], elem: id(row[2]) };
      case "struct":
        return { kind: "struct", fields: row[1].map((it) => this.#field(unit, it)) };
      case "func":
        return {
          kind: "func",
          params: row[1].map(id),
          results: row[2].map(id),
          variadic: row[3] === 1,
        };
      case "interface":
        return {
          kind: "interface",
          methods: row[1].map(([name, type]) => ({ id: name, type: id(type) })),
        };
      case "tuple":
        return { kind: "tuple", elems: row[1].map(id) };
      case "opaque":
        return { kind: "any" };
      default:
        return unreachable(row);
    }
  }

  #field(unit: Unit, row: FieldRow): Field {
    const [name, type, embedded, tag, pkg] = row;
    return { name, type: this.id(unit, type), embedded: embedded === 1, tag, pkg };
  }

  /** What a type is made of, through its names. */
  underlying(id: TypeId): Type {
    let type = this.#builder.typeOf(id);
    while (type.kind === "named") {
      if (type.underlying === id) return { kind: "any" };
      id = type.underlying;
      type = this.#builder.typeOf(id);
    }
    return type;
  }

  /** What a pointer points to. */
  elem(id: TypeId): TypeId {
    const type = this.underlying(id);
    return type.kind === "pointer" ? type.elem : this.any;
  }

  /**
   * Where a field stands in the definition that won: bundled packages may define a struct with fewer fields than
   * their users see. -1: it has no such field.
   */
  field(struct: TypeId, index: number, name: string): number {
    const type = this.underlying(struct);
    if (type.kind !== "struct") return -1;
    if (type.fields[index]?.name === name) return index;
    return type.fields.findIndex((it) => it.name === name);
  }

  basic(name: BasicName): TypeId {
    return this.#builder.type({ kind: "basic", name });
  }

  get any(): TypeId {
    return this.#builder.type({ kind: "any" });
  }

  get emptyInterface(): TypeId {
    return this.#builder.type({ kind: "interface", methods: [] });
  }

  pointerTo(elem: TypeId): TypeId {
    return this.#builder.type({ kind: "pointer", elem });
  }
}
