// Sizes in bytes as Go has them on amd64, for what programs can see of them: capacities after `append`,
// `reflect.Type.Size`. The VM's own memory is cells (`ir/layout.ts`).

import { typeOf } from "../../ir/access.js";
import type { Program } from "../../ir/ir.js";
import type { BasicName, TypeId } from "../../ir/types.js";

export interface Size {
  readonly size: number;
  readonly align: number;
  readonly pointers: boolean;
}

const basicSizes: { readonly [Name in BasicName]: number } = {
  bool: 1,
  int: 8,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  uintptr: 8,
  float32: 4,
  float64: 8,
  complex64: 8,
  complex128: 16,
  string: 16,
  "unsafe.Pointer": 8,
  "untyped nil": 8,
  invalid: 8,
};

export function sizeOf(program: Program, id: TypeId): Size {
  const type = typeOf(program, id);
  switch (type.kind) {
    case "named":
      return sizeOf(program, type.underlying);
    case "basic": {
      const size = basicSizes[type.name];
      const pointers = type.name === "string" || type.name === "unsafe.Pointer";
      const half = type.name.startsWith("complex") ? size / 2 : size;
      return { size, align: Math.min(half, 8), pointers };
    }
    case "array": {
      const elem = sizeOf(program, type.elem);
      const pointers = elem.pointers && type.length > 0;
      return { size: elem.size * type.length, align: elem.align, pointers };
    }
    case "struct":
      return structSize(type.fields.map((it) => sizeOf(program, it.type)));
    case "slice":
      return { size: 24, align: 8, pointers: true };
    case "interface":
      return { size: 16, align: 8, pointers: true };
    default:
      return { size: 8, align: 8, pointers: true };
  }
}

function structSize(fields: readonly Size[]): Size {
  let size = 0;
  let align = 1;
  for (const field of fields) {
    size = roundUp(size, field.align) + field.size;
    align = Math.max(align, field.align);
  }
  // A last field without size gets a byte, so that its address stays inside the object.
  if (size > 0 && fields.at(-1)?.size === 0) size++;
  return { size: roundUp(size, align), align, pointers: fields.some((it) => it.pointers) };
}

/** Byte offset of each field of a struct. */
export function byteOffsets(program: Program, fields: readonly TypeId[]): readonly number[] {
  let at = 0;
  return fields.map((it) => {
    const { size, align } = sizeOf(program, it);
    const offset = roundUp(at, align);
    at = offset + size;
    return offset;
  });
}

function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}

// The allocator's block sizes up to 32 KiB; larger ones are whole pages.
const blockSizes = [
  0, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352,
  384, 416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304,
  2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880,
  12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
] as const;
const pageSize = 8192;
const headerSize = 8;

function blockFor(bytes: number, pointers: boolean): number {
  if (bytes > 32768 - headerSize) return roundUp(bytes, pageSize);
  // Objects with pointers beyond 512 bytes begin with a header.
  const header = pointers && bytes > 512 ? headerSize : 0;
  const block = blockSizes.find((it) => it >= bytes + header) ?? bytes;
  return block - header;
}

/** Capacity of a slice that grows from `cap` to hold `needed` elements. */
export function grownCapacity(cap: number, needed: number, elem: Size): number {
  if (elem.size === 0) return needed;
  let grown = cap;
  if (needed > 2 * cap) grown = needed;
  else if (cap < 256) grown = 2 * cap;
  else while (grown < needed) grown += Math.floor((grown + 768) / 4);
  return Math.floor(blockFor(grown * elem.size, elem.pointers) / elem.size);
}
