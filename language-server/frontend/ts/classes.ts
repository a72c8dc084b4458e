import type { ts } from "ts-morph";
import type { Reg } from "../../ir/ir.js";
import type { Fn, Storage } from "./context.js";
import { hoistVars, lowerBody, makeFunction } from "./functions.js";
import { keyText, named, propertyKey } from "./patterns.js";
import { declareCell, initialise, isImported } from "./variables.js";

type Class = ts.ClassLikeDeclaration;

function isFromOutside(fn: Fn, decorator: ts.Expression): boolean {
  const { ts } = fn;
  let at = decorator;
  while (ts.isCallExpression(at) || ts.isPropertyAccessExpression(at)) at = at.expression;
  return (
    ts.isIdentifier(at) &&
    isImported(fn, at) &&
    fn.shared.scopes.symbolOf(at)?.valueDeclaration === undefined
  );
}

export function lowerClass(fn: Fn, node: Class, name: string): Reg {
  const { ts, checker } = fn.shared;
  const heritage = node.heritageClauses?.find((it) => it.token === ts.SyntaxKind.ExtendsKeyword);
  const parentNode = heritage?.types[0]?.expression;
  const parent = parentNode === undefined ? fn.undefined(node) : fn.expr(parentNode);
  const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
  // Those from outside are taken to leave the class as it is.
  if (decorators.some((it) => !isFromOutside(fn, it.expression))) fn.gap(node, "decorators");
  const symbol = node.name === undefined ? undefined : checker.getSymbolAtLocation(node.name);
  if (symbol !== undefined && ts.isClassExpression(node)) declareCell(fn, symbol, node, false);
  const cell = fn.alloc(name, node);
  fn.declare(node, { kind: "cell", reg: cell });
  declareFieldKeys(fn, node);
  const closure = lowerConstructor(fn, node, name, parentNode !== undefined);
  const derived = fn.literal(parentNode !== undefined, node);
  const type = fn.prim("js.class", [closure, parent, derived], node);
  fn.store(cell, type, fn.span(node));
  const prototype = fn.getNamed(type, "prototype", node);
  for (const member of node.members) {
    if (isMethod(fn, member)) lowerMethod(fn, node, name, member, { type, prototype });
    else evaluateFieldKey(fn, member);
  }
  if (symbol !== undefined) initialise(fn, symbol, type, node);
  for (const member of node.members) lowerStatic(fn, node, member, type);
  return type;
}

/** Computed names of fields are evaluated once, with the class, and used whenever an object is made. */
function declareFieldKeys(fn: Fn, node: Class): void {
  for (const { name } of node.members.filter(fn.ts.isPropertyDeclaration)) {
    if (!fn.ts.isComputedPropertyName(name)) continue;
    fn.declare(name, { kind: "cell", reg: fn.alloc("key", name) });
  }
}

function evaluateFieldKey(fn: Fn, { name }: ts.ClassElement): void {
  if (name === undefined || !fn.ts.isComputedPropertyName(name)) return;
  const cell = fn.lookup(name);
  if (cell !== undefined) fn.store(cell.reg, propertyKey(fn, name), fn.span(name));
}

function isStatic(fn: Fn, node: ts.ClassElement): boolean {
  const { ts } = fn;
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some((it) => it.kind === ts.SyntaxKind.StaticKeyword) === true;
}

type Method = ts.MethodDeclaration | ts.AccessorDeclaration;

function isMethod(fn: Fn, node: ts.ClassElement): node is Method {
  const { ts } = fn;
  return (ts.isMethodDeclaration(node) || ts.isAccessor(node)) && node.body !== undefined;
}

function lowerMethod(
  fn: Fn,
  owner: Class,
  className: string,
  node: Method,
  { type, prototype }: { readonly type: Reg; readonly prototype: Reg },
): void {
  const { ts } = fn;
  const fixed = isStatic(fn, node);
  const target = fixed ? type : prototype;
  const key = propertyKey(fn, node.name);
  const text = keyText(fn, node.name);
  const outer = fn.home;
  fn.home = { key: owner, isStatic: fixed };
  const closure = fn.shared.lowering.func(
    fn,
    node,
    className === "" ? text : `${className}.${text}`,
  );
  fn.home = outer;
  const hidden = fn.literal(false, node);
  if (ts.isGetAccessor(node)) fn.prim("js.getter", [target, key, closure, hidden], node);
  else if (ts.isSetAccessor(node)) fn.prim("js.setter", [target, key, closure, hidden], node);
  else {
    fn.prim("js.name", [closure, key], node);
    fn.prim("js.method", [target, key, closure], node);
  }
}

