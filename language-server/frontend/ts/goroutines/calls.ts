// Calls in a snippet: of its own functions and methods, of `happens-before/go`, and of the language's own objects.

import type { ts } from "ts-morph";
import type { Reg } from "../../../ir/ir.js";
import { goLibraryFolder } from "../models.js";
import { strip } from "../patterns.js";
import { callBuiltIn, callGlobal } from "./built-ins.js";
import { constructBase } from "./classes.js";
import type { GoFn } from "./fn.js";
import { callLibrary, callLibraryMethod } from "./library.js";
import { argumentsOf } from "./values.js";

export function lowerCall(fn: GoFn, node: ts.CallExpression): Reg {
  const { ts } = fn;
  const K = ts.SyntaxKind;
  if (node.expression.kind === K.ImportKeyword) return fn.gap(node, "import()");
  if (node.arguments.some((it) => ts.isSpreadElement(it)) && !isPush(fn, node)) {
    return fn.gap(node, "spread arguments in a snippet of goroutines");
  }
  if (node.expression.kind === K.SuperKeyword) return superCall(fn, node);
  if (isLeftAlone(fn, node)) fn.gap(node, "a promise that is not awaited at once");
  const callee = strip(fn, node.expression);
  if (ts.isPropertyAccessExpression(callee)) return methodCall(fn, node, callee);
  if (ts.isIdentifier(callee)) return functionCall(fn, node, callee);
  return dynamicCall(fn, node, fn.expr(callee));
}

function isPush(fn: GoFn, node: ts.CallExpression): boolean {
  const { expression } = node;
  return fn.ts.isPropertyAccessExpression(expression) && expression.name.text === "push";
}

function superCall(fn: GoFn, node: ts.CallExpression): Reg {
  const self = fn.lookup("this")?.reg;
  const kind = self === undefined ? null : fn.kindOfReg(self);
  if (self === undefined || kind?.kind !== "class") return fn.gap(node, "super() here");
  constructBase(fn, kind.class, self, argumentsOf(fn, node), node);
  return fn.undefined(node);
}

/** A call whose promise is neither awaited nor handed on: what comes of it runs beside the caller, and nobody says when. */
function isLeftAlone(fn: GoFn, node: ts.CallExpression): boolean {
  const { ts, checker } = fn.shared;
  if (node.getSourceFile() === fn.snippet.preludeFile) return false;
  const type = checker.getTypeAtLocation(node);
  if (type.getSymbol()?.name !== "Promise") return false;
  let at: ts.Node = node;
  while (
    ts.isParenthesizedExpression(at.parent) ||
    ts.isAsExpression(at.parent) ||
    ts.isNonNullExpression(at.parent) ||
    ts.isConditionalExpression(at.parent) ||
    ts.isVoidExpression(at.parent)
  ) {
    at = at.parent;
  }
  const { parent } = at;
  if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent)) return false;
  if (ts.isArrowFunction(parent)) return false;
  return !isLastOfModule(fn, parent);
}

/** Nothing comes after it that could run beside it. */
function isLastOfModule(fn: GoFn, node: ts.Node): boolean {
  const { ts } = fn;
  if (!ts.isExpressionStatement(node)) return false;
  let at: ts.Node = node;
  while (ts.isBlock(at.parent) || ts.isIfStatement(at.parent)) {
    if (ts.isBlock(at.parent) && at.parent.statements.at(-1) !== at) return false;
    at = at.parent;
  }
  const file = at.parent;
  if (!ts.isSourceFile(file)) return false;
  const after = file.statements.slice(file.statements.indexOf(at as ts.Statement) + 1);
  return after.every((it) => ts.isFunctionDeclaration(it) || ts.isClassDeclaration(it));
}

function functionCall(fn: GoFn, node: ts.CallExpression, callee: ts.Identifier): Reg {
  const { scopes, statics } = fn.shared;
  const symbol = scopes.symbolOf(callee);
  const declaration = symbol?.valueDeclaration;
  const file = declaration?.getSourceFile().fileName ?? "";
  if (symbol !== undefined && file.startsWith(goLibraryFolder)) {
    return callLibrary(fn, symbol.name, node);
  }
  const func = symbol === undefined ? undefined : statics.get(symbol);
  if (func !== undefined) return fn.callStatic(func, argumentsOf(fn, node), fn.span(node));
  if (symbol === undefined || scopes.variable(symbol) === undefined) {
    return callGlobal(fn, callee.text, node);
  }
  return dynamicCall(fn, node, fn.expr(callee));
}

