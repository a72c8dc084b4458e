// Addresses and plain accesses.

import type { TypeId } from "../../ir/types.js";
import type { Exec, Ins } from "./ins.js";
import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import { checkIndex } from "./exec-values.js";
import { indexOutOfRange, nilDereference, RuntimePanic, Unsupported } from "./signals.js";
import { largestValue } from "./type-info.js";
import { Pointer, Slice } from "./values.js";

/** c: type. x: its zero cells. y: name. */
export const alloc: Exec = (cpu, ins) => {
  const cells = (ins.x as readonly Value[]).slice();
  cpu.regs[ins.dst] = new Pointer(cpu.alloc(ins.c as TypeId, ins.y as string, cells), 0);
};

/** a: index of the global. */
export const global: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = new Pointer(cpu.global(ins.a), 0);
};

/** b: offset in cells. */
export const field: Exec = (cpu, ins) => {
  const base = cpu.regs[ins.a];
  if (!(base instanceof Pointer)) throw nilDereference();
  cpu.regs[ins.dst] = ins.b === 0 ? base : new Pointer(base.obj, base.off + ins.b);
};

/** c: cells per element. */
export const elementOfSlice: Exec = (cpu, ins) => {
  const base = cpu.regs[ins.a];
  const index = cpu.regs[ins.b];
  if (!(base instanceof Slice)) throw indexOutOfRange(index, 0);
  const at = checkIndex(index, base.len);
  cpu.regs[ins.dst] = new Pointer(base.obj, base.off + at * ins.c);
};

/** c: cells per element. x: length. */
export const elementOfArray: Exec = (cpu, ins) => {
  const base = cpu.regs[ins.a];
  if (!(base instanceof Pointer)) throw nilDereference();
  const at = checkIndex(cpu.regs[ins.b], ins.x as number);
  cpu.regs[ins.dst] = new Pointer(base.obj, base.off + at * ins.c);
};

export const load: Exec = (cpu, ins) => {
  const addr = cpu.regs[ins.a];
  if (!(addr instanceof Pointer)) throw nilDereference();
  if (cpu.observed) {
    if (cpu.pausesBefore(ins)) return;
    cpu.access(ins, addr.obj, addr.off, 1, false);
  }
  cpu.regs[ins.dst] = addr.obj.cells[addr.off];
};

/** c: cells. */
export const loadCells: Exec = (cpu, ins) => {
  const addr = cpu.regs[ins.a];
  if (!(addr instanceof Pointer)) throw nilDereference();
  if (cpu.observed) {
    if (cpu.pausesBefore(ins)) return;
    if (ins.c > 0) cpu.access(ins, addr.obj, addr.off, ins.c, false);
  }
  cpu.regs[ins.dst] = addr.obj.cells.slice(addr.off, addr.off + ins.c);
};

export const store: Exec = (cpu, ins) => {
  const addr = cpu.regs[ins.a];
  if (!(addr instanceof Pointer)) throw nilDereference();
  if (cpu.observed) {
    if (cpu.pausesBefore(ins)) return;
    cpu.access(ins, addr.obj, addr.off, 1, true);
  }
  cpu.trail.setCell(addr.obj, addr.off, cpu.regs[ins.b]);
};

/** c: cells. */
export const storeCells: Exec = (cpu, ins) => {
  const addr = cpu.regs[ins.a];
  if (!(addr instanceof Pointer)) throw nilDereference();
  if (cpu.observed) {
    if (cpu.pausesBefore(ins)) return;
    if (ins.c > 0) cpu.access(ins, addr.obj, addr.off, ins.c, true);
  }
  writeCells(cpu, addr, cpu.regs[ins.b] as readonly Value[]);
};

export function writeCells(cpu: Cpu, addr: Pointer, values: readonly Value[]): void {
  for (let i = 0; i < values.length; i++) cpu.trail.setCell(addr.obj, addr.off + i, values[i]);
}

/** list: low, high, max as registers or -1. */
interface Bounds {
  readonly low: Value;
  readonly high: Value;
  readonly max: Value;
}

function bounds(cpu: Cpu, ins: Ins): Bounds {
  const at = (index: number): Value => {
    const reg = ins.list[index] ?? -1;
    return reg < 0 ? null : cpu.regs[reg];
  };
  return { low: at(0), high: at(1), max: at(2) };
}

/** Checks as the run-time does, outermost bound first. */
function checkBounds(
  given: Bounds,
  len: number,
  cap: number,
  what: "length" | "capacity",
): {
  readonly low: number;
  readonly high: number;
  readonly max: number;
} {
  const three = given.max !== null;
  const colon = three ? "::" : ":";
  const max = three
    ? within(given.max, cap, (x, neg) => `[${colon}${x}]${neg ? "" : ` with ${what} ${cap}`}`)
    : cap;
  const high =
    given.high === null
      ? three
        ? max
        : len
      : within(given.high, max, (x, neg) =>
          three
            ? neg
              ? `[:${x}:]`
              : `[:${x}:${max}]`
            : `[:${x}]${neg ? "" : ` with ${what} ${cap}`}`,
        );
  const low =
    given.low === null
      ? 0
      : within(given.low, high, (x, neg) => {
          const tail = three ? ":" : "";
          return neg ? `[${x}:${tail}]` : `[${x}:${high}${tail}]`;
        });
  return { low, high, max };
}

