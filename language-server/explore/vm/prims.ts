// Prims that are not integer arithmetic, and the table from names to instructions. See docs/ir.md for the names.

import type { TypeId } from "../../ir/types.js";
import type { Exec } from "./ins.js";
import { equal, interfacesEqual } from "./compare.js";
import type { Value } from "./core.js";
import { gather } from "./exec-control.js";
import type { Image, Native } from "./image.js";
import { intKind } from "./int64.js";
import { resolveInt, type Resolved } from "./prims-int.js";
import { jsPrims } from "./prims-js.js";
import { memoryPrims } from "./prims-memory.js";
import { RuntimePanic } from "./signals.js";
import { decodeRune } from "./utf8.js";
import { Chan, Complex, Slice, StringIterator } from "./values.js";

type Num = (a: number, b: number) => number;

function float64(op: Num): Exec {
  return (cpu, ins) => {
    cpu.regs[ins.dst] = op(cpu.regs[ins.a] as number, cpu.regs[ins.b] as number);
  };
}

function float32(op: Num): Exec {
  return (cpu, ins) => {
    cpu.regs[ins.dst] = Math.fround(op(cpu.regs[ins.a] as number, cpu.regs[ins.b] as number));
  };
}

const floatWords: Readonly<Record<string, Num>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
};

type ComplexOp = (a: Complex, b: Complex) => Complex;

const complexWords: Readonly<Record<string, ComplexOp>> = {
  add: (a, b) => new Complex(a.re + b.re, a.im + b.im),
  sub: (a, b) => new Complex(a.re - b.re, a.im - b.im),
  mul: (a, b) => new Complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re),
  div: divideComplex,
  neg: (a) => new Complex(-a.re, -a.im),
};

/** The larger part of the divisor scales, so that nothing overflows on the way; infinities and NaN as C99 has them. */
function divideComplex(a: Complex, b: Complex): Complex {
  let re: number;
  let im: number;
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re;
    const scale = b.re + ratio * b.im;
    re = (a.re + a.im * ratio) / scale;
    im = (a.im - a.re * ratio) / scale;
  } else {
    const ratio = b.re / b.im;
    const scale = b.im + ratio * b.re;
    re = (a.re * ratio + a.im) / scale;
    im = (a.im * ratio - a.re) / scale;
  }
  if (!Number.isNaN(re) || !Number.isNaN(im)) return new Complex(re, im);
  return divideSpecial(a, b) ?? new Complex(re, im);
}

function divideSpecial(a: Complex, b: Complex): Complex | undefined {
  const unit = (x: number): number => {
    const magnitude = Number.isFinite(x) || Number.isNaN(x) ? 0 : 1;
    return x < 0 || Object.is(x, -0) ? -magnitude : magnitude;
  };
  const finite = (x: Complex): boolean => Number.isFinite(x.re) && Number.isFinite(x.im);
  const infinite = (x: Complex): boolean =>
    Math.abs(x.re) === Infinity || Math.abs(x.im) === Infinity;
  if (b.re === 0 && b.im === 0 && (!Number.isNaN(a.re) || !Number.isNaN(a.im))) {
    const sign = Object.is(b.re, -0) ? -Infinity : Infinity;
    return new Complex(sign * a.re, sign * a.im);
  }
  if (infinite(a) && finite(b)) {
    const [x, y] = [unit(a.re), unit(a.im)];
    return new Complex(Infinity * (x * b.re + y * b.im), Infinity * (y * b.re - x * b.im));
  }
  if (infinite(b) && finite(a)) {
    const [x, y] = [unit(b.re), unit(b.im)];
    return new Complex(0 * (a.re * x + a.im * y), 0 * (a.im * x - a.re * y));
  }
  return undefined;
}

function complexExec(op: ComplexOp, narrow: boolean): Exec {
  return (cpu, ins) => {
    const result = op(cpu.regs[ins.a] as Complex, cpu.regs[ins.b] as Complex);
    cpu.regs[ins.dst] = narrow ? toComplex64(result) : result;
  };
}

export function toComplex64(value: Complex): Complex {
  return new Complex(Math.fround(value.re), Math.fround(value.im));
}

const longestString = 2 ** 26;

