// Arrays, maps and sets of a snippet, as Go has them, and what they are called.

import type { ts } from "ts-morph";
import type { Reg } from "../../../ir/ir.js";
import type { GoFn } from "./fn.js";

export function argumentsOf(fn: GoFn, node: ts.CallExpression): readonly Reg[] {
  return node.arguments.map((it) => fn.expr(it));
}

/** What people call an object: the variable or property it is made for. */
export function nameFor(fn: GoFn, node: ts.Node, otherwise: string): string {
  const { ts } = fn;
  let at = node.parent;
  while (ts.isParenthesizedExpression(at) || ts.isAsExpression(at) || ts.isAwaitExpression(at)) {
    at = at.parent;
  }
  if (ts.isVariableDeclaration(at) && ts.isIdentifier(at.name)) return at.name.text;
  const bare = (text: string): string => text.replace(/^#/, "");
  if (ts.isPropertyAssignment(at) && ts.isIdentifier(at.name)) return bare(at.name.text);
  if (!ts.isPropertyDeclaration(at)) return otherwise;
  const owner = ts.isClassLike(at.parent) ? (at.parent.name?.text ?? "") : "";
  return `${owner}.${bare(at.name.getText())}`;
}

export function newArray(fn: GoFn, name: string, node: ts.Node): Reg {
  return fn.allocate(fn.types.slice, name, fn.span(node));
}

export function newMap(fn: GoFn, name: string, node: ts.Node): Reg {
  const dst = fn.typed(fn.types.map);
  const short = name.includes(".") ? name.slice(name.lastIndexOf(".") + 1) : name;
  const shown = short === "complit" ? "" : short;
  fn.b.emit({ op: "make", dst, type: fn.types.map, args: [], name: shown, span: fn.span(node) });
  return dst;
}

/** An iterable as an array. */
export function asArray(fn: GoFn, node: ts.Expression): Reg {
  const value = fn.expr(node);
  const kind = fn.kindOfReg(value)?.kind;
  if (kind === "array") return value;
  if (kind === "set") return fn.callPrelude("membersOf", [value], node);
  if (kind === "map") return fn.callPrelude("entriesOf", [value], node);
  if (kind === "string") return fn.callPrelude("split", [value, fn.literal("", node)], node);
  return fn.gap(node, "an iterable that is no array, Map, Set or string");
}

export function hasKey(fn: GoFn, map: Reg, key: Reg, node: ts.Node): Reg {
  const { types } = fn;
  const span = fn.span(node);
  const tuple = fn.typed(types.received);
  fn.b.emit({ op: "map", dst: tuple, fn: "get-ok", args: [map, key], type: types.map, span });
  return fn.extract(tuple, 1, types.bool, span);
}

export function push(fn: GoFn, array: Reg, value: Reg, node: ts.Node): void {
  const { types } = fn;
  const span = fn.span(node);
  const items = fn.load(array, span);
  const one = fn.typed(types.slice);
  fn.b.emit({ op: "prim", dst: one, fn: "js.items", args: [value], type: types.any, span });
  const longer = fn.typed(types.slice);
  fn.b.emit({ op: "bulk", dst: longer, fn: "append", args: [items, one], type: types.slice, span });
  fn.store(array, longer, span);
}

export function addMember(fn: GoFn, set: Reg, value: Reg, node: ts.Node): void {
  const args = [set, value, fn.literal(true, node)];
  fn.b.emit({ op: "map", dst: null, fn: "set", args, type: fn.types.map, span: fn.span(node) });
}
