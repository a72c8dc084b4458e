// Instructions that only compute: what becomes of their registers, and the statements that need to be made for it.

import { underlying } from "../../../language-server/ir/access.js";
import { present } from "../../../language-server/base/assert.js";
import type { Instr, Literal, Program, Reg } from "../../../language-server/ir/ir.js";
import type { TypeId } from "../../../language-server/ir/types.js";
import { arithmetic } from "./arithmetic.js";
import { act, assign, type Line } from "./line.js";
import type { Memory, Place } from "./memory.js";
import {
  address,
  cells,
  cellsOf,
  constant,
  NotTranslated,
  paren,
  scalar,
  type Value,
} from "./value.js";

/** What translating an instruction needs to know of the place where it stands. */
export interface Scope {
  readonly program: Program;
  readonly memory: Memory;
  /** Names the place, and differs from other places. */
  readonly place: string;
  /** Reached at most once in an execution. */
  readonly once: boolean;
  read(reg: Reg): Value;
  define(reg: Reg, value: Value): void;
  /** Variables of the process for a value of a type in a register. */
  variables(reg: Reg, type: TypeId): readonly string[];
  /** The same for one number. */
  variable(reg: Reg): string;
  /** A variable of the process by a name that is its own in this call. */
  named(name: string): string;
  typeOf(reg: Reg): TypeId;
  add(line: Line): void;
  /** The thread panics if so. */
  panicIf(cond: string): void;
  /** Where the machine's integers and those of the model would part, the run is void. */
  fits(cond: string): void;
}

/** Whether the instruction was one of these. */
export function local(instr: Instr, scope: Scope): boolean {
  switch (instr.op) {
    case "const":
      scope.define(instr.dst, literal(instr.value));
      return true;
    case "zero":
      scope.define(instr.dst, zero(scope, instr.type));
      return true;
    case "prim":
      prim(instr, scope);
      return true;
    case "convert":
      scope.define(instr.dst, converted(instr, scope));
      return true;
    case "interface":
      scope.define(instr.dst, { kind: "opaque" });
      return true;
    case "extract":
      scope.define(instr.dst, element(scope.read(instr.tuple), instr.index));
      return true;
    case "project": {
      const all = cellsOf(scope.read(instr.value));
      const from = scope.memory.fieldOffset(instr.type, instr.field);
      const width = scope.memory.width(fieldType(scope.program, instr.type, instr.field));
      scope.define(instr.dst, cells(...all.slice(from, from + width)));
      return true;
    }
    case "closure": {
      const captures = instr.captures.map((it) => scope.read(it));
      scope.define(instr.dst, { kind: "closure", func: instr.func, captures });
      return true;
    }
    default:
      return addressing(instr, scope);
  }
}

function addressing(instr: Instr, scope: Scope): boolean {
  const { memory } = scope;
  switch (instr.op) {
    case "global":
      scope.define(instr.dst, address(memory.global(instr.global)));
      return true;
    case "alloc": {
      const place = memory.allocation(scope.place, instr.name, instr.type, 1, scope.once);
      scope.define(instr.dst, address(allocated(place, instr.dst, scope)));
      return true;
    }
    case "make":
      scope.define(instr.dst, made(instr, scope));
      return true;
    case "field": {
      const base = checked(scope.read(instr.base), scope);
      scope.define(instr.dst, address(plus(base, memory.fieldOffset(instr.type, instr.field))));
      return true;
    }
    case "element":
      scope.define(instr.dst, address(elementAddress(instr, scope)));
      return true;
    case "slice":
      scope.define(instr.dst, sliced(instr, scope));
      return true;
    default:
      return false;
  }
}

/** An address that is not nil: else the thread panics. */
export function checked(value: Value, scope: Pick<Scope, "panicIf">): string {
  const text = scalar(value);
  if (value.kind === "cells" && !value.nonNil) scope.panicIf(`${paren(text)} == 0`);
  return text;
}

function literal(value: Literal): Value {
  if (typeof value === "boolean") return cells(value ? "1" : "0");
  if (value === null) return cells("0");
  if (typeof value === "string") return { kind: "opaque" };
  if (typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
    return cells(String(value));
  }
  throw new NotTranslated("a number that has no 32 bits");
}

function zero(scope: Scope, type: TypeId): Value {
  return cells(...Array.from({ length: scope.memory.width(type) }, () => "0"));
}

function element(tuple: Value, index: number): Value {
  if (tuple.kind !== "tuple") throw new NotTranslated("a tuple that is not known");
  return present(tuple.elems[index], "element");
}

function fieldType(program: Program, struct: TypeId, field: number): TypeId {
  const type = underlying(program, struct);
  if (type.kind !== "struct") throw new NotTranslated(`a field of a ${type.kind}`);
  return present(type.fields[field], "field").type;
}

function prim(instr: Extract<Instr, { op: "prim" }>, scope: Scope): void {
  const args = instr.args.map((it) => scope.read(it));
  if (instr.fn === "len" || instr.fn === "cap") {
    scope.define(instr.dst, lengthOf(present(args[0], "operand"), instr.fn, instr.type, scope));
    return;
  }
  const type = underlying(scope.program, instr.type);
  // Of functions and interfaces one can only say whether they are nil.
  const known = args.filter((it) => it.kind === "closure" || it.kind === "opaque").length === 1;
  const nilable = type.kind === "interface" || type.kind === "func";
  if (known && nilable && (instr.fn === "eq" || instr.fn === "ne")) {
    scope.define(instr.dst, cells(instr.fn === "ne" ? "1" : "0"));
    return;
  }
  if (!nilable && !["basic", "pointer", "chan"].includes(type.kind)) {
    throw new NotTranslated(`${instr.fn} of a ${type.kind}`);
  }
  const name = type.kind === "basic" ? type.name : "int";
  const variable = (): string => scope.variable(instr.dst);
  const how = { type: name, variable, checks: scope };
  scope.define(instr.dst, cells(arithmetic(instr.fn, args.map(scalar), how)));
}

