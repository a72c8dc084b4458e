// JavaScript's operations on the machine's values, for snippets whose tasks are goroutines (frontend/ts/goroutines).
// Numbers, strings, booleans, null and undefined are JavaScript's; objects are cells.

import { textMethods } from "../../ir/text-methods.js";
import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import { write } from "./externals-print.js";
import type { Native } from "./image.js";
import { inspect, jsText } from "./js-text.js";
import { RuntimePanic, Unsupported, ValuePanic } from "./signals.js";
import { Cell, Chan, Closure, Pointer, Slice } from "./values.js";
import { MapObj } from "./maps.js";

type Primitive = number | string | boolean | null | undefined;

function primitive(value: Value): Primitive {
  const isObject = typeof value === "object" && value !== null;
  if (isObject || typeof value === "bigint") throw new Unsupported("an operator on an object");
  return value as Primitive;
}

function numeric(op: (a: number, b: number) => number): Native {
  return (_cpu, [a, b]) => op(Number(primitive(a)), Number(primitive(b)));
}

function ordered(op: (a: number, b: number) => boolean): Native {
  // Strings compare with strings by the same operators.
  return (_cpu, [a, b]) => op(primitive(a) as number, primitive(b) as number);
}

function same(a: Value, b: Value): boolean {
  if (a instanceof Pointer && b instanceof Pointer) return a.obj === b.obj && a.off === b.off;
  return a === b;
}

function truthy(value: Value): boolean {
  return Boolean(value);
}

function nullish(value: Value): boolean {
  return value === null || value === undefined;
}

const operators: Readonly<Record<string, Native>> = {
  add: (cpu, [a, b]) => {
    if (typeof a !== "string" && typeof b !== "string") {
      return Number(primitive(a)) + Number(primitive(b));
    }
    return jsText(cpu.image.info, a) + jsText(cpu.image.info, b);
  },
  sub: numeric((a, b) => a - b),
  mul: numeric((a, b) => a * b),
  div: numeric((a, b) => a / b),
  rem: numeric((a, b) => a % b),
  pow: numeric((a, b) => a ** b),
  and: numeric((a, b) => a & b),
  or: numeric((a, b) => a | b),
  xor: numeric((a, b) => a ^ b),
  shl: numeric((a, b) => a << b),
  shr: numeric((a, b) => a >> b),
  ushr: numeric((a, b) => a >>> b),
  lt: ordered((a, b) => a < b),
  le: ordered((a, b) => a <= b),
  gt: ordered((a, b) => a > b),
  ge: ordered((a, b) => a >= b),
  eq: (_cpu, [a, b]) => same(a, b),
  ne: (_cpu, [a, b]) => !same(a, b),
  "loose-eq": (_cpu, [a, b]) => same(a, b) || (nullish(a) && nullish(b)),
  "loose-ne": (_cpu, [a, b]) => !same(a, b) && !(nullish(a) && nullish(b)),
  not: (_cpu, [a]) => !truthy(a),
  truthy: (_cpu, [a]) => truthy(a),
  nullish: (_cpu, [a]) => nullish(a),
  undefined: (_cpu, [a]) => a === undefined,
  instead: (_cpu, [a]) => a,
  neg: (_cpu, [a]) => -Number(primitive(a)),
  plus: (_cpu, [a]) => Number(primitive(a)),
  numeric: (_cpu, [a]) => Number(primitive(a)),
  "bit-not": (_cpu, [a]) => ~Number(primitive(a)),
  typeof: (_cpu, [a]) => typeName(a),
  string: (cpu, [a]) => jsText(cpu.image.info, a),
};

function typeName(value: Value): string {
  if (value instanceof Closure) return "function";
  return typeof value;
}

/** A cell that nobody else knows. */
function loose(cpu: Cpu, value: Value): Pointer {
  return new Pointer(cpu.alloc(cpu.image.runtime.string, "", [value]), 0);
}

