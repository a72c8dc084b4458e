// The bottom of package reflect (see its overlay): types are indices of the type table, raw values are values.

import { present } from "../../base/assert.js";
import type { Field, Type, TypeId } from "../../ir/types.js";

import { equal, part } from "./compare.js";
import { Ins } from "./ins.js";
import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import { newSlice } from "./exec-memory.js";
import { resolveConvert } from "./exec-convert.js";
import type { Image, Native } from "./image.js";
import { intKind, type Int, wrapTo } from "./int64.js";
import { hashKey, MapIterator, MapObj } from "./maps.js";
import { reflectMethodType, reflectPointer, reflectSlice } from "./reflect-types.js";
import { nilDereference, RuntimePanic, Unsupported } from "./signals.js";
import { byteOffsets } from "./sizes.js";
import { splitName } from "./type-name.js";
import { addressNumber } from "./print.js";
import { Cell, Chan, Closure, Complex, Iface, Pointer, Slice } from "./values.js";

const kinds = [
  "invalid",
  "bool",
  "int",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "uintptr",
  "float32",
  "float64",
  "complex64",
  "complex128",
  "array",
  "chan",
  "func",
  "interface",
  "map",
  "pointer",
  "slice",
  "string",
  "struct",
  "unsafe.Pointer",
];

function kindOf(cpu: Cpu, id: Value): number {
  const type = cpu.image.info.underlying(id as TypeId);
  return Math.max(0, kinds.indexOf(type.kind === "basic" ? type.name : type.kind));
}

/** One object per type and program: its address is the identity of a `reflect.Type`. */
const typeObjects = new WeakMap<Image, Map<number, Pointer>>();

function rtypeOf(cpu: Cpu, id: number): Pointer {
  let table = typeObjects.get(cpu.image);
  if (table === undefined) typeObjects.set(cpu.image, (table = new Map<number, Pointer>()));
  let pointer = table.get(id);
  if (pointer === undefined) {
    const type = cpu.image.info.named("reflect.rtype") ?? cpu.image.runtime.string;
    const cell = new Cell(-1_000_000_000 - id, type, "type", 0 as Cell["span"], 0, [id], 0);
    table.set(id, (pointer = new Pointer(cell, 0)));
  }
  return pointer;
}

function fieldsOf(cpu: Cpu, id: Value): readonly Field[] {
  const type = cpu.image.info.underlying(id as TypeId);
  return type.kind === "struct" ? type.fields : [];
}

function fieldOf(cpu: Cpu, id: Value, index: Value): Field {
  return present(fieldsOf(cpu, id)[index as number], "field");
}

/** Exported methods, sorted, as reflection numbers them. */
function methodsOf(cpu: Cpu, id: Value): readonly string[] {
  const type = cpu.image.info.underlying(id as TypeId);
  if (type.kind === "interface") return type.methods.map((it) => it.id);
  return cpu.image.info.methodIds(id as TypeId).filter((it) => /^\p{Lu}/u.test(it));
}

function parts(cpu: Cpu, id: Value, what: Value): readonly TypeId[] {
  const type: Type = cpu.image.info.underlying(id as TypeId);
  if (type.kind === "struct") return type.fields.map((it) => it.type);
  if (type.kind !== "func") return [];
  return what === "in" ? type.params : type.results;
}

