import type { FuncLowering } from "./lower-func.js";
import type { InstrRow, Operand } from "./schema.js";
import { isVariableName } from "./variable-name.js";

/** Loads, stores, maps and iteration; says whether it was one. */
export function lowerMemory(f: FuncLowering, row: InstrRow): boolean {
  const span = f.span(row[2]);
  switch (row[0]) {
    case "UnOp":
      if (row[3] !== "*") return false;
      f.emit({ op: "load", dst: f.dst(row[1]), addr: f.use(row[4]), type: f.typeAt(row[1]), span });
      return true;
    case "Store": {
      const [addr, value] = [f.use(row[3]), f.use(row[4])];
      f.emit({ op: "store", addr, value, type: f.program.types.elem(f.typeAt(row[3])), span });
      return true;
    }
    case "Lookup": {
      const args = [f.use(row[3]), f.use(row[4])] as const;
      const [dst, type] = [f.dst(row[1]), f.typeAt(row[3])];
      if (f.underlyingAt(row[3]).kind === "basic") {
        f.emit({ op: "at", dst, value: args[0], index: args[1], type, span });
      } else {
        f.emit({ op: "map", dst, fn: row[5] === 1 ? "get-ok" : "get", args, type, span });
      }
      return true;
    }
    case "MapUpdate": {
      const args = [f.use(row[3]), f.use(row[4]), f.use(row[5])];
      f.emit({ op: "map", dst: null, fn: "set", args, type: f.typeAt(row[3]), span });
      return true;
    }
    case "Range": {
      const [dst, args, type] = [f.dst(row[1]), [f.use(row[3])], f.typeAt(row[3])];
      if (f.underlyingAt(row[3]).kind === "basic") {
        f.emit({ op: "prim", dst, fn: "string-range", args, type, span });
      } else {
        f.emit({ op: "map", dst, fn: "iterate", args, type, span });
      }
      return true;
    }
    case "Next":
      lowerNext(f, row);
      return true;
    default:
      return false;
  }
}

/** `next` has no place of its own: the access is shown where its `range` stands. */
function lowerNext(f: FuncLowering, row: Extract<InstrRow, readonly ["Next", ...unknown[]]>): void {
  const [dst, args] = [f.dst(row[1]), [f.use(row[3])]];
  const range = f.definition(row[3]);
  const span = f.span(row[2] === 0 && range !== undefined ? range[2] : row[2]);
  const source = range?.[0] === "Range" ? range[3] : row[3];
  const type = f.typeAt(source);
  if (row[4] === 1) f.emit({ op: "prim", dst, fn: "string-next", args, type, span });
  else f.emit({ op: "map", dst, fn: "next", args, type, span });
}

/** Addresses. */
export function lowerAddress(f: FuncLowering, row: InstrRow): boolean {
  const span = f.span(row[2]);
  switch (row[0]) {
    case "Alloc": {
      const dst = f.dst(row[1]);
      f.emit({
        op: "alloc",
        dst,
        type: f.program.types.elem(f.typeAt(row[1])),
        name: nameOfAllocated(f, row[4], row[5]),
        span,
      });
      return true;
    }
    case "FieldAddr": {
      const type = f.program.types.elem(f.typeAt(row[3]));
      const field = f.program.types.field(type, row[4], row[5]);
      if (field < 0) {
        f.unmodelled(
          row,
          `field ${row[5]} of ${f.unit.key(f.typeIndex(row[3])).replace(/^\*/, "")}`,
        );
        return true;
      }
      const [dst, base] = [f.dst(row[1]), f.use(row[3])];
      f.emit({ op: "field", dst, base, type, field, name: row[5], span });
      return true;
    }
    case "IndexAddr": {
      const [base, index] = [f.use(row[3]), f.use(row[4])];
      f.emit({ op: "element", dst: f.dst(row[1]), base, index, type: f.typeAt(row[3]), span });
      return true;
    }
    case "Slice": {
      const bound = (it: Operand | null) => (it === null ? null : f.use(it));
      const [base, low, high, max] = [f.use(row[3]), bound(row[4]), bound(row[5]), bound(row[6])];
      f.emit({
        op: "slice",
        dst: f.dst(row[1]),
        base,
        low,
        high,
        max,
        type: f.typeAt(row[3]),
        span,
      });
      return true;
    }
    default:
      return false;
  }
}

/** Maps, channels and slices. */
export function lowerMake(f: FuncLowering, row: InstrRow): boolean {
  const args = sizes(row);
  if (args === null) return false;
  f.emit({
    op: "make",
    dst: f.dst(row[1]),
    type: f.typeAt(row[1]),
    args: args.map((it) => f.use(it)),
    name: nameOfMade(f, row),
    span: f.span(row[2]),
  });
  return true;
}

/** Library objects are better known by their type than by a local variable of the library's. */
function nameOfAllocated(f: FuncLowering, name: string, made: string | undefined): string {
  return f.isLibrary || made === undefined || made === "" ? name : made;
}

function sizes(row: InstrRow): readonly Operand[] | null {
  switch (row[0]) {
    case "MakeMap":
      return row[3] === null ? [] : [row[3]];
    case "MakeChan":
      return [row[3]];
    case "MakeSlice":
      return [row[3], row[4]];
    default:
      return null;
  }
}

/** The variable or field a fresh value is made for or first stored into, or "". */
function nameOfMade(f: FuncLowering, made: InstrRow): string {
  const told = made[made.length - 1];
  if (typeof told === "string" && told !== "") return told;
  for (const block of f.row.blocks) {
    for (const row of block.instrs) {
      if (row[0] === "Store" && row[4] === made[1]) return nameOfAddress(f, row[3]);
      if (row[0] === "Phi" && row[3].includes(made[1]) && isVariableName(row[4])) return row[4];
    }
  }
  return "";
}

function nameOfAddress(f: FuncLowering, addr: Operand): string {
  if (addr < 0) {
    const pooled = f.unit.image.pool[-addr - 1];
    return pooled?.[0] === "global" ? pooled[2].slice(pooled[2].lastIndexOf(".") + 1) : "";
  }
  const made = f.definition(addr);
  if (made?.[0] === "Alloc") return isVariableName(made[4]) ? made[4] : "";
  if (made?.[0] === "FieldAddr") return made[5];
  const free = f.row.free[addr - f.row.params.length];
  return free?.[0] ?? "";
}
