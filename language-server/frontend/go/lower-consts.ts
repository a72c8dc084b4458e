import type { Instr, Literal, Reg, SpanId } from "../../ir/ir.js";
import type { Type, TypeId } from "../../ir/types.js";
import type { PoolRow } from "./schema.js";

type ConstValue = Extract<PoolRow, readonly ["const", ...unknown[]]>[2];

/** The instruction that makes a constant: aggregates have only the zero one. */
export function zeroOrLiteral(dst: Reg, type: TypeId, made: Type, value: ConstValue): Instr {
  const span = 0 as SpanId;
  if (value === null && (made.kind === "struct" || made.kind === "array" || made.kind === "any")) {
    return { op: "zero", dst, type, span };
  }
  return { op: "const", dst, value: literal(made, value), span };
}

function literal(type: Type, value: ConstValue): Literal {
  if (type.kind !== "basic") return null;
  switch (type.name) {
    case "bool":
      return value === true;
    case "string":
      return typeof value === "string" ? value : "";
    case "unsafe.Pointer":
    case "untyped nil":
    case "invalid":
      return null;
    case "complex64":
    case "complex128":
      return complex(value);
    case "float32":
    case "float64":
      return typeof value === "string" ? { kind: "float", text: value } : plainNumber(value);
    default:
      return typeof value === "string" ? { kind: "int", text: value } : plainNumber(value);
  }
}

function plainNumber(value: ConstValue): number {
  return typeof value === "number" ? value : 0;
}

function complex(value: ConstValue): Literal {
  const [re, im] = Array.isArray(value) ? (value as readonly (number | string)[]) : [value, 0];
  return { kind: "complex", re: asNumber(re), im: asNumber(im) };
}

const spelled: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  "+Inf": Number.POSITIVE_INFINITY,
  "-Inf": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

function asNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? (spelled[value] ?? Number(value)) : 0;
}