function dynamicCall(fn: GoFn, node: ts.CallExpression, value: Reg): Reg {
  const call = (): Reg => fn.call(value, null, argumentsOf(fn, node), fn.span(node));
  if (node.questionDotToken === undefined) return call();
  return fn.choose(fn.prim("js.nullish", [value], node), () => fn.undefined(node), call, node);
}

function methodCall(fn: GoFn, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Reg {
  const { ts } = fn;
  const { expression } = callee;
  if (expression.kind === ts.SyntaxKind.SuperKeyword)
    return ownMethod(fn, node, callee) ?? fn.gap(node, "super here");
  if (ts.isIdentifier(expression)) {
    const symbol = fn.shared.scopes.symbolOf(expression);
    const isModule = symbol !== undefined && (symbol.flags & ts.SymbolFlags.ValueModule) !== 0;
    if (isModule && ts.isIdentifier(callee.name)) return functionCall(fn, node, callee.name);
    const isForeign = symbol === undefined || fn.shared.scopes.variable(symbol) === undefined;
    if (isForeign && symbol?.valueDeclaration?.getSourceFile().isDeclarationFile === true) {
      return callGlobal(fn, `${expression.text}.${callee.name.text}`, node);
    }
  }
  if (callee.questionDotToken === undefined) return onObject(fn, node, callee, fn.expr(expression));
  const base = fn.expr(expression);
  const call = (): Reg => onObject(fn, node, callee, base);
  return fn.choose(fn.prim("js.nullish", [base], node), () => fn.undefined(node), call, node);
}

function onObject(
  fn: GoFn,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  base: Reg,
): Reg {
  const kind = fn.kindOfReg(base) ?? fn.kindOf(callee.expression);
  if (kind !== null) fn.note(base, kind);
  const declaration = fn.shared.checker.getSymbolAtLocation(callee.name)?.declarations?.[0];
  const file = declaration?.getSourceFile();
  if (kind?.kind === "library") return callLibraryMethod(fn, kind.name, base, node, callee);
  if (kind?.kind === "class" && file?.fileName.startsWith(goLibraryFolder) === true) {
    return fn.callPrelude("reasonOf", [base], node);
  }
  const own = ownMethod(fn, node, callee, base);
  if (own !== null) return own;
  if (file === undefined || file.isDeclarationFile) return callBuiltIn(fn, base, node, callee);
  const value = fn.getProp(base, fn.literal(callee.name.text, callee.name), fn.span(callee.name));
  return dynamicCall(fn, node, value);
}

/** A method of a class of the program; which one is known before it runs. */
function ownMethod(
  fn: GoFn,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  base: Reg | undefined = fn.lookup("this")?.reg,
): Reg | null {
  const { ts, checker } = fn.shared;
  const declaration = checker.getSymbolAtLocation(callee.name)?.declarations?.[0];
  if (declaration === undefined || base === undefined) return null;
  const target = ts.isMethodSignature(declaration) ? onlyMethod(fn, callee.name.text) : declaration;
  const func = fn.snippet.members.get(target);
  if (func === undefined || !ts.isMethodDeclaration(target)) return null;
  if (callee.expression.kind !== ts.SyntaxKind.SuperKeyword && isOverridden(fn, target)) {
    return fn.gap(node, "a method that a subclass overrides");
  }
  const fixed = target.modifiers?.some((it) => it.kind === ts.SyntaxKind.StaticKeyword) === true;
  const args = argumentsOf(fn, node);
  return fn.callStatic(func, fixed ? args : [base, ...args], fn.span(node));
}

/** What an interface's method is, where only one class has it. */
function onlyMethod(fn: GoFn, name: string): ts.Node {
  const all = [...fn.snippet.members.keys()].filter(
    (it) =>
      fn.ts.isMethodDeclaration(it) &&
      it.name.getText() === name &&
      it.getSourceFile() !== fn.snippet.preludeFile,
  );
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : fn.ts.factory.createNull();
}

function isOverridden(fn: GoFn, method: ts.MethodDeclaration): boolean {
  const owner = method.parent;
  return [...fn.snippet.members.keys()].some((it) => {
    if (!fn.ts.isMethodDeclaration(it) || it.name.getText() !== method.name.getText()) return false;
    if (!fn.ts.isClassLike(it.parent) || it.parent === owner) return false;
    for (let at = fn.types.classOf(it.parent).base; at !== null; at = at.base) {
      if (at.node === owner) return true;
    }
    return false;
  });
}
