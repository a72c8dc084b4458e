// Expressions that mean something else in a snippet of goroutines than on the event loop.

import type { ts } from "ts-morph";
import type { Reg } from "../../../ir/ir.js";
import { lowerExpression } from "../expressions.js";
import type { Fn } from "../context.js";
import { keyText, named, propertyKey } from "../patterns.js";
import { readIdentifier } from "../variables.js";
import { lowerCall } from "./calls.js";
import { newObject } from "./classes.js";
import { goFn, type GoFn } from "./fn.js";
import { libraryValue } from "./library.js";
import { asArray, hasKey, nameFor, newArray, newMap, push } from "./values.js";

export function lowerGoExpression(it: Fn, node: ts.Expression): Reg {
  const fn = goFn(it);
  const { ts } = fn;
  if (ts.isOptionalChain(node)) return lowerOptional(fn, node);
  if (ts.isCallExpression(node)) return lowerCall(fn, node);
  if (ts.isNewExpression(node)) return newObject(fn, node);
  if (ts.isObjectLiteralExpression(node)) return lowerObject(fn, node);
  if (ts.isArrayLiteralExpression(node)) return lowerArray(fn, node);
  if (ts.isPropertyAccessExpression(node)) return lowerProperty(fn, node);
  if (ts.isAwaitExpression(node)) return fn.expr(node.expression);
  if (ts.isIdentifier(node)) return lowerIdentifier(fn, node);
  if (ts.isYieldExpression(node)) return fn.gap(node, "generators in a snippet of goroutines");
  if (ts.isRegularExpressionLiteral(node))
    return fn.gap(node, "regular expressions in a snippet of goroutines");
  if (ts.isBinaryExpression(node)) return lowerBinary(fn, node);
  return lowerExpression(fn, node);
}

function lowerIdentifier(fn: GoFn, node: ts.Identifier): Reg {
  const number = numberNamed(fn, node) ?? libraryValue(fn, node) ?? inlineGlobal(fn, node);
  return number ?? readIdentifier(fn, node);
}

function numberNamed(fn: GoFn, node: ts.Identifier): Reg | null {
  if (node.text !== "NaN" && node.text !== "Infinity") return null;
  return fn.literal({ kind: "float", text: node.text === "NaN" ? "NaN" : "Inf" }, node);
}

/** A lock at the top of a module is where it is declared. */
function inlineGlobal(fn: GoFn, node: ts.Identifier): Reg | null {
  const { scopes, globals } = fn.shared;
  const symbol = scopes.symbolOf(node);
  const global = symbol === undefined ? undefined : globals.get(symbol);
  if (symbol === undefined || global === undefined) return null;
  return fn.types.ofGlobal(symbol) === fn.types.any
    ? null
    : fn.globalAddress(global, fn.span(node));
}

function lowerBinary(fn: GoFn, node: ts.BinaryExpression): Reg {
  const K = fn.ts.SyntaxKind;
  const { kind } = node.operatorToken;
  if (kind === K.InstanceOfKeyword) {
    const value = fn.expr(node.left);
    return fn.prim("js.instanceof", [value, fn.literal(node.right.getText(), node.right)], node);
  }
  if (kind === K.InKeyword) {
    const key = fn.expr(node.left);
    const map = fn.expr(node.right);
    if (fn.kindOfReg(map)?.kind === "map") return hasKey(fn, map, key, node);
    return fn.gap(node, "`in` of an object without index signature");
  }
  return lowerExpression(fn, node);
}

/** `a?.b`, `a?.[b]`, `a?.b()`: one link; longer chains link by link. */
function lowerOptional(fn: GoFn, node: ts.Expression): Reg {
  const { ts } = fn;
  if (ts.isCallExpression(node)) return lowerCall(fn, node);
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) {
    return lowerExpression(fn, node);
  }
  const base = fn.expr(node.expression);
  const value = (): Reg => {
    if (ts.isPropertyAccessExpression(node)) return readProperty(fn, base, node);
    return fn.getProp(base, fn.expr(node.argumentExpression), fn.span(node));
  };
  return fn.choose(fn.prim("js.nullish", [base], node), () => fn.undefined(node), value, node);
}

function lowerProperty(fn: GoFn, node: ts.PropertyAccessExpression): Reg {
  const { ts, checker } = fn.shared;
  const member = checker.getSymbolAtLocation(node.name)?.valueDeclaration;
  const isMember = member !== undefined && ts.isEnumMember(member);
  const constant = isMember ? checker.getConstantValue(member) : undefined;
  if (constant !== undefined) return fn.literal(constant, node);
  if (ts.isMetaProperty(node.expression) || ts.isIdentifier(node.expression)) {
    const { text } = node.expression as ts.Identifier;
    if (ts.isMetaProperty(node.expression)) return lowerExpression(fn, node);
    if (text === "Number" || text === "Math") {
      const known = numbers[`${text}.${node.name.text}`];
      if (known !== undefined) return fn.literal(known, node);
    }
    const symbol = fn.shared.scopes.symbolOf(node.expression);
    if (symbol !== undefined && (symbol.flags & ts.SymbolFlags.ValueModule) !== 0) {
      return lowerExpression(fn, node);
    }
  }
  return readProperty(fn, fn.expr(node.expression), node);
}

const numbers: Readonly<
  Record<string, number | { readonly kind: "float"; readonly text: string }>