const typeNatives: Readonly<Record<string, Native>> = {
  rtypeOf: (cpu, [id]) => rtypeOf(cpu, id as number),
  typeOf: (_cpu, [value]) => (value instanceof Iface ? value.type : -1),
  kind: (cpu, [id]) => kindOf(cpu, id),
  typeString: (cpu, [id]) => cpu.image.info.name(id as TypeId),
  typeName: (cpu, [id]) => {
    const type = cpu.image.info.of(id as TypeId);
    if (type.kind === "basic") return type.name === "unsafe.Pointer" ? "Pointer" : type.name;
    if (type.kind !== "named") return "";
    const { name, args } = splitName(type.name);
    return name + args;
  },
  pkgPath: (cpu, [id]) => {
    const type = cpu.image.info.of(id as TypeId);
    if (type.kind === "basic" && type.name === "unsafe.Pointer") return "unsafe";
    return type.kind === "named" ? splitName(type.name).pkg : "";
  },
  size: (cpu, [id]) => cpu.image.info.size(id as TypeId).size,
  align: (cpu, [id]) => cpu.image.info.size(id as TypeId).align,
  elem: (cpu, [id]) => {
    const type = cpu.image.info.underlying(id as TypeId);
    return type.kind === "map" ? type.value : cpu.image.info.elem(id as TypeId);
  },
  key: (cpu, [id]) => {
    const type = cpu.image.info.underlying(id as TypeId);
    return type.kind === "map" ? type.key : -1;
  },
  length: (cpu, [id]) => {
    const type = cpu.image.info.underlying(id as TypeId);
    return type.kind === "array" ? type.length : 0;
  },
  chanDir: (cpu, [id]) => {
    const type = cpu.image.info.underlying(id as TypeId);
    if (type.kind !== "chan") return 0;
    return type.dir === "both" ? 3 : type.dir === "send" ? 2 : 1;
  },
  count: (cpu, [id, what]) =>
    what === "method" ? methodsOf(cpu, id).length : parts(cpu, id, what).length,
  part: (cpu, [id, what, index]) => {
    const found = parts(cpu, id, what)[index as number];
    if (found === undefined) throw new RuntimePanic("reflect: index out of bounds", true);
    return found;
  },
  variadic: (cpu, [id]) => {
    const type = cpu.image.info.underlying(id as TypeId);
    return type.kind === "func" && type.variadic;
  },
  fieldName: (cpu, [id, index]) => fieldOf(cpu, id, index).name,
  fieldPkg: (cpu, [id, index]) => fieldOf(cpu, id, index).pkg,
  fieldTag: (cpu, [id, index]) => fieldOf(cpu, id, index).tag,
  fieldEmbedded: (cpu, [id, index]) => fieldOf(cpu, id, index).embedded,
  fieldOffset: (cpu, [id, index]) =>
    byteOffsets(cpu.image.program, parts(cpu, id, "field"))[index as number],
  methodName: (cpu, [id, index]) => methodsOf(cpu, id)[index as number] ?? "",
  comparable_: (cpu, [id]) => cpu.image.info.comparable(id as TypeId),
  implements: (cpu, [id, iface]) => implementsType(cpu, id as TypeId, iface as TypeId),
  sameUnderlying: (cpu, [id, other]) =>
    underlyingId(cpu, id as TypeId) === underlyingId(cpu, other as TypeId),
  pointerTo: (cpu, [id]) => reflectPointer(cpu.image.info, id as TypeId),
  sliceOf: (cpu, [id]) => reflectSlice(cpu.image.info, id as TypeId),
};

function implementsType(cpu: Cpu, type: TypeId, iface: TypeId): boolean {
  const { info } = cpu.image;
  const has = info.underlying(type);
  if (has.kind !== "interface") return info.missingMethod(type, iface) === null;
  const wanted = info.underlying(iface);
  const ids = new Set(has.methods.map((it) => it.id));
  return wanted.kind === "interface" && wanted.methods.every((it) => ids.has(it.id));
}

function underlyingId(cpu: Cpu, id: TypeId): TypeId {
  const type = cpu.image.info.of(id);
  return type.kind === "named" ? underlyingId(cpu, type.underlying) : id;
}

// ── Values ──────────────────────────────────────────────────────────────────────────────────────

function load(cpu: Cpu, id: TypeId, pointer: Value): Value {
  if (!(pointer instanceof Pointer)) throw nilDereference();
  const cells = cpu.image.info.layout.cells(id);
  cpu.touch(pointer.obj, pointer.off, cells, false);
  return part(cpu.image.info, id, pointer.obj.cells, pointer.off);
}

function store(cpu: Cpu, id: TypeId, pointer: Value, value: Value): void {
  if (!(pointer instanceof Pointer)) throw nilDereference();
  const { info } = cpu.image;
  const cells = info.aggregate(id) ? (value as readonly Value[]) : [value];
  cpu.touch(pointer.obj, pointer.off, cells.length, true);
  cells.forEach((it, index) => {
    cpu.trail.setCell(pointer.obj, pointer.off + index, it);
  });
}

function elementOffset(cpu: Cpu, id: Value, index: Value): { size: number; at: number } {
  const { info } = cpu.image;
  const size = info.layout.cells(info.elem(id as TypeId));
  return { size, at: size * (index as number) };
}