const concat: Exec = (cpu, ins) => {
  const text = (cpu.regs[ins.a] as string) + (cpu.regs[ins.b] as string);
  cpu.charge(1);
  if (text.length > longestString) throw cpu.unsupported(`a string of ${text.length} bytes`);
  cpu.regs[ins.dst] = text;
};

// ── Comparisons ─────────────────────────────────────────────────────────────────────────────────

const identical: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = cpu.regs[ins.a] === cpu.regs[ins.b];
};
const different: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = cpu.regs[ins.a] !== cpu.regs[ins.b];
};
/** c: type. */
const equalTyped: Exec = (cpu, ins) => {
  const { info } = cpu.image;
  cpu.regs[ins.dst] = equal(info, ins.c as TypeId, cpu.regs[ins.a], cpu.regs[ins.b]);
};
const unequalTyped: Exec = (cpu, ins) => {
  const { info } = cpu.image;
  cpu.regs[ins.dst] = !equal(info, ins.c as TypeId, cpu.regs[ins.a], cpu.regs[ins.b]);
};
const equalInterfaces: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = interfacesEqual(cpu.image.info, cpu.regs[ins.a], cpu.regs[ins.b]);
};
const unequalInterfaces: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = !interfacesEqual(cpu.image.info, cpu.regs[ins.a], cpu.regs[ins.b]);
};

// Numbers compare with bigints and strings with strings (bytes are characters) by the same operators.
type Ordered = number;
const less: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as Ordered) < (cpu.regs[ins.b] as Ordered);
};
const lessEqual: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as Ordered) <= (cpu.regs[ins.b] as Ordered);
};
const greater: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as Ordered) > (cpu.regs[ins.b] as Ordered);
};
const greaterEqual: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as Ordered) >= (cpu.regs[ins.b] as Ordered);
};

const not: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = cpu.regs[ins.a] !== true;
};

// ── Lengths and parts ───────────────────────────────────────────────────────────────────────────

const lenString: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as string).length;
};
const lenSlice: Exec = (cpu, ins) => {
  const slice = cpu.regs[ins.a];
  cpu.regs[ins.dst] = slice instanceof Slice ? slice.len : 0;
};
const capSlice: Exec = (cpu, ins) => {
  const slice = cpu.regs[ins.a];
  cpu.regs[ins.dst] = slice instanceof Slice ? slice.cap : 0;
};
const lenChan: Exec = (cpu, ins) => {
  const chan = cpu.regs[ins.a];
  cpu.regs[ins.dst] = chan instanceof Chan && !chan.hidden ? chan.buffer.length : 0;
};
const capChan: Exec = (cpu, ins) => {
  const chan = cpu.regs[ins.a];
  cpu.regs[ins.dst] = chan instanceof Chan && !chan.hidden ? chan.cap : 0;
};
/** x: the number. */
const fixed: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = ins.x;
};
const makeComplex: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = new Complex(cpu.regs[ins.a] as number, cpu.regs[ins.b] as number);
};
const realPart: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as Complex).re;
};
const imagPart: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as Complex).im;
};

/** c: -1 for min, 1 for max. */
const extreme: Exec = (cpu, ins) => {
  let best: Value;
  for (const value of gather(cpu, ins.list)) {
    if (best === undefined || beats(value, best, ins.c)) best = value;
  }
  cpu.regs[ins.dst] = best;
};

function beats(value: Value, best: Value, direction: number): boolean {
  if (Number.isNaN(best)) return false;
  if (Number.isNaN(value)) return true;
  // The smaller of two zeros is the negative one.
  if (value === 0 && best === 0) return Object.is(value, -0) === direction < 0;
  return direction < 0
    ? (value as number) < (best as number)
    : (value as number) > (best as number);
}

const stringRange: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = new StringIterator(cpu.regs[ins.a] as string);
};
const stringNext: Exec = (cpu, ins) => {
  const iterator = cpu.regs[ins.a] as StringIterator;
  const at = iterator.pos;
  if (at >= iterator.text.length) {
    cpu.regs[ins.dst] = [false, 0, 0];
    return;
  }
  const { rune, size } = decodeRune(iterator.text, at);
  cpu.trail.set(iterator, "pos", at + size);
  cpu.regs[ins.dst] = [true, at, rune];
};

