// The bottom of packages bytes and strings: searches that are assembly in Go.

import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import { bytesOf } from "./exec-bulk.js";
import type { Native } from "./image.js";
import { Slice } from "./values.js";

function text(cpu: Cpu, value: Value): string {
  if (typeof value === "string") return value;
  if (!(value instanceof Slice)) return "";
  cpu.touch(value.obj, value.off, value.len, false);
  return bytesOf(value);
}

function compare(cpu: Cpu, x: Value, y: Value): number {
  const [a, b] = [text(cpu, x), text(cpu, y)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function count(cpu: Cpu, x: Value, byte: Value): number {
  return text(cpu, x).split(String.fromCharCode(byte as number)).length - 1;
}

function indexByte(cpu: Cpu, x: Value, byte: Value): number {
  return text(cpu, x).indexOf(String.fromCharCode(byte as number));
}

function lastIndexByte(cpu: Cpu, x: Value, byte: Value): number {
  return text(cpu, x).lastIndexOf(String.fromCharCode(byte as number));
}

const natives: Readonly<Record<string, (cpu: Cpu, x: Value, y: Value) => Value>> = {
  Compare: compare,
  CompareString: compare,
  Count: count,
  CountString: count,
  Equal: (cpu, x, y) => text(cpu, x) === text(cpu, y),
  Index: (cpu, x, y) => text(cpu, x).indexOf(text(cpu, y)),
  IndexString: (cpu, x, y) => text(cpu, x).indexOf(text(cpu, y)),
  lastIndex: (cpu, x, y) => text(cpu, x).lastIndexOf(text(cpu, y)),
  IndexByte: indexByte,
  IndexByteString: indexByte,
  LastIndexByte: lastIndexByte,
  LastIndexByteString: lastIndexByte,
};

export const byteNatives: readonly (readonly [string, Native])[] = Object.entries(natives).map(
  ([name, native]) => [`internal/bytealg.${name}`, (cpu, [x, y]) => native(cpu, x, y)],
);
