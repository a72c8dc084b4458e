// Conversions between types of values.

import { present } from "../../base/assert.js";
import type { TypeId } from "../../ir/types.js";
import type { Exec } from "./ins.js";
import { move } from "./exec-values.js";
import type { Image } from "./image.js";
import { type Int, type IntKind, intKind, toFloat, truncate, wrapTo } from "./int64.js";
import { toComplex64 } from "./prims.js";
import { addressNumber } from "./print.js";
import type { Resolved } from "./prims-int.js";
import { RuntimePanic } from "./signals.js";
import { encodeRune } from "./utf8.js";
import { type Complex, Pointer, Slice } from "./values.js";

/** x: kind of the result. */
const intToInt: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = wrapTo(ins.x as IntKind, cpu.regs[ins.a] as Int);
};
const intToFloat: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = toFloat(cpu.regs[ins.a] as Int);
};
const intToFloat32: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = narrow(cpu.regs[ins.a] as Int);
};
/** x: kind of the result. */
const floatToInt: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = truncate(ins.x as IntKind, cpu.regs[ins.a] as number);
};
const toFloat32: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = Math.fround(cpu.regs[ins.a] as number);
};
const complexNarrow: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = toComplex64(cpu.regs[ins.a] as Complex);
};
const intToString: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = encodeRune(cpu.regs[ins.a] as Int);
};

/** Rounds once: going over float64 could round twice. */
function narrow(n: Int): number {
  if (typeof n === "number") return Math.fround(n);
  const rounded = Number(n);
  const back = BigInt(rounded);
  if (back === n) return Math.fround(rounded);
  // Sticky bit: the nearest odd neighbour keeps the second rounding honest.
  const towards = back < n ? 1n : -1n;
  const exponent = Math.max(0, n.toString(2).replace("-", "").length - 53);
  const nudged = Number(back + towards * (1n << BigInt(Math.max(0, exponent - 1))));
  return Math.fround(Math.abs(nudged - rounded) > 0 ? nudged : rounded);
}

/** x: length. */
const sliceToArrayPointer: Exec = (cpu, ins) => {
  const slice = cpu.regs[ins.a];
  const length = ins.x as number;
  const has = slice instanceof Slice ? slice.len : 0;
  if (has < length)
    throw new RuntimePanic(
      `cannot convert slice with length ${has} to array or pointer to array with length ${length}`,
    );
  cpu.regs[ins.dst] = slice instanceof Slice ? new Pointer(slice.obj, slice.off) : null;
};

/** Reinterpreting memory is allowed where both views have the same cells. c: type pointed to. x: its name. */
const fromUnsafe: Exec = (cpu, ins) => {
  const pointer = cpu.regs[ins.a];
  if (pointer instanceof Pointer) {
    const { info } = cpu.image;
    const there = shapeText(cpu.image, pointer.obj.type).slice(pointer.off);
    const wanted = shapeText(cpu.image, ins.c as TypeId);
    const repeated = there.length < wanted.length ? pointer.obj.cells.length : 0;
    const matches =
      there.slice(0, wanted.length) === wanted ||
      (repeated >= wanted.length && isRun(there, wanted));
    if (!matches)
      throw cpu.unsupported(
        `unsafe conversion of *${info.name(pointer.obj.type)} to *${info.name(ins.c as TypeId)}`,
      );
  }
  cpu.regs[ins.dst] = pointer;
};

/** Whether memory of equal cells (a slice's) is looked at as an array of them. */
function isRun(there: string, wanted: string): boolean {
  return there.length > 0 && wanted === there.charAt(0).repeat(wanted.length);
}

const shapes = new WeakMap<Image, Map<TypeId, string>>();

/** One character per cell that says what is in it. */
function shapeText(image: Image, id: TypeId): string {
  let known = shapes.get(image);
  if (known === undefined) shapes.set(image, (known = new Map<TypeId, string>()));
  let text = known.get(id);
  if (text === undefined) known.set(id, (text = computeShape(image, id)));
  return text;
}

const letters: Readonly<Record<string, string>> = {
  pointer: "p",
  slice: "s",
  map: "m",
  chan: "c",
  func: "f",
  interface: "i",
  tuple: "t",
  any: "?",
};

function computeShape(image: Image, id: TypeId): string {
  const type = image.info.underlying(id);
  switch (type.kind) {
    case "struct":
      return type.fields.map((it) => shapeText(image, it.type)).join("");
    case "array":
      return shapeText(image, type.elem).repeat(type.length);
    case "basic": {
      const names = [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
      ];
      const same =
        type.name === "int"
          ? "int64"
          : type.name === "uint" || type.name === "uintptr"
            ? "uint64"
            : type.name;
      const index = names.indexOf(same);
      if (index >= 0) return String(index);
      return type.name === "unsafe.Pointer"
        ? "p"
        : type.name === "string"
          ? "S"
          : type.name.slice(-2) === "32"
            ? "F"
            : type.name.slice(0, 1);
    }
    default:
      return present(letters[type.kind], type.kind);
  }
}

const addressToInt: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = addressNumber(cpu.regs[ins.a]);
};

/** Only nil comes back from numbers. */
const intToAddress: Exec = (cpu, ins) => {
  if (cpu.regs[ins.a] !== 0) throw cpu.unsupported("conversion from uintptr to unsafe.Pointer");
  cpu.regs[ins.dst] = null;
};

const unsupported: Exec = (cpu, ins) => {
  throw cpu.unsupported(`conversion ${String(ins.x)}`);
};

/** The instruction that converts between two types. */
export function resolveConvert(image: Image, from: TypeId, to: TypeId): Resolved {
  const { info } = image;
  const source = info.underlying(from);
  const target = info.underlying(to);
  if (source.kind === "basic" && target.kind === "basic")
    return basicToBasic(source.name, target.name);
  if (source.kind === "slice" && target.kind === "pointer") {
    const array = info.underlying(target.elem);
    if (array.kind === "array") return { exec: sliceToArrayPointer, x: array.length };
  }
  if (source.kind === "basic" && source.name === "unsafe.Pointer" && target.kind === "pointer")
    return { exec: fromUnsafe, c: target.elem };
  if (
    source.kind === target.kind ||
    (source.kind === "pointer" && target.kind === "basic") ||
    source.kind === "any"
  )
    return { exec: move };
  return { exec: unsupported, x: `from ${info.name(from)} to ${info.name(to)}` };
}

function basicToBasic(from: string, to: string): Resolved {
  const source = intKind(from);
  const target = intKind(to);
  if (from === "unsafe.Pointer" && target !== undefined) return { exec: addressToInt };
  if (source !== undefined) {
    if (to === "unsafe.Pointer") return { exec: intToAddress };
    if (target !== undefined) return { exec: from === to ? move : intToInt, x: target };
    if (to === "float64") return { exec: intToFloat };
    if (to === "float32") return { exec: intToFloat32 };
    if (to === "string") return { exec: intToString };
  } else if (from.startsWith("float")) {
    if (target !== undefined) return { exec: floatToInt, x: target };
    if (to === "float32") return { exec: toFloat32 };
    if (to === "float64") return { exec: move };
  } else if (to === "complex64") return { exec: complexNarrow };
  else if (from === to || to === "complex128" || from === "untyped nil") return { exec: move };
  return { exec: unsupported, x: `from ${from} to ${to}` };
}
