// Values for people: what `fmt.Sprintf("%v")` would show without calling methods, cut short.

import type { TypeId } from "../../ir/types.js";
import type { Value } from "./core.js";
import { part } from "./compare.js";
import { MapObj } from "./maps.js";
import type { TypeInfo } from "./type-info.js";
import { toText } from "./utf8.js";
import { Chan, Closure, Complex, Iface, Pointer, Slice } from "./values.js";

const longest = 40;
/** Beyond this nesting only `…` is shown, so that cycles end. */
const deepest = 4;
const mostElements = 20;

export function show(info: TypeInfo, value: Value, type: TypeId | null): string {
  const text = toText(
    type === null ? showUntyped(info, value, 0) : showTyped(info, value, type, 0),
  );
  const line = text.replaceAll("\n", "\\n");
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

const ellipsis = "\xe2\x80\xa6";

function showUntyped(info: TypeInfo, value: Value, depth: number): string {
  if (value instanceof Iface) return showTyped(info, value.value, value.type, depth + 1);
  if (value instanceof Pointer) return `&${nameOf(info, value)}`;
  if (value instanceof Slice) return `[${value.len} elements]`;
  if (value instanceof Closure) return `func ${value.func.display}`;
  if (value instanceof Complex) return `(${value.re}${value.im < 0 ? "" : "+"}${value.im}i)`;
  if (value instanceof Chan) return value.name === "" ? "chan" : `chan ${value.name}`;
  if (value instanceof MapObj) return showMap(info, value, depth);
  if (Array.isArray(value))
    return `{${value.map((it) => showUntyped(info, it, depth + 1)).join(" ")}}`;
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "number") return showNumber(value);
  return typeof value === "object" ? "?" : String(value);
}

/** Integers as they are, floats as `%v` has them. */
function showNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

function showTyped(info: TypeInfo, value: Value, type: TypeId, depth: number): string {
  if (depth > deepest) return ellipsis;
  if (isTime(info, type)) return showTime(value);
  if (isSyncState(info, type)) return ellipsis;
  const shape = info.underlying(type);
  switch (shape.kind) {
    case "struct": {
      const offsets = info.layout.offsets(type);
      const fields = shape.fields.map((it, index) =>
        showTyped(info, part(info, it.type, value, offsets[index] ?? 0), it.type, depth + 1),
      );
      return `{${fields.join(" ")}}`;
    }
    case "array":
      return showElements(info, value as readonly Value[], 0, shape.length, shape.elem, depth);
    case "slice":
      return value instanceof Slice
        ? showElements(info, value.obj.cells, value.off, value.len, shape.elem, depth)
        : "[]";
    case "pointer":
      if (value instanceof Pointer && depth === 0 && info.aggregate(shape.elem))
        return `&${showTyped(info, part(info, shape.elem, value.obj.cells, value.off), shape.elem, 1)}`;
      return showUntyped(info, value, depth);
    case "map":
      return value instanceof MapObj ? showMap(info, value, depth) : "map[]";
    default:
      return showUntyped(info, value, depth);
  }
}

/** Locks, wait groups and their like, of which the fields tell nobody anything. */
export function isSyncState(info: TypeInfo, type: TypeId): boolean {
  const name = libraryName(info, type);
  return name?.startsWith("sync.") === true && info.underlying(type).kind === "struct";
}

export function isTime(info: TypeInfo, type: TypeId): boolean {
  return libraryName(info, type) === "time.Time";
}

function libraryName(info: TypeInfo, type: TypeId): string | null {
  const it = info.of(type);
  return it.kind === "named" ? it.name : null;
}

/** Seconds from the years 1 and 1885, from which `time.Time` counts, to 1970. */
const sinceYear1 = 62_135_596_800;
const since1885 = 2_682_288_000;

/** `2009-11-10 23:00:00.02`, in UTC: the fields of a `time.Time` tell nobody anything. */
function showTime(value: Value): string {
  if (!Array.isArray(value)) return ellipsis;
  const [wall, ext] = (value as readonly Value[])
    .filter((it) => typeof it === "number" || typeof it === "bigint")
    .map((it) => BigInt.asUintN(64, BigInt(it)));
  if (wall === undefined || ext === undefined) return ellipsis;
  const monotonic = wall >> 63n === 1n;
  const seconds = monotonic
    ? Number((wall >> 30n) & 0x1_ffff_ffffn) - since1885
    : Number(BigInt.asIntN(64, ext)) - sinceYear1;
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return ellipsis;
  const fraction = `${wall & 0x3fff_ffffn}`.padStart(9, "0").replace(/0+$/, "");
  const text = date
    .toISOString()
    .replace("T", " ")
    .replace(/\.000Z$/, "");
  return fraction === "" ? text : `${text}.${fraction}`;
}

function showElements(
  info: TypeInfo,
  cells: readonly Value[],
  from: number,
  count: number,
  elem: TypeId,
  depth: number,
): string {
  const size = info.layout.cells(elem);
  const shown = Array.from({ length: Math.min(count, mostElements) }, (_, index) =>
    showTyped(info, part(info, elem, cells, from + index * size), elem, depth + 1),
  );
  return `[${shown.join(" ")}${count > mostElements ? ` ${ellipsis}` : ""}]`;
}

function showMap(info: TypeInfo, map: MapObj, depth: number): string {
  const type = info.underlying(map.type);
  if (type.kind !== "map" || depth > deepest) return ellipsis;
  const entries = [...map.live()].slice(0, mostElements).map(({ key, value }) => {
    const shown = showTyped(info, value, type.value, depth + 1);
    return `${showTyped(info, key, type.key, depth + 1)}:${shown}`;
  });
  return `map[${entries.join(" ")}]`;
}

function nameOf(info: TypeInfo, { obj, off }: Pointer): string {
  return cellName(info, obj.name, obj.type, off, false);
}

/** `c.n`, `a[2]`: the name of an object followed by the way to a cell in it. */
export function cellName(
  info: TypeInfo,
  base: string,
  type: TypeId,
  off: number,
  isElements: boolean,
): string {
  const size = info.layout.cells(type);
  // Memory of a slice: as many values of `type` as fit.
  if (isElements && size > 0)
    return cellName(info, `${base}[${Math.floor(off / size)}]`, type, off % size, false);
  const shape = info.underlying(type);
  if (shape.kind === "array" && info.layout.cells(shape.elem) > 0) {
    const cells = info.layout.cells(shape.elem);
    return cellName(info, `${base}[${Math.floor(off / cells)}]`, shape.elem, off % cells, false);
  }
  if (shape.kind !== "struct") return base;
  const offsets = info.layout.offsets(type);
  for (let index = shape.fields.length - 1; index >= 0; index--) {
    const field = shape.fields[index];
    const start = offsets[index] ?? 0;
    if (field === undefined || off < start || off >= start + info.layout.cells(field.type))
      continue;
    // The state of a lock is its first cell: the name ends at the lock.
    if (isSynchronisation(info, field.type)) return `${base}.${field.name}`;
    return cellName(info, `${base}.${field.name}`, field.type, off - start, false);
  }
  return base;
}

function isSynchronisation(info: TypeInfo, id: TypeId): boolean {
  const type = info.of(id);
  return type.kind === "named" && /^(sync|sync\/atomic|time)\./.test(type.name);
}
