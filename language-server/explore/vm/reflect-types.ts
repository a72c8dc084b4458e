// Types that only reflection makes: pointers to, and slices of, types the program has. The lowering gives method tables
// to types that the code puts into interfaces; for the others the methods are collected here.

import type { BlockId, Func, FuncId, Reg, SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import { Unsupported } from "./signals.js";
import { splitName } from "./type-name.js";
import type { TypeInfo } from "./type-info.js";

const nowhere = 0 as SpanId;

/** The type `*elem` with its methods. */
export function reflectPointer(info: TypeInfo, elem: TypeId): TypeId {
  const pointer = info.pointerTo(elem) ?? info.addType({ kind: "pointer", elem });
  const type = info.of(elem);
  if (type.kind === "named" && info.methodIds(pointer).length === 0)
    for (const [id, func] of pointerMethods(info, pointer, elem, type.name))
      info.addMethod(pointer, id, func);
  return pointer;
}

export function reflectSlice(info: TypeInfo, elem: TypeId): TypeId {
  return info.sliceOf(elem) ?? info.addType({ kind: "slice", elem });
}

function pointerMethods(
  info: TypeInfo,
  pointer: TypeId,
  elem: TypeId,
  name: string,
): readonly (readonly [string, Func])[] {
  const { pkg } = splitName(name);
  const { funcs } = info.program;
  // Of library code only what is called has been lowered, and promoted methods have no function of their own.
  if (pkg !== "" && (!isUsers(info, pkg) || promotes(info, elem)))
    throw new Unsupported(`methods of *${info.name(elem)} by reflection`);
  return funcs.flatMap((func): (readonly [string, Func])[] => {
    const own = methodName(func.name, `(*${name}).`);
    if (own !== null) return [[methodId(own, pkg), func]];
    const value = methodName(func.name, `(${name}).`);
    return value === null
      ? []
      : [[methodId(value, pkg), throughPointer(info, pointer, elem, func)]];
  });
}

function isUsers(info: TypeInfo, pkg: string): boolean {
  return info.program.funcs.some((it) => it.pkg === pkg && !it.library);
}

/** Whether embedded fields bring methods, or may. */
function promotes(info: TypeInfo, id: TypeId): boolean {
  const shape = info.underlying(id);
  if (shape.kind !== "struct") return false;
  return shape.fields.some((field) => field.embedded && mayHaveMethods(info, field.type));
}

function mayHaveMethods(info: TypeInfo, id: TypeId): boolean {
  const type = info.of(id);
  if (type.kind === "pointer") return mayHaveMethods(info, type.elem);
  if (type.kind === "interface") return type.methods.length > 0;
  if (type.kind !== "named") return promotes(info, id);
  const { pkg } = splitName(type.name);
  const prefixes = [`(${type.name}).`, `(*${type.name}).`];
  return (
    !isUsers(info, pkg) ||
    info.underlying(id).kind === "interface" ||
    info.program.funcs.some((it) => prefixes.some((prefix) => it.name.startsWith(prefix))) ||
    promotes(info, id)
  );
}

/** The type of a method without its receiver. Whether it is variadic is known only if the program has the type. */
export function reflectMethodType(info: TypeInfo, func: Func): TypeId {
  const params = func.params.slice(1).flatMap((it) => func.regTypes[it] ?? []);
  const exits = func.blocks.flatMap((it) => (it.exit.op === "return" ? [it.exit.values] : []));
  const results = (exits[0] ?? []).flatMap((it) => func.regTypes[it] ?? []);
  const same = (x: readonly TypeId[], y: readonly TypeId[]): boolean =>
    x.length === y.length && x.every((it, index) => it === y[index]);
  const at = info.program.types.findIndex(
    (it) => it.kind === "func" && same(it.params, params) && same(it.results, results),
  );
  return at >= 0
    ? (at as TypeId)
    : info.addType({ kind: "func", params, results, variadic: false });
}

function methodName(name: string, prefix: string): string | null {
  if (!name.startsWith(prefix)) return null;
  const rest = name.slice(prefix.length);
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(rest) ? rest : null;
}

function methodId(name: string, pkg: string): string {
  return /^\p{Lu}/u.test(name) ? name : `${pkg}.${name}`;
}

/** The method of the pointer type that calls the one of the value. */
function throughPointer(info: TypeInfo, pointer: TypeId, elem: TypeId, func: Func): Func {
  const params = func.params.map((_, index) => index as Reg);
  const [self = 0 as Reg, ...rest] = params;
  const paramTypes = func.params.slice(1).flatMap((it) => func.regTypes[it] ?? []);
  const exits = func.blocks.flatMap((it) => (it.exit.op === "return" ? [it.exit.values] : []));
  const resultTypes = (exits[0] ?? []).flatMap((it) => func.regTypes[it] ?? []);
  const value = params.length as Reg;
  const tuple = (params.length + 1) as Reg;
  const results = resultTypes.map((_, index) => (params.length + 2 + index) as Reg);
  const single = func.results === 1;
  return info.addFunc((id: FuncId) => ({
    ...func,
    id,
    name: `${func.name}$pointer`,
    library: true,
    params,
    captures: [],
    regTypes: [pointer, ...paramTypes, elem, resultTypes[0] ?? elem, ...resultTypes],
    regNames: [],
    recover: null,
    span: nowhere,
    blocks: [
      {
        id: 0 as BlockId,
        params: [],
        instrs: [
          { op: "load", dst: value, addr: self, type: elem, span: nowhere },
          {
            op: "call",
            dst: tuple,
            callee: { kind: "static", func: func.id },
            args: [value, ...rest],
            span: nowhere,
          },
          ...(single
            ? []
            : results.map(
                (dst, index) => ({ op: "extract", dst, tuple, index, span: nowhere }) as const,
              )),
        ],
        exit: { op: "return", values: single ? [tuple] : results, span: nowhere },
      },
    ],
  }));
}
