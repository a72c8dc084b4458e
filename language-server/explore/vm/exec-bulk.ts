// Instructions that touch many cells: append, copy, clear, and conversions between strings and slices.

import type { TypeId } from "../../ir/types.js";
import type { Exec, Ins } from "./ins.js";
import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import { newSlice, zeroed } from "./exec-memory.js";
import { grownCapacity } from "./sizes.js";
import { Slice } from "./values.js";
import { decodeRune, encodeRune } from "./utf8.js";

function touches(
  cpu: Cpu,
  ins: Ins,
  slice: Slice,
  from: number,
  count: number,
  write: boolean,
): void {
  const size = ins.c;
  if (count * size > 0) cpu.access(ins, slice.obj, slice.off + from * size, count * size, write);
}

/** The cells of what is appended or copied: a slice's, or a string's bytes. */
function source(
  value: Value,
  size: number,
): { readonly cells: readonly Value[]; readonly count: number } {
  if (typeof value === "string") {
    const cells = new Array<Value>(value.length);
    for (let i = 0; i < value.length; i++) cells[i] = value.charCodeAt(i);
    return { cells, count: value.length };
  }
  if (!(value instanceof Slice)) return { cells: [], count: 0 };
  return {
    cells: value.obj.cells.slice(value.off, value.off + value.len * size),
    count: value.len,
  };
}

/** c: cells per element. x: element type. y: whether the compiler gives it a first buffer. */
export const append: Exec = (cpu, ins) => {
  const base = cpu.regs[ins.a];
  const added = cpu.regs[ins.b];
  if (cpu.observed && cpu.pausesBefore(ins)) return;
  cpu.regs[ins.dst] = appendTo(cpu, ins, base, added);
};

function appendTo(cpu: Cpu, ins: Ins, base: Value, added: Value): Value {
  const size = ins.c;
  const elem = ins.x as TypeId;
  if (added instanceof Slice) touches(cpu, ins, added, 0, added.len, false);
  const { cells, count } = source(added, size);
  const old = base instanceof Slice ? base : null;
  if (count === 0) return base;
  const len = old?.len ?? 0;
  const needed = len + count;
  if (old !== null && needed <= old.cap) {
    touches(cpu, ins, old, len, count, true);
    write(cpu, old, len * size, cells);
    return new Slice(old.obj, old.off, needed, old.cap);
  }
  if (old !== null) touches(cpu, ins, old, 0, len, false);
  const cap = capacityFor(cpu, ins, old, needed);
  const fresh = new Array<Value>(cap * size);
  for (let i = 0; i < len * size; i++) fresh[i] = old?.obj.cells[old.off + i];
  for (let i = 0; i < cells.length; i++) fresh[len * size + i] = cells[i];
  const rest = zeroed(cpu, elem, cap - needed);
  for (let i = 0; i < rest.length; i++) fresh[needed * size + i] = rest[i];
  const obj = cpu.alloc(elem, old?.obj.name ?? "", fresh);
  return new Slice(obj, 0, needed, cap);
}

/** Bytes of the buffer that the compiler gives a slice that begins empty. */
const firstBuffer = 32;

function capacityFor(cpu: Cpu, ins: Ins, old: Slice | null, needed: number): number {
  const elem = cpu.image.info.size(ins.x as TypeId);
  const begins = ins.y === true && (old === null || old.len === 0) && elem.size > 0;
  const buffer = begins ? Math.floor(firstBuffer / elem.size) : 0;
  return needed <= buffer ? buffer : grownCapacity(old?.cap ?? 0, needed, elem);
}

function write(cpu: Cpu, slice: Slice, from: number, cells: readonly Value[]): void {
  for (let i = 0; i < cells.length; i++)
    cpu.trail.setCell(slice.obj, slice.off + from + i, cells[i]);
}

/** c: cells per element. */
export const copy: Exec = (cpu, ins) => {
  const to = cpu.regs[ins.a];
  const from = cpu.regs[ins.b];
  const available = typeof from === "string" ? from.length : from instanceof Slice ? from.len : 0;
  const count = to instanceof Slice ? Math.min(to.len, available) : 0;
  if (cpu.observed && cpu.pausesBefore(ins)) return;
  if (to instanceof Slice && count > 0) {
    if (from instanceof Slice) touches(cpu, ins, from, 0, count, false);
    touches(cpu, ins, to, 0, count, true);
    write(cpu, to, 0, source(from, ins.c).cells.slice(0, count * ins.c));
  }
  cpu.regs[ins.dst] = count;
};

/** c: cells per element. x: element type. */
export const clear: Exec = (cpu, ins) => {
  const slice = cpu.regs[ins.a];
  if (!(slice instanceof Slice)) return;
  if (cpu.observed && cpu.pausesBefore(ins)) return;
  touches(cpu, ins, slice, 0, slice.len, true);
  write(cpu, slice, 0, zeroed(cpu, ins.x as TypeId, slice.len));
};

export const bytesToString: Exec = (cpu, ins) => {
  const slice = cpu.regs[ins.a];
  if (cpu.observed && cpu.pausesBefore(ins)) return;
  if (slice instanceof Slice) touches(cpu, ins, slice, 0, slice.len, false);
  cpu.regs[ins.dst] = slice instanceof Slice ? bytesOf(slice) : "";
};

/** The bytes in a slice as a string. */
export function bytesOf(slice: Slice): string {
  const { cells } = slice.obj;
  let text = "";
  for (let i = slice.off; i < slice.off + slice.len; i++)
    text += String.fromCharCode(cells[i] as number);
  return text;
}

export const runesToString: Exec = (cpu, ins) => {
  const slice = cpu.regs[ins.a];
  if (cpu.observed && cpu.pausesBefore(ins)) return;
  let text = "";
  if (slice instanceof Slice) {
    touches(cpu, ins, slice, 0, slice.len, false);
    for (let i = 0; i < slice.len; i++)
      text += encodeRune(slice.obj.cells[slice.off + i] as number);
  }
  cpu.regs[ins.dst] = text;
};

/** x: element type. */
export const stringToBytes: Exec = (cpu, ins) => {
  const { cells, count } = source(cpu.regs[ins.a], 1);
  cpu.regs[ins.dst] = filled(cpu, ins.x as TypeId, cells, count);
};

/** x: element type. */
export const stringToRunes: Exec = (cpu, ins) => {
  const text = cpu.regs[ins.a] as string;
  const runes: Value[] = [];
  for (let at = 0; at < text.length; ) {
    const { rune, size } = decodeRune(text, at);
    runes.push(rune);
    at += size;
  }
  cpu.regs[ins.dst] = filled(cpu, ins.x as TypeId, runes, runes.length);
};

function filled(cpu: Cpu, elem: TypeId, cells: readonly Value[], count: number): Slice {
  const cap = grownCapacity(0, count, cpu.image.info.size(elem));
  const slice = newSlice(cpu, elem, count, cap, "");
  for (let i = 0; i < count; i++) slice.obj.cells[i] = cells[i];
  return slice;
}