function lowerStatic(fn: Fn, owner: Class, node: ts.ClassElement, type: Reg): void {
  const { ts } = fn;
  if (ts.isClassStaticBlockDeclaration(node)) {
    fn.withThis(type, () => {
      hoistVars(fn, node.body);
      fn.shared.lowering.statements(fn, node.body.statements);
    });
    return;
  }
  if (!ts.isPropertyDeclaration(node) || !isStatic(fn, node)) return;
  const outer = fn.home;
  fn.home = { key: owner, isStatic: true };
  fn.withThis(type, () => {
    lowerField(fn, node, type);
  });
  fn.home = outer;
}

function lowerField(fn: Fn, node: ts.PropertyDeclaration, target: Reg): void {
  const cell = fn.ts.isComputedPropertyName(node.name) ? fn.lookup(node.name) : undefined;
  const key =
    cell === undefined ? propertyKey(fn, node.name) : fn.load(cell.reg, fn.span(node.name));
  const value =
    node.initializer === undefined
      ? fn.undefined(node)
      : named(fn, node.initializer, keyText(fn, node.name));
  fn.prim("js.define", [target, key, value], node);
}

function lowerConstructor(fn: Fn, node: Class, name: string, derived: boolean): Reg {
  const { ts } = fn;
  const constructor = node.members.find(
    (it): it is ts.ConstructorDeclaration =>
      ts.isConstructorDeclaration(it) && it.body !== undefined,
  );
  const at = constructor ?? node;
  return makeFunction(fn, {
    name: name === "" ? "(anonymous)" : name,
    kind: "plain",
    isArrow: false,
    node: at,
    params: constructor?.parameters ?? [],
    configure: (inner) => {
      inner.home = { key: node, isStatic: false };
      if (!derived) return;
      const reg = inner.alloc("this", at);
      inner.store(reg, inner.prim("js.uninitialised", [], at), inner.span(at));
      const storage: Storage = { kind: "cell", reg };
      inner.declare("this", storage);
      inner.derivedConstructor = true;
      inner.afterSuper = (self) => {
        lowerFields(inner, node, constructor, self);
      };
    },
    body: (inner) => {
      const self = inner.lookup("this");
      if (!derived && self !== undefined) lowerFields(inner, node, constructor, self.reg);
      if (constructor?.body !== undefined) lowerBody(inner, constructor.body);
      else if (derived && self !== undefined) {
        const made = inner.prim("js.super-call", [inner.prim("js.arguments", [], at)], at);
        inner.store(self.reg, made, inner.span(at));
        lowerFields(inner, node, undefined, made);
      }
    },
  });
}

/** Fields in their order, then the parameters that are fields too. */
function lowerFields(
  inner: Fn,
  node: Class,
  constructor: ts.ConstructorDeclaration | undefined,
  self: Reg,
): void {
  const { ts } = inner;
  for (const param of constructor?.parameters ?? []) {
    if (!ts.isParameterPropertyDeclaration(param, param.parent)) continue;
    if (!ts.isIdentifier(param.name)) continue;
    const key = inner.literal(param.name.text, param);
    inner.prim("js.define", [self, key, inner.expr(param.name)], param);
  }
  for (const member of node.members) {
    if (!ts.isPropertyDeclaration(member) || isStatic(inner, member)) continue;
    const { modifiers } = member;
    const declared = modifiers?.some((it) => it.kind === ts.SyntaxKind.DeclareKeyword) === true;
    const abstract = modifiers?.some((it) => it.kind === ts.SyntaxKind.AbstractKeyword) === true;
    if (!declared && !abstract) lowerField(inner, member, self);
  }
}
