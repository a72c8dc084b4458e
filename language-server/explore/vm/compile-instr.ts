// From one instruction of the IR to one `Ins`.

import { unreachable } from "../../base/assert.js";
import type { Callee, Func, Instr, Literal, Reg } from "../../ir/ir.js";
import type { Type, TypeId } from "../../ir/types.js";
import { type Exec, Ins } from "./ins.js";
import type { Value } from "./core.js";
import * as bulk from "./exec-bulk.js";
import { drawNumber, drawOrder, type RandomSite } from "./exec-draw.js";
import * as control from "./exec-control.js";
import { resolveConvert } from "./exec-convert.js";
import * as maps from "./exec-map.js";
import * as memory from "./exec-memory.js";
import * as values from "./exec-values.js";
import type { Image } from "./image.js";
import { canonical, intKind } from "./int64.js";
import { orderMatters } from "./map-orders.js";
import { randomCall } from "./randomness.js";
import { growsLocally, isMake } from "./slice-origins.js";
import { resolvePrim } from "./prims.js";
import { Complex } from "./values.js";

type Of<Op extends Instr["op"]> = Extract<Instr, { readonly op: Op }>;

/** `scratch` is a register for results that nobody wants. */
export function compileInstr(image: Image, func: Func, instr: Instr, scratch: number): Ins {
  const dst = "dst" in instr ? (instr.dst ?? scratch) : scratch;
  const ins = (exec: Exec, fields: Partial<Fields> = {}): Ins =>
    Object.assign(new Ins(exec, instr.span, instr), { dst, ...fields });
  return (
    compileValue(image, func, instr, ins) ??
    compileMemory(image, func, instr, ins) ??
    compileOther(image, func, instr, ins)
  );
}

type Fields = Pick<Ins, "a" | "b" | "c" | "x" | "y" | "list">;
type Make = (exec: Exec, fields?: Partial<Fields>) => Ins;

function compileValue(image: Image, func: Func, instr: Instr, ins: Make): Ins | undefined {
  const { info } = image;
  switch (instr.op) {
    case "const":
      return ins(values.constant, { x: typedLiteral(image, func, instr) });
    case "zero":
      return ins(values.constant, { x: info.zero(instr.type) });
    case "prim": {
      const { exec, c, x } = resolvePrim(image, instr.fn, instr.type);
      const [a = 0, b = 0] = instr.args as readonly number[];
      return ins(exec, { a, b, c: c ?? 0, x, list: instr.args });
    }
    case "convert": {
      const { exec, c, x } = resolveConvert(image, instr.from, instr.to);
      return ins(exec, { a: instr.value, c: c ?? 0, x });
    }
    case "interface":
      return info.underlying(instr.type).kind === "interface"
        ? ins(values.move, { a: instr.value })
        : ins(values.toInterface, { a: instr.value, c: instr.type });
    case "assert": {
      const isInterface = info.underlying(instr.type).kind === "interface";
      const exec = isInterface ? values.assertInterface : values.assertConcrete;
      const x = info.zero(instr.type);
      return ins(exec, { a: instr.value, b: instr.from, c: instr.type, x, y: instr.commaOk });
    }
    case "extract":
      return ins(values.extract, { a: instr.tuple, b: instr.index });
    case "project": {
      const type = info.underlying(instr.type);
      const field = type.kind === "struct" ? type.fields[instr.field] : undefined;
      const b = info.layout.offset(instr.type, instr.field);
      return field !== undefined && info.aggregate(field.type)
        ? ins(values.projectCells, { a: instr.value, b, c: info.layout.cells(field.type) })
        : ins(values.extract, { a: instr.value, b });
    }
    case "at":
      return compileAt(image, instr, ins);
    case "closure":
      return ins(values.closure, { x: info.func(instr.func), list: instr.captures });
    default:
      return undefined;
  }
}

function compileAt(image: Image, instr: Of<"at">, ins: Make): Ins {
  const { info } = image;
  const type = info.underlying(instr.type);
  const operands = { a: instr.value, b: instr.index };
  if (type.kind !== "array") return ins(values.atString, operands);
  return info.aggregate(type.elem)
    ? ins(values.atCells, { ...operands, c: type.length, x: info.layout.cells(type.elem) })
    : ins(values.atCell, { ...operands, c: type.length });
}