const nilCheck: Exec = (cpu, ins) => {
  const [pointer, type, method] = gather(cpu, ins.list);
  if (pointer === null)
    throw new RuntimePanic(
      `value method ${String(type)}.${String(method)} called using nil *${String(type).split(".").at(-1) ?? ""} pointer`,
      true,
    );
  cpu.regs[ins.dst] = pointer;
};

const deferStack: Exec = (cpu, ins) => {
  cpu.frame.deferStack ??= {};
  cpu.regs[ins.dst] = cpu.frame.deferStack;
};

const untyped: Readonly<Record<string, Exec>> = {
  lt: less,
  le: lessEqual,
  gt: greater,
  ge: greaterEqual,
  not,
  "chan-cap": capChan,
  complex: makeComplex,
  real: realPart,
  imag: imagPart,
  "nil-check": nilCheck,
  "string-range": stringRange,
  "string-next": stringNext,
  "defer-stack": deferStack,
};

/** x: the function. */
const native: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = (ins.x as Native)(cpu, gather(cpu, ins.list));
};

const unknown: Exec = (cpu, ins) => {
  throw cpu.unsupported(`prim ${String(ins.x)}`);
};

/** The instruction for a prim on operands of a type; a name nobody knows stops the execution when it is reached. */
export function resolvePrim(image: Image, fn: string, type: TypeId): Resolved {
  const given = image.prims.get(fn) ?? memoryPrims.get(fn) ?? jsPrims.get(fn);
  if (given !== undefined) return { exec: native, x: given };
  return resolveTyped(image, fn, type) ?? { exec: unknown, x: fn };
}

function resolveTyped(image: Image, fn: string, type: TypeId): Resolved | undefined {
  const shape = image.info.underlying(type);
  if (fn === "eq" || fn === "ne") return resolveEqual(image, type, fn === "eq");
  if (fn === "min" || fn === "max") return { exec: extreme, c: fn === "min" ? -1 : 1 };
  if (fn === "len" || fn === "cap") return resolveLength(image, fn, type);
  const exec = untyped[fn];
  if (exec !== undefined) return { exec };
  if (shape.kind !== "basic") return undefined;
  const kind = intKind(shape.name);
  if (kind !== undefined) return resolveInt(fn, kind);
  return resolveBasic(shape.name, fn);
}

function resolveBasic(basic: string, fn: string): Resolved | undefined {
  switch (basic) {
    case "string":
      return fn === "add" ? { exec: concat } : undefined;
    case "float64":
    case "float32": {
      const op = floatWords[fn];
      return op && { exec: basic === "float64" ? float64(op) : float32(op) };
    }
    case "complex128":
    case "complex64": {
      const op = complexWords[fn];
      return op && { exec: complexExec(op, basic === "complex64") };
    }
    default:
      return undefined;
  }
}

/** Scalars that JavaScript compares as Go does; complex numbers are objects here, unsafe pointers too. */
function plain(image: Image, type: TypeId): boolean {
  const shape = image.info.underlying(type);
  if (shape.kind !== "basic")
    return !["pointer", "struct", "array", "interface"].includes(shape.kind);
  return !shape.name.startsWith("complex") && shape.name !== "unsafe.Pointer";
}

function resolveEqual(image: Image, type: TypeId, equals: boolean): Resolved {
  if (plain(image, type)) return { exec: equals ? identical : different };
  const { kind } = image.info.underlying(type);
  if (kind === "interface") return { exec: equals ? equalInterfaces : unequalInterfaces };
  return { exec: equals ? equalTyped : unequalTyped, c: type };
}

function resolveLength(image: Image, fn: "len" | "cap", type: TypeId): Resolved | undefined {
  const shape = image.info.underlying(type);
  switch (shape.kind) {
    case "basic":
      return { exec: lenString };
    case "slice":
      return { exec: fn === "len" ? lenSlice : capSlice };
    case "chan":
      return { exec: fn === "len" ? lenChan : capChan };
    case "array":
      return { exec: fixed, x: shape.length };
    case "pointer": {
      const elem = image.info.underlying(shape.elem);
      return elem.kind === "array" ? { exec: fixed, x: elem.length } : undefined;
    }
    default:
      return undefined;
  }
}
