import { unreachable, present } from "../base/assert.js";
import { typeOf, underlying } from "./access.js";
import type { Program } from "./ir.js";
import type { TypeId } from "./types.js";

/**
 * Where the parts of a value stand in memory, in cells (see `types.ts`).
 * Computed lazily and kept: types are immutable.
 */
export class Layout {
  readonly #program: Program;
  readonly #cells = new Map<TypeId, number>();
  readonly #offsets = new Map<TypeId, readonly number[]>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** Cells of a value of the type: 1 for scalars, the sum for structs and arrays. */
  cells(id: TypeId): number {
    const known = this.#cells.get(id);
    if (known !== undefined) return known;
    const cells = this.#compute(id);
    this.#cells.set(id, cells);
    return cells;
  }

  #compute(id: TypeId): number {
    const type = typeOf(this.#program, id);
    switch (type.kind) {
      case "named":
        return this.cells(type.underlying);
      case "array":
        return type.length * this.cells(type.elem);
      case "struct":
        return type.fields.reduce((sum, it) => sum + this.cells(it.type), 0);
      case "basic":
      case "pointer":
      case "slice":
      case "map":
      case "chan":
      case "func":
      case "interface":
      case "tuple":
      case "any":
        return 1;
      default:
        return unreachable(type);
    }
  }

  /** Offset in cells of each field of a struct type. */
  offsets(id: TypeId): readonly number[] {
    const known = this.#offsets.get(id);
    if (known !== undefined) return known;
    const type = underlying(this.#program, id);
    if (type.kind !== "struct") return [];
    let at = 0;
    const offsets = type.fields.map((it) => {
      const offset = at;
      at += this.cells(it.type);
      return offset;
    });
    this.#offsets.set(id, offsets);
    return offsets;
  }

  offset(id: TypeId, field: number): number {
    return present(this.offsets(id)[field], `field ${field}`);
  }
}