function lengthOf(cpu: Cpu, id: Value, value: Value): number {
  if (typeof value === "string") return value.length;
  if (value instanceof Slice) return value.len;
  if (value instanceof Chan) return value.buffer.length;
  if (value instanceof MapObj) return mapRead(cpu, value).size;
  const type = cpu.image.info.underlying(id as TypeId);
  const array = type.kind === "pointer" ? cpu.image.info.underlying(type.elem) : type;
  return array.kind === "array" ? array.length : 0;
}

function mapRead(cpu: Cpu, map: MapObj): MapObj {
  cpu.touchMap(map, false);
  return map;
}

function mapTypes(cpu: Cpu, id: Value): { key: TypeId; value: TypeId } {
  const type = cpu.image.info.underlying(id as TypeId);
  if (type.kind !== "map") throw new Unsupported("reflection on a map");
  return type;
}

function basicName(cpu: Cpu, id: Value): string {
  const type = cpu.image.info.underlying(id as TypeId);
  return type.kind === "basic" ? type.name : "";
}

const scalarNatives: Readonly<Record<string, Native>> = {
  unpack: (_cpu, [value]) => (value instanceof Iface ? value.value : null),
  pack: (cpu, [id, value]) =>
    cpu.image.info.underlying(id as TypeId).kind === "interface"
      ? value
      : new Iface(id as TypeId, value),
  asRaw: (_cpu, [value]) => value,
  load: (cpu, [id, pointer]) => load(cpu, id as TypeId, pointer),
  store: (cpu, [id, pointer, value]) => {
    store(cpu, id as TypeId, pointer, value);
  },
  toInt: (_cpu, [value]) => value,
  toUint: (_cpu, [value]) => value,
  toFloat: (_cpu, [value]) => value,
  toComplex: (_cpu, [value]) => value,
  toText: (_cpu, [value]) => value,
  toBool: (_cpu, [value]) => value,
  fromInt: (cpu, [id, value]) => narrowed(cpu, id, value),
  fromUint: (cpu, [id, value]) => narrowed(cpu, id, value),
  fromFloat: (cpu, [id, value]) =>
    basicName(cpu, id) === "float32" ? Math.fround(value as number) : value,
  fromComplex: (cpu, [id, value]) => {
    const { re, im } = value as Complex;
    return basicName(cpu, id) === "complex64"
      ? new Complex(Math.fround(re), Math.fround(im))
      : value;
  },
  fromString: (_cpu, [value]) => value,
  fromBool: (_cpu, [value]) => value,
  isNil: (_cpu, [value]) => value === null,
  addressOf: (_cpu, [value]) => addressNumber(value),
  zero: (cpu, [id]) => cpu.image.info.zero(id as TypeId),
  equal: (cpu, [id, x, y]) => equal(cpu.image.info, id as TypeId, x, y),
  convert: (cpu, [from, to, value]) => convert(cpu, from as TypeId, to as TypeId, value),
  tupleAt: (_cpu, [tuple, index]) => (tuple as readonly Value[])[index as number],
};

function narrowed(cpu: Cpu, id: Value, value: Value): Value {
  const kind = intKind(basicName(cpu, id));
  return kind === undefined ? value : wrapTo(kind, value as Int);
}

/** Runs the conversion instruction on registers of its own. */
function convert(cpu: Cpu, from: TypeId, to: TypeId, value: Value): Value {
  const { info } = cpu.image;
  const [source, target] = [info.underlying(from), info.underlying(to)];
  if (source.kind !== target.kind && (source.kind === "slice" || target.kind === "slice"))
    throw new Unsupported(`reflect.Value.Convert to ${info.name(to)}`);
  const { exec, c, x } = resolveConvert(cpu.image, from, to);
  const { regs } = cpu;
  cpu.regs = [value, undefined];
  try {
    exec(cpu, Object.assign(new Ins(exec, cpu.span, null), { dst: 1, c: c ?? 0, x }));
    return cpu.regs[1];
  } finally {
    cpu.regs = regs;
  }
}

