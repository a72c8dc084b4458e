// Equality of values, by type, as Go's `==` has it.

import { present, unreachable } from "../../base/assert.js";
import type { TypeId } from "../../ir/types.js";
import type { Value } from "./core.js";
import { RuntimePanic } from "./signals.js";
import type { TypeInfo } from "./type-info.js";
import { Complex, Iface, Pointer } from "./values.js";

/** Whether two values of one type are equal; panics when interfaces in them hold values that cannot be compared. */
export function equal(info: TypeInfo, type: TypeId, x: Value, y: Value): boolean {
  const shape = info.underlying(type);
  switch (shape.kind) {
    case "basic":
      return scalarEqual(x, y);
    case "interface":
      return interfacesEqual(info, x, y);
    case "struct": {
      const offsets = info.layout.offsets(type);
      return shape.fields.every(
        (it, index) =>
          it.name === "_" || partEqual(info, it.type, x, y, present(offsets[index], "offset")),
      );
    }
    case "array": {
      const cells = info.layout.cells(shape.elem);
      for (let i = 0; i < shape.length; i++)
        if (!partEqual(info, shape.elem, x, y, i * cells)) return false;
      return true;
    }
    case "pointer":
    case "slice":
    case "map":
    case "chan":
    case "func":
    case "tuple":
    case "any":
      return scalarEqual(x, y);
    case "named":
      return equal(info, shape.underlying, x, y);
    default:
      return unreachable(shape);
  }
}

function partEqual(info: TypeInfo, type: TypeId, x: Value, y: Value, at: number): boolean {
  return equal(info, type, part(info, type, x, at), part(info, type, y, at));
}

/** The part of an aggregate at a cell offset, as registers hold it. */
export function part(info: TypeInfo, type: TypeId, aggregate: Value, at: number): Value {
  const cells = aggregate as readonly Value[];
  return info.aggregate(type) ? cells.slice(at, at + info.layout.cells(type)) : cells[at];
}

function scalarEqual(x: Value, y: Value): boolean {
  if (x === y) return true;
  if (x instanceof Pointer) return y instanceof Pointer && x.obj === y.obj && x.off === y.off;
  if (x instanceof Complex) return y instanceof Complex && x.re === y.re && x.im === y.im;
  return false;
}

export function interfacesEqual(info: TypeInfo, x: Value, y: Value): boolean {
  if (!(x instanceof Iface) || !(y instanceof Iface)) return x === y;
  if (x.type !== y.type) return false;
  if (!info.comparable(x.type))
    throw new RuntimePanic(`comparing uncomparable type ${info.name(x.type)}`);
  return equal(info, x.type, x.value, y.value);
}