function compileMemory(image: Image, func: Func, instr: Instr, ins: Make): Ins | undefined {
  const { info } = image;
  switch (instr.op) {
    case "alloc":
      return ins(memory.alloc, { c: instr.type, x: info.zeroCells(instr.type), y: instr.name });
    case "global":
      return ins(memory.global, { a: instr.global });
    case "field":
      return ins(memory.field, { a: instr.base, b: info.layout.offset(instr.type, instr.field) });
    case "element": {
      const operands = { a: instr.base, b: instr.index };
      const array = arrayBehind(image, instr.type);
      const elem = array === undefined ? info.elem(instr.type) : array.elem;
      const c = info.layout.cells(elem);
      return array === undefined
        ? ins(memory.elementOfSlice, { ...operands, c })
        : ins(memory.elementOfArray, { ...operands, c, x: array.length });
    }
    case "slice":
      return compileSlice(image, func, instr, ins);
    case "make":
      return compileMake(image, instr, ins);
    case "load":
      return info.aggregate(instr.type)
        ? ins(memory.loadCells, { a: instr.addr, c: info.layout.cells(instr.type) })
        : ins(memory.load, { a: instr.addr });
    case "store":
      return info.aggregate(instr.type)
        ? ins(memory.storeCells, {
            a: instr.addr,
            b: instr.value,
            c: info.layout.cells(instr.type),
          })
        : ins(memory.store, { a: instr.addr, b: instr.value });
    case "bulk":
      return compileBulk(image, func, instr, ins);
    case "map":
      return compileMap(image, instr, ins);
    default:
      return undefined;
  }
}

function arrayBehind(image: Image, id: TypeId): Extract<Type, { kind: "array" }> | undefined {
  const type = image.info.underlying(id);
  const array = type.kind === "pointer" ? image.info.underlying(type.elem) : type;
  return array.kind === "array" ? array : undefined;
}

function compileSlice(image: Image, func: Func, instr: Of<"slice">, ins: Make): Ins {
  const { info } = image;
  const reg = (it: Reg | null): number => it ?? -1;
  const list = [reg(instr.low), reg(instr.high), reg(instr.max)];
  const type = info.underlying(instr.type);
  if (type.kind === "basic") return ins(memory.sliceString, { a: instr.base, list });
  const array = arrayBehind(image, instr.type);
  if (array === undefined)
    return ins(memory.sliceSlice, {
      a: instr.base,
      list,
      c: info.layout.cells(info.elem(instr.type)),
    });
  const c = info.layout.cells(array.elem);
  const exec = isMake(func, instr) ? memory.sliceMade : memory.sliceArray;
  return ins(exec, { a: instr.base, list, c, x: array.length });
}

function compileMake(image: Image, instr: Of<"make">, ins: Make): Ins {
  const type = image.info.underlying(instr.type);
  const [a = -1, b = -1] = instr.args as readonly number[];
  const fields = { a, b, c: instr.type, y: instr.name };
  if (type.kind === "slice") return ins(memory.makeSlice, { ...fields, x: type.elem });
  return type.kind === "map" ? ins(memory.makeMap, fields) : ins(memory.makeChan, fields);
}

function compileBulk(image: Image, func: Func, instr: Of<"bulk">, ins: Make): Ins {
  const { info } = image;
  const [a = -1, b = -1] = instr.args as readonly number[];
  const elem = info.elem(instr.type);
  const fields = { a, b, c: info.layout.cells(elem), x: elem };
  switch (instr.fn) {
    case "append":
      return ins(bulk.append, { ...fields, y: growsLocally(func, instr) });
    case "copy":
      return ins(bulk.copy, fields);
    case "clear":
      return ins(bulk.clear, fields);
    case "bytes-to-string":
      return ins(bulk.bytesToString, fields);
    case "runes-to-string":
      return ins(bulk.runesToString, fields);
    case "string-to-bytes":
      return ins(bulk.stringToBytes, { ...fields, x: info.named("uint8") ?? elem });
    case "string-to-runes":
      return ins(bulk.stringToRunes, { ...fields, x: info.named("int32") ?? elem });
    default:
      return unreachable(instr.fn);
  }
}

function compileMap(image: Image, instr: Of<"map">, ins: Make): Ins {
  const { info } = image;
  const type = info.underlying(instr.type);
  const [a = -1, b = -1, value = -1] = instr.args as readonly number[];
  const fields = { a, b, c: type.kind === "map" ? type.key : 0 };
  const zero = type.kind === "map" ? info.zero(type.value) : undefined;
  switch (instr.fn) {
    case "get":
      return ins(maps.mapGet, { ...fields, x: zero, y: false });
    case "get-ok":
      return ins(maps.mapGet, { ...fields, x: zero, y: true });
    case "set":
      return ins(maps.mapSet, { ...fields, list: [value] });
    case "delete":
      return ins(maps.mapDelete, fields);
    case "len":
      return ins(maps.mapLen, fields);
    case "clear":
      return ins(maps.mapClear, fields);
    case "iterate":
      return ins(maps.mapIterate, fields);
    case "next":
      return ins(maps.mapNext, {
        a,
        x: type.kind === "map" ? info.zero(type.key) : undefined,
        y: zero,
      });
    default:
      return unreachable(instr.fn);
  }
}

