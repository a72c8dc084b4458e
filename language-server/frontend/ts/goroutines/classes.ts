// Classes of a snippet: a struct, a function for the constructor and one for each method, with `this` as first parameter.

import type { ts } from "ts-morph";
import type { Reg } from "../../../ir/ir.js";
import type { Shared } from "../context.js";
import { buildFunction, declareFunction, lowerBody } from "../functions.js";
import { named } from "../patterns.js";
import { goFn, type GoFn, type Snippet } from "./fn.js";
import { newLibraryObject } from "./library.js";
import { sleepFor } from "./times.js";
import { type Class, isStatic } from "./types.js";
import { addMember, nameFor, newArray, newMap } from "./values.js";

type Method = ts.MethodDeclaration | ts.AccessorDeclaration;

/** Names the functions of every class of a file, so that calls can name them. */
export function declareClasses(shared: Shared, snippet: Snippet, file: ts.SourceFile): void {
  const { ts } = shared;
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) declareClass(shared, snippet, node);
    ts.forEachChild(node, visit);
  };
  visit(file);
}

function declareClass(shared: Shared, snippet: Snippet, node: ts.ClassLikeDeclaration): void {
  const { ts } = shared;
  snippet.types.classOf(node);
  const owner = node.name?.text ?? "class";
  const declare = (member: ts.Node, name: string): void => {
    const parts = { name, kind: "plain", node: member } as const;
    snippet.members.set(member, declareFunction(shared, null, parts));
  };
  declare(node, `new ${owner}`);
  for (const it of node.members) {
    const isMethod = ts.isMethodDeclaration(it) || ts.isAccessor(it);
    if (isMethod && it.body !== undefined) declare(it, `${owner}.${it.name.getText()}`);
  }
}

/** The functions of a class; `fn` is where it is written. */
export function lowerGoClass(fn: GoFn, node: ts.ClassLikeDeclaration): Reg {
  const { ts } = fn;
  const of = fn.types.classOf(node);
  lowerConstructor(fn, of);
  for (const member of node.members) {
    if (isStatic(ts, member) && ts.isPropertyDeclaration(member))
      fn.gap(member, "static members in a snippet of goroutines");
    const isMethod = ts.isMethodDeclaration(member) || ts.isAccessor(member);
    if (isMethod && member.body !== undefined) lowerMethod(fn, of, member);
  }
  return fn.undefined(node);
}

function lowerMethod(fn: GoFn, of: Class, node: Method): void {
  const func = fn.snippet.members.get(node);
  const { body } = node;
  if (func === undefined || body === undefined) return;
  if ("asteriskToken" in node && node.asteriskToken !== undefined)
    fn.gap(node, "generators in a snippet of goroutines");
  buildFunction(fn, func, {
    name: node.name.getText(),
    kind: "plain",
    isArrow: false,
    node,
    params: node.parameters,
    configure: (inner) => {
      if (!isStatic(fn.ts, node)) declareThis(goFn(inner), of);
    },
    body: (inner) => {
      lowerBody(inner, body);
    },
  });
}

function declareThis(fn: GoFn, of: Class): Reg {
  const reg = fn.b.param(fn.types.pointer(of.type), "this");
  fn.declare("this", { kind: "value", reg });
  return fn.note(reg, { kind: "class", class: of });
}

function lowerConstructor(fn: GoFn, of: Class): void {
  const { ts } = fn;
  const { node } = of;
  const func = fn.snippet.members.get(node);
  if (func === undefined) return;
  const own = node.members.find(
    (it): it is ts.ConstructorDeclaration =>
      ts.isConstructorDeclaration(it) && it.body !== undefined,
  );
  const body = own?.body;
  const handed: Reg[] = [];
  buildFunction(fn, func, {
    name: node.name?.text ?? "class",
    kind: "plain",
    isArrow: false,
    node: own ?? node,
    params: own?.parameters ?? [],
    configure: (inner) => {
      declareThis(goFn(inner), of);
      const count = own === undefined ? inherited(fn, of) : 0;
      for (let i = 0; i < count; i++) handed.push(inner.b.param(fn.types.any));
    },
    body: (inner) => {
      const self = inner.lookup("this")?.reg;
      if (self === undefined) return;
      if (of.base === null && !of.isError) initialise(goFn(inner), of, self);
      else if (body === undefined) constructBase(goFn(inner), of, self, handed, node);
      if (body !== undefined) lowerBody(inner, body);
    },
  });
}

/** How many arguments a constructor that nobody wrote hands on. */
function inherited(fn: GoFn, { base, isError }: Class): number {
  if (base === null) return isError ? 1 : 0;
  const written = base.node.members.find((it) => fn.ts.isConstructorDeclaration(it));
  return written === undefined ? inherited(fn, base) : written.parameters.length;
}

/** `super(…)`, and then the fields. */
export function constructBase(
  fn: GoFn,
  of: Class,
  self: Reg,
  args: readonly Reg[],
  node: ts.Node,
): void {
  const span = fn.span(node);
  if (of.base === null) {
    fn.store(fn.fieldOf(self, of, "name", span), fn.literal("Error", node), span);
    fn.store(fn.fieldOf(self, of, "message", span), args[0] ?? fn.literal("", node), span);
  } else {
    const func = fn.snippet.members.get(of.base.node);
    if (func !== undefined) fn.callStatic(func, [self, ...args], span);
  }
  initialise(fn, of, self);
}