function within(
  value: Value,
  limit: number,
  text: (x: string, negative: boolean) => string,
): number {
  if (typeof value === "number" && value >= 0 && value <= limit) return value;
  const negative = (value as number | bigint) < 0;
  throw new RuntimePanic(`slice bounds out of range ${text(String(value), negative)}`);
}

export const sliceString: Exec = (cpu, ins) => {
  const text = cpu.regs[ins.a] as string;
  const { low, high } = checkBounds(bounds(cpu, ins), text.length, text.length, "length");
  cpu.regs[ins.dst] = text.slice(low, high);
};

/** c: cells per element. */
export const sliceSlice: Exec = (cpu, ins) => {
  const base = cpu.regs[ins.a];
  if (!(base instanceof Slice)) {
    checkBounds(bounds(cpu, ins), 0, 0, "capacity");
    cpu.regs[ins.dst] = null;
    return;
  }
  const { low, high, max } = checkBounds(bounds(cpu, ins), base.len, base.cap, "capacity");
  cpu.regs[ins.dst] = new Slice(base.obj, base.off + low * ins.c, high - low, max - low);
};

/** c: cells per element. x: length. */
export const sliceArray: Exec = (cpu, ins) => {
  const base = cpu.regs[ins.a];
  if (!(base instanceof Pointer)) throw nilDereference();
  const length = ins.x as number;
  const { low, high, max } = checkBounds(bounds(cpu, ins), length, length, "length");
  cpu.regs[ins.dst] = new Slice(base.obj, base.off + low * ins.c, high - low, max - low);
};

/** `make` with a constant capacity: an array of it, sliced. c: cells per element. x: length of the array. */
export const sliceMade: Exec = (cpu, ins) => {
  const high = cpu.regs[ins.list[1] as number];
  const fits = typeof high === "number" && high >= 0 && high <= (ins.x as number);
  if (!fits) {
    const isLength = typeof high !== "number" || high < 0 || high > largest;
    throw new RuntimePanic(`makeslice: ${isLength ? "len" : "cap"} out of range`);
  }
  sliceArray(cpu, ins);
};

const largest = 2 ** 47;

function makeSize(value: Value, what: "len" | "cap", elemSize: number): number {
  if (typeof value !== "number" || value < 0 || value * Math.max(elemSize, 1) > largest)
    throw new RuntimePanic(`makeslice: ${what} out of range`);
  return value;
}

/** a: len. b: cap or -1. c: slice type. x: element type. y: name. */
export const makeSlice: Exec = (cpu, ins) => {
  const elem = ins.x as TypeId;
  const { info } = cpu.image;
  const bytes = info.size(elem).size;
  const length = makeSize(cpu.regs[ins.a], "len", bytes);
  const capacity = ins.b < 0 ? length : makeSize(cpu.regs[ins.b], "cap", bytes);
  if (capacity < length) throw new RuntimePanic("makeslice: cap out of range");
  cpu.regs[ins.dst] = newSlice(cpu, elem, length, capacity, ins.y as string);
};

/** A zeroed slice on memory of its own. */
export function newSlice(cpu: Cpu, elem: TypeId, len: number, cap: number, name: string): Slice {
  return new Slice(cpu.alloc(elem, name, zeroed(cpu, elem, cap)), 0, len, cap);
}

export function zeroed(cpu: Cpu, elem: TypeId, count: number): Value[] {
  const zero = cpu.image.info.zeroCells(elem);
  const total = zero.length * count;
  if (total > largestValue) throw new Unsupported(`memory of ${total} cells at once`);
  const cells = new Array<Value>(total);
  if (zero.length === 1) return cells.fill(zero[0]);
  for (let i = 0; i < total; i++) cells[i] = zero[i % zero.length];
  return cells;
}

/** c: map type. y: name. */
export const makeMap: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = cpu.newMap(ins.c as TypeId, ins.y as string);
};

/** a: capacity or -1. c: channel type. y: name. */
export const makeChan: Exec = (cpu, ins) => {
  const size = ins.a < 0 ? 0 : cpu.regs[ins.a];
  const { info } = cpu.image;
  const bytes = info.size(info.elem(ins.c as TypeId)).size;
  if (typeof size !== "number" || size < 0 || size * Math.max(bytes, 1) > largest)
    throw new RuntimePanic("makechan: size out of range", true);
  cpu.regs[ins.dst] = cpu.newChan(ins.c as TypeId, ins.y as string, size);
};
