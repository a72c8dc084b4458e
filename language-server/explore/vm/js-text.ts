// Values of snippets as text: what `String(value)` and `console.log` make of them.

import type { Value } from "./core.js";
import { MapObj } from "./maps.js";
import type { TypeInfo } from "./type-info.js";
import { Chan, Closure, Iface, Pointer, Slice } from "./values.js";

export function jsText(info: TypeInfo, value: Value): string {
  if (value instanceof Pointer) {
    const type = info.underlying(value.obj.type);
    if (type.kind === "slice")
      return elements(value)
        .map((it) => jsText(info, it))
        .join(",");
    if (isErrorType(info, value)) return errorText(info, value);
    return "[object Object]";
  }
  if (value instanceof Iface) return jsText(info, value.value);
  return typeof value === "object" && value !== null ? "[object Object]" : String(value);
}

/** An object of `Error` or of a class that extends it. */
function isErrorType(info: TypeInfo, { obj }: Pointer): boolean {
  const type = info.underlying(obj.type);
  return (
    type.kind === "struct" && type.fields[0]?.name === "name" && type.fields[1]?.name === "message"
  );
}

function errorText(info: TypeInfo, { obj, off }: Pointer): string {
  const [name, message] = [obj.cells[off], obj.cells[off + 1]];
  const text = jsText(info, message);
  return text === "" ? String(name) : `${String(name)}: ${text}`;
}

function elements({ obj, off }: Pointer): readonly Value[] {
  const items = obj.cells[off];
  return items instanceof Slice ? items.obj.cells.slice(items.off, items.off + items.len) : [];
}

const deepest = 3;

export function inspect(info: TypeInfo, value: Value, depth = 0): string {
  if (typeof value === "string") return `'${value}'`;
  if (value instanceof Closure) return `[Function: ${value.func.display}]`;
  if (value instanceof Chan) return "Chan";
  if (depth > deepest) return "…";
  if (value instanceof MapObj) {
    const entries = [...value.live()].map(({ key, value: of }) =>
      of === true
        ? inspect(info, key, depth + 1)
        : `${inspect(info, key, depth + 1)} => ${inspect(info, of, depth + 1)}`,
    );
    return `(${value.size}) { ${entries.join(", ")} }`;
  }
  if (!(value instanceof Pointer)) return jsText(info, value);
  const type = info.underlying(value.obj.type);
  if (type.kind === "slice") {
    const all = elements(value).map((it) => inspect(info, it, depth + 1));
    return all.length === 0 ? "[]" : `[ ${all.join(", ")} ]`;
  }
  if (type.kind !== "struct") return "{}";
  if (isErrorType(info, value)) return errorText(info, value);
  const offsets = info.layout.offsets(value.obj.type);
  const fields = type.fields.flatMap(({ name, type: field }, index) => {
    const of = info.aggregate(field)
      ? undefined
      : value.obj.cells[value.off + (offsets[index] ?? 0)];
    return of === undefined ? [] : [`${name}: ${inspect(info, of, depth + 1)}`];
  });
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