function initialise(fn: GoFn, of: Class, self: Reg): void {
  const { ts } = fn;
  for (const member of of.node.members) {
    if (ts.isPropertyDeclaration(member) && !isStatic(ts, member)) {
      if (member.initializer === undefined) continue;
      const name = member.name.getText();
      if (of.inline.has(name)) continue;
      const span = fn.span(member);
      const value = named(fn, member.initializer, name);
      fn.store(fn.fieldOf(self, of, name, span), value, span);
    }
    if (!ts.isConstructorDeclaration(member)) continue;
    for (const param of member.parameters) {
      if (!ts.isParameterPropertyDeclaration(param, member) || !ts.isIdentifier(param.name))
        continue;
      const span = fn.span(param);
      fn.store(fn.fieldOf(self, of, param.name.text, span), fn.expr(param.name), span);
    }
  }
}

export function newObject(fn: GoFn, node: ts.NewExpression): Reg {
  const { ts } = fn;
  const args = node.arguments ?? [];
  const of = fn.types.classNamed(node.expression);
  const library = newLibraryObject(fn, node);
  if (library !== null) return library;
  if (of !== null) {
    const self = fn.allocate(of.type, nameFor(fn, node, "new"), fn.span(node));
    const func = fn.snippet.members.get(of.node);
    if (args.some((it) => ts.isSpreadElement(it)))
      return fn.gap(node, "spread arguments of a constructor");
    const given = args.map((it) => fn.expr(it));
    if (func !== undefined) fn.callStatic(func, [self, ...given], fn.span(node));
    return fn.note(self, { kind: "class", class: of });
  }
  const name = node.expression.getText();
  if (name.endsWith("Error")) return newError(fn, name, args[0], node);
  if (name === "Map" || name === "Set") return newCollection(fn, name, node);
  if (name === "Array") return newSized(fn, node);
  if (name === "Promise")
    return sleepOf(fn, node) ?? fn.gap(node, "a promise made by hand in a snippet of goroutines");
  return fn.gap(node, `new ${name} in a snippet of goroutines`);
}

function newError(fn: GoFn, name: string, message: ts.Expression | undefined, node: ts.Node): Reg {
  const { types } = fn;
  const span = fn.span(node);
  const error = fn.note(fn.allocate(types.error, "new", span), { kind: "error" });
  fn.setProp(error, fn.literal("name", node), fn.literal(name, node), span);
  const text = message === undefined ? fn.literal("", node) : fn.expr(message);
  fn.setProp(error, fn.literal("message", node), text, span);
  return error;
}

function newCollection(fn: GoFn, name: "Map" | "Set", node: ts.NewExpression): Reg {
  const [from] = node.arguments ?? [];
  const kind = name === "Map" ? "map" : "set";
  if (from === undefined) return fn.note(newMap(fn, nameFor(fn, node, ""), node), { kind });
  const values = fn.ts.isArrayLiteralExpression(from) && kind === "set" ? from.elements : null;
  if (values?.every((it) => !fn.ts.isSpreadElement(it)) === true) {
    const set = fn.note(newMap(fn, nameFor(fn, node, ""), node), { kind });
    for (const it of values) addMember(fn, set, fn.expr(it), it);
    return set;
  }
  const value = fn.expr(from);
  const known = fn.kindOfReg(value)?.kind;
  const entries = known === "map" ? fn.callPrelude("entriesOf", [value], node) : value;
  const members = known === "set" ? fn.callPrelude("membersOf", [value], node) : entries;
  return fn.note(fn.callPrelude(`${kind}From`, [members], node), { kind });
}

function newSized(fn: GoFn, node: ts.NewExpression): Reg {
  const [length] = node.arguments ?? [];
  if (length === undefined)
    return fn.note(newArray(fn, nameFor(fn, node, "array"), node), { kind: "array" });
  return fn.note(fn.callPrelude("fromLength", [fn.expr(length), fn.undefined(node)], node), {
    kind: "array",
  });
}

/** `new Promise((resolve) => setTimeout(resolve, millis))` */
function sleepOf(fn: GoFn, node: ts.NewExpression): Reg | null {
  const { ts } = fn;
  const [executor] = node.arguments ?? [];
  if (executor === undefined || !ts.isArrowFunction(executor)) return null;
  const [resolve] = executor.parameters;
  const { body } = executor;
  const only = ts.isBlock(body) && body.statements.length === 1 ? body.statements[0] : undefined;
  const call = only !== undefined && ts.isExpressionStatement(only) ? only.expression : body;
  if (!ts.isCallExpression(call) || call.expression.getText() !== "setTimeout") return null;
  const [callback, millis] = call.arguments;
  if (resolve === undefined || callback?.getText() !== resolve.name.getText()) return null;
  return sleepFor(fn, millis === undefined ? fn.literal(0, node) : fn.expr(millis), node);
}