> = {
  "Number.MAX_SAFE_INTEGER": Number.MAX_SAFE_INTEGER,
  "Math.PI": Math.PI,
  "Number.POSITIVE_INFINITY": { kind: "float", text: "Inf" },
};

function readProperty(fn: GoFn, base: Reg, node: ts.PropertyAccessExpression): Reg {
  const span = fn.span(node.name);
  const name = node.name.text;
  const kind = fn.kindOfReg(base) ?? fn.kindOf(node.expression);
  if (kind !== null) fn.note(base, kind);
  if ((kind?.kind === "map" || kind?.kind === "set") && name === "size" && isBuiltIn(fn, node)) {
    const dst = fn.typed(fn.types.int);
    fn.b.emit({ op: "map", dst, fn: "len", args: [base], type: fn.types.map, span });
    return dst;
  }
  if (kind?.kind === "library") return libraryProperty(fn, kind.name, base, node);
  const declaration = fn.shared.checker.getSymbolAtLocation(node.name)?.valueDeclaration;
  if (declaration !== undefined && fn.ts.isGetAccessor(declaration)) {
    const func = fn.snippet.members.get(declaration);
    if (func !== undefined) return fn.callStatic(func, [base], span);
  }
  if (
    declaration !== undefined &&
    fn.ts.isMethodDeclaration(declaration) &&
    fn.snippet.members.has(declaration)
  ) {
    return fn.gap(node, "a method that is not called at once");
  }
  return fn.getProp(base, fn.literal(name, node.name), span);
}

function isBuiltIn(fn: GoFn, node: ts.PropertyAccessExpression): boolean {
  const declaration = fn.shared.checker.getSymbolAtLocation(node.name)?.declarations?.[0];
  return declaration?.getSourceFile().isDeclarationFile === true;
}

function libraryProperty(
  fn: GoFn,
  owner: string,
  base: Reg,
  node: ts.PropertyAccessExpression,
): Reg {
  const span = fn.span(node);
  if (owner === "Chan" && node.name.text === "length") {
    const dst = fn.typed(fn.types.int);
    fn.b.emit({ op: "sync", dst, fn: "chan-len", object: null, args: [base], span });
    return dst;
  }
  if (owner === "Chan" && node.name.text === "capacity") {
    const dst = fn.typed(fn.types.int);
    fn.b.emit({ op: "prim", dst, fn: "chan-cap", args: [base], type: fn.types.chan, span });
    return dst;
  }
  return fn.gap(node, `${owner}.${node.name.text}`);
}

function lowerArray(fn: GoFn, node: ts.ArrayLiteralExpression): Reg {
  const { ts } = fn;
  const array = newArray(fn, nameFor(fn, node, "array"), node);
  for (const element of node.elements) {
    if (ts.isOmittedExpression(element)) push(fn, array, fn.undefined(element), element);
    else if (ts.isSpreadElement(element))
      pushAll(fn, array, asArray(fn, element.expression), element);
    else push(fn, array, fn.expr(element), element);
  }
  return fn.note(array, { kind: "array" });
}

function pushAll(fn: GoFn, array: Reg, from: Reg, node: ts.Node): void {
  const { types } = fn;
  const span = fn.span(node);
  const [items, more] = [fn.load(array, span), fn.load(from, span)];
  const longer = fn.typed(types.slice);
  fn.b.emit({
    op: "bulk",
    dst: longer,
    fn: "append",
    args: [items, more],
    type: types.slice,
    span,
  });
  fn.store(array, longer, span);
}

function lowerObject(fn: GoFn, node: ts.ObjectLiteralExpression): Reg {
  const { ts, checker } = fn.shared;
  const { types } = fn;
  const type = checker.getContextualType(node) ?? checker.getTypeAtLocation(node);
  const isRecord = checker.getNonNullableType(type).getStringIndexType() !== undefined;
  const span = fn.span(node);
  const name = nameFor(fn, node, "complit");
  const object = isRecord ? newMap(fn, name, node) : fn.allocate(types.object, name, span);
  fn.note(object, isRecord ? { kind: "map" } : { kind: "object" });
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      if (isRecord) fn.gap(property, "spread into a record");
      else spread(fn, object, property);
    } else if (ts.isShorthandPropertyAssignment(property)) {
      const key = fn.literal(property.name.text, property.name);
      fn.setProp(object, key, fn.expr(property.name), fn.span(property));
    } else if (ts.isPropertyAssignment(property)) {
      const key = propertyKey(fn, property.name);
      const value = named(fn, property.initializer, keyText(fn, property.name));
      fn.setProp(object, key, value, fn.span(property));
    } else if (ts.isMethodDeclaration(property)) {
      const key = propertyKey(fn, property.name);
      const closure = fn.shared.lowering.func(fn, property, keyText(fn, property.name));
      fn.setProp(object, key, closure, fn.span(property));
    } else fn.gap(property, "accessors of an object literal in a snippet of goroutines");
  }
  return object;
}

/** Reads each property that objects may have. */
function spread(fn: GoFn, object: Reg, node: ts.SpreadAssignment): void {
  const from = fn.expr(node.expression);
  const properties = fn.shared.checker.getTypeAtLocation(node.expression).getProperties();
  for (const { name } of properties) {
    const key = fn.literal(name, node);
    fn.setProp(object, key, fn.getProp(from, key, fn.span(node)), fn.span(node));
  }
}