function compileOther(image: Image, func: Func, instr: Instr, ins: Make): Ins {
  switch (instr.op) {
    case "call":
      return compileDraw(image, func, instr, ins) ?? compileCall(image, instr, ins);
    case "defer":
      return ins(control.defer, { x: instr.callee, list: instr.args });
    case "run-defers":
      return ins(control.runDefers);
    case "recover":
      return ins(control.recover);
    case "try":
      return ins(control.openTry);
    case "end-try":
      return ins(control.closeTry);
    case "acquire":
    case "release":
    case "try-acquire":
    case "send":
    case "recv":
    case "close":
    case "select":
    case "sync":
    case "spawn":
    case "atomic":
    case "await":
      return ins(control.stopBefore);
    default:
      return ins(notGo, { x: `${instr.op} in ${func.name}` });
  }
}

const notGo: Exec = (cpu, ins) => {
  throw cpu.unsupported(String(ins.x));
};

/** A call that draws a random number, as far as it is the user's. */
function compileDraw(image: Image, func: Func, instr: Of<"call">, ins: Make): Ins | undefined {
  const random = randomCall(image.program, func, instr);
  if (random === null) return undefined;
  const site: RandomSite = { random, call: compileCall(image, instr, ins) };
  return ins(drawNumber, { x: site, list: instr.args });
}

/** What comes before the user's `range` over a map whose order matters; else null. */
export function compileOrder(image: Image, func: Func, instr: Instr): Ins | null {
  if (instr.op !== "map" || instr.fn !== "iterate" || instr.dst === null) return null;
  // Maps of TypeScript keep the order of insertion.
  if (isOrdered(image, instr.type)) return null;
  if (func.library || !orderMatters(image.info, func, instr)) return null;
  const ins = new Ins(drawOrder, instr.span, instr);
  return Object.assign(ins, { a: instr.args[0] ?? -1, dst: instr.dst });
}

function isOrdered({ info }: Image, id: TypeId): boolean {
  const type = info.underlying(id);
  return type.kind === "map" && info.underlying(type.key).kind === "any";
}

function compileCall(image: Image, instr: Of<"call">, ins: Make): Ins {
  const callee: Callee = instr.callee;
  const list = instr.args;
  switch (callee.kind) {
    case "static": {
      const target = image.info.func(callee.func);
      return target.blocks.length === 0
        ? ins(control.callExternal, { x: target.name, list })
        : ins(control.callStatic, { x: target, list });
    }
    case "external":
      return ins(control.callExternal, { x: callee.name, list });
    case "dynamic":
      return ins(control.callDynamic, { a: callee.value, list });
    case "method":
      return ins(control.callMethod, { a: callee.receiver, x: callee.id, list });
    default:
      return unreachable(callee);
  }
}

/** Integers that are numbers in the program but no safe ones (2^53) become canonical. */
function typedLiteral(image: Image, func: Func, instr: Of<"const">): Value {
  const value = literal(instr.value);
  if (typeof value !== "number" || Number.isSafeInteger(value) || !Number.isInteger(value))
    return value;
  const type = func.regTypes[instr.dst];
  const shape = type === undefined ? undefined : image.info.underlying(type);
  const isInt = shape?.kind === "basic" && intKind(shape.name) !== undefined;
  return isInt ? canonical(BigInt(value)) : value;
}

/** The value a literal stands for. */
export function literal(value: Literal): Value {
  if (typeof value !== "object" || value === null) return value;
  switch (value.kind) {
    case "int":
      return canonical(BigInt(value.text));
    case "float":
      return parseFloatText(value.text);
    case "complex":
      return new Complex(value.re, value.im);
    case "bigint":
      return BigInt(value.text);
    case "regexp":
    case "undefined":
      return undefined;
    default:
      return unreachable(value);
  }
}

function parseFloatText(text: string): number {
  if (/^[+]?Inf$/i.test(text)) return Infinity;
  if (/^-Inf$/i.test(text)) return -Infinity;
  return Number(text);
}
