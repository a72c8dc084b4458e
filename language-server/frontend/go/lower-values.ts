import type { Type } from "../../ir/types.js";
import type { FuncLowering } from "./lower-func.js";
import type { InstrRow } from "./schema.js";

/** The rows whose ops include this one. */
type Row<Op extends InstrRow[0]> = InstrRow extends infer R
  ? R extends readonly [infer Name, ...unknown[]]
    ? Op extends Name
      ? R
      : never
    : never
  : never;

const binary: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "rem",
  "&": "and",
  "|": "or",
  "^": "xor",
  "<<": "shl",
  ">>": "shr",
  "&^": "andnot",
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
};

const unary: Readonly<Record<string, string>> = { "-": "neg", "!": "not", "^": "com" };

/** Instructions that compute a value from values; says whether it was one. */
export function lowerValue(f: FuncLowering, row: InstrRow): boolean {
  const span = f.span(row[2]);
  switch (row[0]) {
    case "BinOp":
      return lowerBinary(f, row);
    case "UnOp": {
      const fn = unary[row[3]];
      if (fn === undefined) return false;
      const value = f.use(row[4]);
      f.emit({ op: "prim", dst: f.dst(row[1]), fn, args: [value], type: f.typeAt(row[4]), span });
      return true;
    }
    case "Extract":
      f.emit({ op: "extract", dst: f.dst(row[1]), tuple: f.use(row[3]), index: row[4], span });
      return true;
    case "Field": {
      const type = f.typeAt(row[3]);
      const field = f.program.types.field(type, row[4], row[5]);
      if (field < 0) f.unmodelled(row, `field ${row[5]} of ${f.unit.key(f.typeIndex(row[3]))}`);
      else f.emit({ op: "project", dst: f.dst(row[1]), value: f.use(row[3]), type, field, span });
      return true;
    }
    case "Index": {
      const [value, index] = [f.use(row[3]), f.use(row[4])];
      f.emit({ op: "at", dst: f.dst(row[1]), value, index, type: f.typeAt(row[3]), span });
      return true;
    }
    case "MakeClosure": {
      const captures = row[4].map((it) => f.use(it));
      const func = f.program.func(row[3], f.unit);
      f.emit({ op: "closure", dst: f.dst(row[1]), func, captures, span });
      return true;
    }
    default:
      return false;
  }
}

function lowerBinary(f: FuncLowering, row: Row<"BinOp">): boolean {
  const fn = binary[row[3]];
  if (fn === undefined) return false;
  // A nil constant may carry the type of nil only.
  const left = f.underlyingAt(row[4]);
  const isNil = left.kind === "basic" && left.name === "untyped nil";
  const type = f.typeAt(isNil ? row[5] : row[4]);
  const args = [f.use(row[4]), f.use(row[5])];
  f.emit({ op: "prim", dst: f.dst(row[1]), fn, args, type, span: f.span(row[2]) });
  return true;
}

/** Changes of type. */
export function lowerConversion(f: FuncLowering, row: InstrRow): boolean {
  const span = f.span(row[2]);
  switch (row[0]) {
    case "ChangeType":
    case "ChangeInterface":
      // Of a register: an alias, nothing to do.
      if (row[3] < 0) f.materialise(row[3], f.dst(row[1]));
      return true;
    case "SliceToArrayPointer":
    case "Convert":
      lowerConvert(f, row);
      return true;
    case "MakeInterface": {
      const dst = f.dst(row[1]);
      f.program.useDynamicType(f.unit, f.typeIndex(row[3]));
      f.emit({ op: "interface", dst, value: f.use(row[3]), type: f.typeAt(row[3]), span });
      return true;
    }
    case "TypeAssert": {
      const type = f.program.types.id(f.unit, row[4]);
      const target = f.program.types.underlying(type);
      if (target.kind === "interface") {
        for (const method of target.methods) f.program.useMethodId(method.id);
      }
      f.emit({
        op: "assert",
        dst: f.dst(row[1]),
        value: f.use(row[3]),
        from: f.typeAt(row[3]),
        type,
        commaOk: row[5] === 1,
        span,
      });
      return true;
    }
    default:
      return false;
  }
}

function lowerConvert(f: FuncLowering, row: Row<"Convert">): void {
  const source = row[3];
  const [dst, span, value] = [f.dst(row[1]), f.span(row[2]), f.use(source)];
  const [from, to] = [f.typeAt(source), f.typeAt(row[1])];
  const [a, b] = [f.program.types.underlying(from), f.program.types.underlying(to)];
  const bulk = (
    fn: "bytes-to-string" | "runes-to-string" | "string-to-bytes" | "string-to-runes",
  ): void => {
    f.emit({ op: "bulk", dst, fn, args: [value], type: from, span });
  };
  if (isString(b) && a.kind === "slice") {
    bulk(isByte(f.program.types.underlying(a.elem)) ? "bytes-to-string" : "runes-to-string");
  } else if (isString(a) && b.kind === "slice") {
    bulk(isByte(f.program.types.underlying(b.elem)) ? "string-to-bytes" : "string-to-runes");
  } else {
    f.emit({ op: "convert", dst, value, from, to, span });
  }
}

function isString(type: Type): boolean {
  return type.kind === "basic" && type.name === "string";
}

function isByte(type: Type): boolean {
  return type.kind === "basic" && type.name === "uint8";
}
