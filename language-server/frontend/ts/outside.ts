// Values from outside the program, by their declared type: what an ambient function replies, what a driver passes.

import type { ts } from "ts-morph";
import type { Reg } from "../../ir/ir.js";
import type { Fn } from "./context.js";
import { makeFunction } from "./functions.js";

const deepest = 6;
const mostValues = 2000;

const mostProperties = 30;

/** A value of the type. Functions that return promises answer at any time, in any order. */
export function outsideValue(fn: Fn, type: ts.Type, what: string, node: ts.Node, depth = 0): Reg {
  const { ts, checker } = fn.shared;
  const F = ts.TypeFlags;
  const has = (flags: ts.TypeFlags): boolean => (type.flags & flags) !== 0;
  const simple = simpleValue(fn, type, what, node);
  if (simple !== null) return simple;
  if (type.isUnion()) {
    const [first] = type.types.filter((it) => (it.flags & (F.Undefined | F.Null)) === 0);
    return first === undefined ? fn.undefined(node) : outsideValue(fn, first, what, node, depth);
  }
  // Types may be recursive in every way: a program is given so many values and no more.
  if (depth > deepest || ++fn.shared.outside.count > mostValues) return opaque(fn, what, node);
  const [signature] = type.getCallSignatures();
  if (signature !== undefined) return outsideFunction(fn, signature, what, node, depth);
  if (checker.isArrayType(type)) return fn.prim("js.array", [], node);
  if (!has(F.Object | F.Intersection)) return opaque(fn, what, node);
  const promised = promisedType(fn, type);
  if (promised !== null) {
    const value = outsideValue(fn, promised, what, node, depth + 1);
    return fn.prim("js.reply", [fn.literal(what, node), value], node);
  }
  const collection = newBuiltIn(fn, type, node);
  return collection ?? outsideObject(fn, type, what, node, depth);
}

/** Of types that are no objects: replies are nothing much, arguments are one of something. */
function simpleValue(fn: Fn, type: ts.Type, what: string, node: ts.Node): Reg | null {
  const F = fn.ts.TypeFlags;
  const has = (flags: ts.TypeFlags): boolean => (type.flags & flags) !== 0;
  const isReply = what.includes("(");
  if (type.isStringLiteral() || type.isNumberLiteral()) return fn.literal(type.value, node);
  if (has(F.NumberLike)) return fn.literal(isReply ? 0 : 1, node);
  if (has(F.StringLike)) {
    return fn.prim("js.outside-text", [fn.literal(isReply ? "" : what, node)], node);
  }
  if (has(F.BooleanLike)) return fn.literal(false, node);
  if (has(F.BigIntLike)) return fn.literal({ kind: "bigint", text: "0" }, node);
  if (has(F.Null)) return fn.literal(null, node);
  if (has(F.Undefined | F.Void | F.Never)) return fn.undefined(node);
  return null;
}

function opaque(fn: Fn, what: string, node: ts.Node): Reg {
  return fn.prim("js.opaque", [fn.literal(what, node)], node);
}

function promisedType(fn: Fn, type: ts.Type): ts.Type | null {
  const name = type.getSymbol()?.name;
  if (name !== "Promise" && name !== "PromiseLike") return null;
  return fn.shared.checker.getTypeArguments(type as ts.TypeReference)[0] ?? null;
}

const builtIns = new Set(["Map", "Set", "WeakMap", "WeakSet", "Date"]);

function newBuiltIn(fn: Fn, type: ts.Type, node: ts.Node): Reg | null {
  const symbol = type.getSymbol();
  const file = symbol?.valueDeclaration?.getSourceFile();
  if (symbol === undefined || file?.isDeclarationFile !== true) return null;
  if (!builtIns.has(symbol.name)) return opaque(fn, symbol.name, node);
  const constructor = fn.prim("js.global", [fn.literal(symbol.name, node)], node);
  const none = fn.prim("js.array", [], node);
  return fn.prim("js.new", [constructor, none, fn.literal(symbol.name, node)], node);
}

function outsideFunction(
  fn: Fn,
  signature: ts.Signature,
  what: string,
  node: ts.Node,
  depth: number,
): Reg {
  const result = signature.getReturnType();
  return makeFunction(fn, {
    name: what,
    kind: "plain",
    isArrow: true,
    node,
    params: [],
    body: (inner) => {
      const value = outsideValue(inner, result, `${what}()`, node, depth + 1);
      inner.b.exit({ op: "return", values: [value], span: inner.span(node) });
    },
  });
}

function outsideObject(fn: Fn, type: ts.Type, what: string, node: ts.Node, depth: number): Reg {
  const object = fn.prim("js.object", [], node);
  for (const property of type.getProperties().slice(0, mostProperties)) {
    const known = property.valueDeclaration ?? property.declarations?.[0];
    if (known === undefined || property.name.startsWith("__")) continue;
    const propertyType = fn.shared.checker.getTypeOfSymbolAtLocation(property, node);
    const value = outsideValue(fn, propertyType, `${what}.${property.name}`, node, depth + 1);
    fn.prim("js.define", [object, fn.literal(property.name, node), value], node);
  }
  return object;
}