/** The cell of a property, by its name; undefined where the object has none. */
function cellOf(cpu: Cpu, base: Value, key: Value): Pointer | undefined {
  if (nullish(base)) {
    const what = String(base);
    throw new RuntimePanic(
      `TypeError: cannot read properties of ${what} (reading '${String(key)}')`,
      true,
    );
  }
  if (!(base instanceof Pointer)) return undefined;
  const { info } = cpu.image;
  const type = info.underlying(base.obj.type);
  if (type.kind === "slice") return elementOf(base.obj.cells[base.off], key);
  if (type.kind !== "struct") return undefined;
  const name = String(key).replace(/^#/, "");
  const index = type.fields.findIndex((it) => it.name === name);
  const field = type.fields[index];
  if (field === undefined) return undefined;
  const cell = new Pointer(base.obj, info.layout.offset(base.obj.type, index));
  // A lock lies in the object: what is asked for is where.
  return info.aggregate(field.type) ? loose(cpu, cell) : cell;
}

function elementOf(items: Value, key: Value): Pointer | undefined {
  const slice = items instanceof Slice ? items : null;
  const index = Number(key);
  if (slice === null || !(index >= 0 && index < slice.len) || !Number.isInteger(index))
    return undefined;
  return new Pointer(slice.obj, slice.off + index);
}

const memory: Readonly<Record<string, Native>> = {
  cell: (cpu, [base, key]) => {
    const known = cellOf(cpu, base, key);
    if (known !== undefined) return known;
    if (typeof base === "string") return loose(cpu, partOf(base, key));
    if (base instanceof Pointer && key === "length") {
      const items = base.obj.cells[base.off];
      cpu.touch(base.obj, base.off, 1, false);
      return loose(cpu, items instanceof Slice ? items.len : 0);
    }
    if (base instanceof Pointer) return loose(cpu, undefined);
    throw new Unsupported(`the property ${String(key)} of this value`);
  },
  "cell-to-write": (cpu, [base, key]) => {
    const known = cellOf(cpu, base, key);
    if (known !== undefined) return known;
    throw new Unsupported(`the property ${String(key)}, which the object is not made with`);
  },
  element: (cpu, [items, key]) => elementOf(items, key) ?? loose(cpu, undefined),
  items: (cpu, [value]) => {
    const cell = new Cell(
      0,
      cpu.image.runtime.string,
      "",
      cpu.span,
      cpu.thread.id,
      [value],
      cpu.trail.epoch,
    );
    return new Slice(cell, 0, 1, 1);
  },
};

function partOf(text: string, key: Value): Value {
  return key === "length" ? text.length : text[Number(key)];
}

const calls: Readonly<Record<string, Native>> = {
  method: (_cpu, [name, base, ...args]) => {
    if (typeof base !== "string" && typeof base !== "number") {
      throw new Unsupported(`${String(name)}() of this value`);
    }
    const method: unknown = Reflect.get(Object(base) as object, String(name));
    if (!textMethods.has(String(name)) || typeof method !== "function") {
      throw new Unsupported(`${String(name)}()`);
    }
    return Reflect.apply(method, base, args.map(primitive)) as Value;
  },
  math: (_cpu, [name, ...args]) => {
    const known: unknown = Reflect.get(Math, String(name));
    if (typeof known !== "function") throw new Unsupported(`Math.${String(name)}`);
    return Reflect.apply(known, undefined, args.map(primitive)) as Value;
  },
  "is-integer": (_cpu, [value]) => Number.isInteger(value),
  "string-part": (_cpu, [text, key]) => partOf(String(text), key),
  print: (cpu, args) => {
    const { info } = cpu.image;
    write(
      cpu,
      1,
      `${args.map((it) => (typeof it === "string" ? it : inspect(info, it))).join(" ")}\n`,
    );
  },
  instanceof: (cpu, [value, name]) => isA(cpu, value, String(name)),
  throw: (_cpu, [text]) => {
    throw new RuntimePanic(String(text), true);
  },
  gap: (_cpu, [reason]) => {
    throw new Unsupported(String(reason));
  },
};

function isA(cpu: Cpu, value: Value, name: string): boolean {
  if (value instanceof MapObj) return name === "Map" || name === "Set";
  if (value instanceof Chan) return name === "Chan";
  if (!(value instanceof Pointer)) return false;
  const own = cpu.image.info.name(value.obj.type);
  return own === name || (name === "Error" && isError(cpu, value));
}

/** An object of `Error` or of a class that extends it begins with its name and message. */
export function isError(cpu: Cpu, value: Value): value is Pointer {
  if (!(value instanceof Pointer)) return false;
  const type = cpu.image.info.underlying(value.obj.type);
  if (type.kind !== "struct") return false;
  return type.fields[0]?.name === "name" && type.fields[1]?.name === "message";
}

/** By name, `js.` before it. */
export const jsPrims: ReadonlyMap<string, Native> = new Map(
  [operators, memory, calls].flatMap((table) =>
    Object.entries(table).map(([name, native]) => [`js.${name}`, native] as const),
  ),
);

/** What a `catch` gets for an error of the run-time's. */
export function errorObject(cpu: Cpu, text: string): Value {
  const type = cpu.image.info.named("Error");
  if (type === undefined) throw new ValuePanic(text);
  return new Pointer(cpu.alloc(type, "new", ["Error", text]), 0);
}