function lengthOf(value: Value, fn: "len" | "cap", id: TypeId, { program }: Scope): Value {
  const type = underlying(program, id);
  if (type.kind === "slice") return cells(present(cellsOf(value)[fn === "len" ? 1 : 2], "length"));
  const array = type.kind === "pointer" ? underlying(program, type.elem) : type;
  if (array.kind === "array") return cells(String(array.length));
  throw new NotTranslated(`${fn} of a ${type.kind}`);
}

function converted(instr: Extract<Instr, { op: "convert" }>, scope: Scope): Value {
  const value = scope.read(instr.value);
  const to = underlying(scope.program, instr.to);
  const from = underlying(scope.program, instr.from);
  if (to.kind === from.kind && to.kind !== "basic") return value;
  if (to.kind !== "basic" || from.kind !== "basic") throw new NotTranslated("a conversion");
  const variable = (): string => scope.variable(instr.dst);
  const how = { type: to.name, variable, checks: scope };
  return cells(arithmetic("convert", [scalar(value)], how));
}

function plus(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

function elementAddress(instr: Extract<Instr, { op: "element" }>, scope: Scope): string {
  const index = scalar(scope.read(instr.index));
  const { start, length, width } = extentOf(instr.base, instr.type, scope);
  inBounds(index, length, scope);
  return atIndex(start, index, width);
}

interface Extent {
  readonly start: string;
  readonly length: string;
  readonly capacity: string;
  /** Of an element. */
  readonly width: number;
}

/** What a slice, or a pointer to an array, is of. */
function extentOf(reg: Reg, id: TypeId, scope: Scope): Extent {
  const { program, memory } = scope;
  const base = scope.read(reg);
  const type = underlying(program, id);
  const array = type.kind === "pointer" ? underlying(program, type.elem) : type;
  if (array.kind === "slice") {
    const [start = "", length = "", capacity = ""] = cellsOf(base);
    return { start, length, capacity, width: memory.width(array.elem) };
  }
  if (array.kind !== "array") throw new NotTranslated(`an element of a ${type.kind}`);
  const length = String(array.length);
  return { start: checked(base, scope), length, capacity: length, width: memory.width(array.elem) };
}

function sliced(instr: Extract<Instr, { op: "slice" }>, scope: Scope): Value {
  const { start, length, capacity, width } = extentOf(instr.base, instr.type, scope);
  const bound = (reg: Reg | null, otherwise: string): string =>
    reg === null ? otherwise : scalar(scope.read(reg));
  const low = bound(instr.low, "0");
  const high = bound(instr.high, length);
  const max = bound(instr.max, capacity);
  const bounds = ["0", low, high, max, capacity];
  for (const [i, it] of bounds.entries()) {
    const next = bounds[i + 1];
    if (next !== undefined && !surely(it, next)) scope.panicIf(`${paren(it)} > ${paren(next)}`);
  }
  return cells(atIndex(start, low, width), minus(high, low), minus(max, low));
}

/** Whether one is at most the other, seen without running. */
function surely(low: string, high: string): boolean {
  const [from, to] = [constant(low), constant(high)];
  return low === high || (from !== null && to !== null && from <= to);
}

function minus(x: string, y: string): string {
  const [a, b] = [constant(x), constant(y)];
  if (b === 0) return x;
  return a !== null && b !== null ? String(a - b) : `${paren(x)} - ${paren(y)}`;
}

function inBounds(index: string, length: string, scope: Scope): void {
  const [at, end] = [constant(index), constant(length)];
  if (at !== null && end !== null && at >= 0 && at < end) return;
  scope.panicIf(`${paren(index)} < 0 || ${paren(index)} >= ${paren(length)}`);
}

function atIndex(start: string, index: string, width: number): string {
  const at = constant(index);
  if (at !== null) return plus(start, at * width);
  return width === 1 ? `${start} + ${paren(index)}` : `${start} + ${paren(index)} * ${width}`;
}

function made(instr: Extract<Instr, { op: "make" }>, scope: Scope): Value {
  const { program, memory } = scope;
  const type = underlying(program, instr.type);
  const [size, capacity] = instr.args.map((it) => scalar(scope.read(it)));
  const number = constant(capacity ?? size ?? "0");
  if (number === null) throw new NotTranslated("make with a size that is computed");
  if (type.kind === "chan") {
    const place = memory.channel(scope.place, type.elem, number, scope.once);
    return address(allocated(place, instr.dst, scope));
  }
  if (type.kind !== "slice") throw new NotTranslated(`make of a ${type.kind}`);
  const place = memory.allocation(scope.place, instr.name, type.elem, number, scope.once);
  return cells(allocated(place, instr.dst, scope), size ?? "0", String(number));
}

/** The address of a new object. The objects of a pool are taken one after the other, and there must be enough of them. */
function allocated(place: Place, dst: Reg, scope: Scope): string {
  if (place.kind === "fixed") return place.at;
  const { name, first, stride } = place.pool;
  const variable = scope.variable(dst);
  scope.fits(`${name} < ${scope.memory.poolSize}`);
  scope.add(assign(variable, `${first} + ${name} * ${stride}`));
  scope.add(act(`${name}++`));
  return variable;
}