const compoundNatives: Readonly<Record<string, Native>> = {
  fieldOf: (cpu, [id, index, value]) => {
    const { info } = cpu.image;
    const offset = info.layout.offset(id as TypeId, index as number);
    return part(info, fieldOf(cpu, id, index).type, value, offset);
  },
  fieldAt: (cpu, [id, index, pointer]) => {
    if (!(pointer instanceof Pointer)) throw nilDereference();
    const offset = cpu.image.info.layout.offset(id as TypeId, index as number);
    return new Pointer(pointer.obj, pointer.off + offset);
  },
  indexOf: (cpu, [id, index, value]) => {
    const { info } = cpu.image;
    return part(info, info.elem(id as TypeId), value, elementOffset(cpu, id, index).at);
  },
  elementAt: (cpu, [id, index, value]) => {
    const { at } = elementOffset(cpu, id, index);
    if (value instanceof Slice || value instanceof Pointer)
      return new Pointer(value.obj, value.off + at);
    throw nilDereference();
  },
  lenOf: (cpu, [id, value]) => lengthOf(cpu, id, value),
  capOf: (cpu, [id, value]) => {
    if (value instanceof Slice || value instanceof Chan) return value.cap;
    return value === null ? 0 : lengthOf(cpu, id, value);
  },
  allocate: (cpu, [id]) =>
    new Pointer(cpu.alloc(id as TypeId, "new", [...cpu.image.info.zeroCells(id as TypeId)]), 0),
  makeSlice: (cpu, [id, len, cap]) =>
    newSlice(cpu, cpu.image.info.elem(id as TypeId), len as number, cap as number, ""),
  makeMap: (cpu, [id]) => cpu.newMap(id as TypeId, ""),
  makeChan: (cpu, [id, cap]) => cpu.newChan(id as TypeId, "", cap as number),
  reslice: (cpu, [id, value, low, high, max]) => {
    const { size, at } = elementOffset(cpu, id, low);
    const cap = value instanceof Slice ? value.cap : lengthOf(cpu, id, value);
    const [i, j, k] = [low as number, high as number, (max as number) < 0 ? cap : (max as number)];
    if (i < 0 || j < i || j > k || k > cap)
      throw new RuntimePanic("reflect.Value.Slice: slice index out of bounds", true);
    if (!(value instanceof Slice || value instanceof Pointer)) return null;
    return size < 0 ? null : new Slice(value.obj, value.off + at, j - i, k - i);
  },
};

const mapNatives: Readonly<Record<string, Native>> = {
  mapGet: (cpu, [id, map, key]) => {
    const types = mapTypes(cpu, id);
    const hash = hashKey(cpu.image.info, types.key, key);
    const entry = map instanceof MapObj ? mapRead(cpu, map).get(hash) : undefined;
    return entry === undefined ? [null, false] : [entry.value, true];
  },
  mapSet: (cpu, [id, map, key, value]) => {
    if (!(map instanceof MapObj)) throw new RuntimePanic("assignment to entry in nil map", true);
    cpu.touchMap(map, true);
    map.set(cpu.trail, hashKey(cpu.image.info, mapTypes(cpu, id).key, key), key, value);
  },
  mapDelete: (cpu, [id, map, key]) => {
    if (!(map instanceof MapObj)) return;
    cpu.touchMap(map, true);
    map.delete(cpu.trail, hashKey(cpu.image.info, mapTypes(cpu, id).key, key));
  },
  mapIterate: (_cpu, [map]) => new MapIterator(map instanceof MapObj ? map : null, "forward"),
  mapNext: (cpu, [iterator]) => {
    const at = iterator as MapIterator;
    if (at.map !== null) cpu.touchMap(at.map, false);
    const entry = at.next(cpu.trail);
    return entry === undefined ? [false, null, null] : [true, entry.key, entry.value];
  },
};

const callNatives: Readonly<Record<string, Native>> = {
  call: (cpu, [func, args]) => {
    if (!(func instanceof Closure)) throw new RuntimePanic("reflect: call of nil function", true);
    const values = args instanceof Slice ? args.obj.cells.slice(args.off, args.off + args.len) : [];
    return cpu.callFromNative(func, values);
  },
  boundMethod: (cpu, [id, name, value]) => {
    const { info } = cpu.image;
    const receiver =
      value instanceof Iface && info.underlying(id as TypeId).kind === "interface"
        ? value
        : new Iface(id as TypeId, value);
    const func = info.method(receiver.type, name as string);
    if (func === undefined) return [null, -1];
    return [new Closure(func, [], [receiver.value]), reflectMethodType(info, func)];
  },
};

export const reflectNatives: readonly (readonly [string, Native])[] = [
  typeNatives,
  scalarNatives,
  compoundNatives,
  mapNatives,
  callNatives,
].flatMap((table) =>
  Object.entries(table).map(([name, native]) => [`reflect.${name}`, native] as const),
);
