// What the built-in `print` and the run-time print, without the library.

import type { Value } from "./core.js";
import { canonical, type Int } from "./int64.js";
import type { TypeInfo } from "./type-info.js";
import { Complex, Iface } from "./values.js";

/** As `print` prints a scalar. */
export function printScalar(basic: string, value: Value): string {
  if (basic === "float32" || basic === "float64") return printFloat(value as number);
  if (value instanceof Complex) return `(${printFloat(value.re)}${printFloat(value.im)}i)`;
  return String(value);
}

/** `+1.500000e+000`. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const negative = value < 0 || Object.is(value, -0);
  const [digits = "0", exponent = "+0"] = Math.abs(value).toExponential(6).split("e");
  const sign = exponent.startsWith("-") ? "-" : "+";
  return `${negative ? "-" : "+"}${digits}e${sign}${exponent.replace(/[+-]/, "").padStart(3, "0")}`;
}

/** As the run-time prints the value of a panic that has no `Error` or `String` method. */
export function printPanicValue(info: TypeInfo, value: Value): string {
  if (!(value instanceof Iface)) return value === null ? "nil" : String(value);
  const type = info.underlying(value.type);
  const name = info.name(value.type);
  if (type.kind !== "basic" || type.name === "unsafe.Pointer")
    return `(${name}) ${address(value.value)}`;
  const text = printScalar(type.name, value.value).replaceAll("\n", "\n\t");
  if (info.of(value.type).kind === "basic") return text;
  if (value.value instanceof Complex) return name + text;
  return type.name === "string" ? `${name}("${text}")` : `${name}(${text})`;
}

/** A made-up but stable address: programs have no business with the real one. */
export function address(value: Value): string {
  return `0x${addressNumber(value).toString(16)}`;
}

/** Objects lie far apart, their cells eight bytes from each other. */
export function addressNumber(value: Value): Int {
  if (value === null || value === undefined || typeof value !== "object") return 0;
  const obj = "obj" in value ? value.obj : value;
  const id = typeof obj === "object" && obj !== null && "id" in obj ? Number(obj.id) : 1;
  const off = "off" in value ? Number(value.off) : 0;
  const base =
    0xc000000000n + (id < 0 ? 2n ** 56n - BigInt(-id) * 2n ** 16n : BigInt(id) * 2n ** 16n);
  return canonical(BigInt.asUintN(64, base + BigInt(off) * 8n));
}
