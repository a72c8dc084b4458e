// The prims of package unsafe, on memory that is cells: what keeps to whole elements works, the rest stops the execution.

import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import { bytesOf } from "./exec-bulk.js";
import type { Native } from "./image.js";
import { nilDereference, Unsupported } from "./signals.js";
import { Pointer, Slice } from "./values.js";

function sliceFrom(cpu: Cpu, pointer: Value, length: Value): Slice | null {
  const count = Number(length);
  if (!(pointer instanceof Pointer)) {
    if (pointer === null && count === 0) return null;
    throw nilDereference();
  }
  const whole = cpu.image.info.layout.cells(pointer.obj.type);
  if (count > 1 && whole > 1 && cpu.image.info.underlying(pointer.obj.type).kind === "struct")
    throw new Unsupported("unsafe.Slice of structs");
  return new Slice(pointer.obj, pointer.off, count, count);
}

export const memoryPrims: ReadonlyMap<string, Native> = new Map<string, Native>([
  ["unsafe.Slice", (cpu, [pointer, length]) => sliceFrom(cpu, pointer, length)],
  [
    "unsafe.SliceData",
    (_cpu, [slice]) => (slice instanceof Slice ? new Pointer(slice.obj, slice.off) : null),
  ],
  [
    "unsafe.String",
    (cpu, [pointer, length]) => {
      const slice = sliceFrom(cpu, pointer, length);
      return slice === null ? "" : bytesOf(slice);
    },
  ],
  [
    "unsafe.StringData",
    (cpu, [text]) => {
      const cells = Array.from(text as string, (it) => it.charCodeAt(0));
      const uint8 = cpu.image.info.named("uint8") ?? cpu.image.runtime.string;
      return cells.length === 0 ? null : new Pointer(cpu.alloc(uint8, "", cells), 0);
    },
  ],
  [
    "unsafe.Add",
    (_cpu, [pointer, offset]) => {
      if (Number(offset) === 0) return pointer;
      throw new Unsupported("unsafe.Add");
    },
  ],
]);
