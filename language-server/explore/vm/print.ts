// What the built-in `print` and the run-time print, without the library.

import type { Value } from "./core.js";
import { canonical, type Int } from "./int64.js";
import type { TypeInfo } from "./type-info.js";
import { Complex, Iface } from "./values.js";

/** As `print` prints a scalar. */
export function printScalar(basic: string, value: Value): string {
  if (value instanceof Complex) {
    const narrow = basic === "complex64";
    const im = printFloat(value.im, narrow);
    return `(${printFloat(value.re, narrow)}${/^[+-]/.test(im) ? "" : "+"}${im}i)`;
  }
  if (basic === "unsafe.Pointer") return address(value);
  if (basic.startsWith("float")) return printFloat(value as number, basic === "float32");
  return String(value);
}

/** The shortest digits that give the number back: `1.5`, `1e+21`. */
export function printFloat(value: number, narrow: boolean): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (Object.is(value, -0)) return "-0";
  const shortest = narrow ? shortest32(value) : value.toExponential();
  const [digits = "0", exponent = "0"] = shortest.split("e");
  const power = Number(exponent);
  const precision = Math.max(digits.replace(/[-.]/g, "").length, 6);
  if (power >= -4 && power < Math.max(precision, 21)) return plainDigits(value, digits, power);
  const sign = power < 0 ? "-" : "+";
  return `${digits}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
}

function plainDigits(value: number, digits: string, power: number): string {
  const bare = digits.replace(/[-.]/g, "");
  const sign = value < 0 ? "-" : "";
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${bare}`;
  const whole = bare.slice(0, power + 1).padEnd(power + 1, "0");
  const rest = bare.slice(power + 1);
  return rest === "" ? sign + whole : `${sign}${whole}.${rest}`;
}

function shortest32(value: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential();
}

/** As the run-time prints the value of a panic that has no `Error` or `String` method. */
export function printPanicValue(info: TypeInfo, value: Value): string {
  if (!(value instanceof Iface)) return "nil";
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
