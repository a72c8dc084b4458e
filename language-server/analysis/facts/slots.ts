import { typeOf } from "../../ir/access.js";
import type { Program } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";

/** A value wider than this is one slot: fields of huge structs are not told apart. */
const widest = 256;

/**
 * How values are divided for points-to: like the machine's cells, except that the elements of an array
 * share slots, every value has at least one, and a tuple has those of its parts.
 */
export class Slots {
  readonly #program: Program;
  readonly #widths = new Map<TypeId, number>();
  readonly #fields = new Map<TypeId, readonly number[]>();

  constructor(program: Program) {
    this.#program = program;
  }

  width(id: TypeId): number {
    const known = this.#widths.get(id);
    if (known !== undefined) return known;
    // A recursive type that is not well formed (half-typed code) ends here instead of recursing.
    this.#widths.set(id, 1);
    const width = this.#compute(id);
    this.#widths.set(id, width);
    return width;
  }

  #compute(id: TypeId): number {
    const type = typeOf(this.#program, id);
    switch (type.kind) {
      case "named":
        return type.underlying === id ? 1 : this.width(type.underlying);
      case "array":
        return this.width(type.elem);
      case "struct":
        return this.#sum(type.fields.map((it) => it.type));
      case "tuple":
        return this.#sum(type.elems);
      default:
        return 1;
    }
  }

  #sum(types: readonly TypeId[]): number {
    const sum = types.reduce((total, it) => total + this.width(it), 0);
    return sum > widest ? 1 : Math.max(1, sum);
  }

  /** Offset of a field of a struct, or of a part of a tuple. */
  offset(id: TypeId, index: number): number {
    let offsets = this.#fields.get(id);
    if (offsets === undefined) {
      const type = this.#behind(id);
      const parts =
        type.kind === "struct"
          ? type.fields.map((it) => it.type)
          : type.kind === "tuple"
            ? type.elems
            : [];
      let at = 0;
      const whole = this.width(id);
      offsets = parts.map((it) => {
        const offset = Math.min(at, whole - 1);
        at += this.width(it);
        return offset;
      });
      this.#fields.set(id, offsets);
    }
    return offsets[index] ?? 0;
  }

  /** The type with names taken off. */
  #behind(id: TypeId) {
    let type = typeOf(this.#program, id);
    while (type.kind === "named" && typeOf(this.#program, type.underlying) !== type) {
      type = typeOf(this.#program, type.underlying);
    }
    return type;
  }

  /** `.inner.n` for people: the names of the fields that lead to a slot. */
  path(id: TypeId, offset: number): string {
    const named = typeOf(this.#program, id);
    // The state of a lock or wait group is the thing itself.
    if (named.kind === "named" && named.name.startsWith("sync.")) return "";
    const type = this.#behind(id);
    if (type.kind === "array") return `[…]${this.path(type.elem, offset)}`;
    if (type.kind !== "struct" || type.fields.length === 0) return "";
    let index = type.fields.length - 1;
    while (index > 0 && this.offset(id, index) > offset) index--;
    const field = type.fields[index];
    if (field === undefined) return "";
    return `.${field.name}${this.path(field.type, offset - this.offset(id, index))}`;
  }
}
