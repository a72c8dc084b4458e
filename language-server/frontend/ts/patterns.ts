// Destructuring, in declarations and in assignments, and everything that can stand on the left of an assignment.

import type { ts } from "ts-morph";
import type { Reg } from "../../ir/ir.js";
import type { Fn } from "./context.js";
import { superGet, superSet } from "./super.js";
import { initialise, readIdentifier, writeIdentifier } from "./variables.js";

export function bind(fn: Fn, name: ts.BindingName, value: Reg): void {
  const { ts, checker } = fn.shared;
  if (ts.isIdentifier(name)) {
    const symbol = checker.getSymbolAtLocation(name);
    if (symbol !== undefined) initialise(fn, fn.shared.scopes.resolve(symbol), value, name);
    return;
  }
  if (ts.isObjectBindingPattern(name)) bindObject(fn, name, value);
  else {
    iterate(fn, name, value, name.elements.length, (take, rest) => {
      for (const element of name.elements) {
        if (ts.isOmittedExpression(element)) take();
        else if (element.dotDotDotToken !== undefined) bind(fn, element.name, rest());
        else bind(fn, element.name, withDefault(fn, take(), element.initializer));
      }
    });
  }
}

function bindObject(fn: Fn, pattern: ts.ObjectBindingPattern, value: Reg): void {
  const { ts } = fn;
  fn.prim("js.require-object", [value], pattern);
  const keys: Reg[] = [];
  for (const element of pattern.elements) {
    if (element.dotDotDotToken !== undefined) {
      bind(fn, element.name, fn.prim("js.rest-object", [value, ...keys], element));
      continue;
    }
    const name = element.propertyName ?? (element.name as ts.Identifier);
    const key = propertyKey(fn, name);
    keys.push(key);
    const got = fn.getProp(value, key, fn.span(ts.isIdentifier(name) ? name : element));
    bind(fn, element.name, withDefault(fn, got, element.initializer));
  }
}

/** `initializer` where the value is undefined. */
export function withDefault(fn: Fn, value: Reg, initializer: ts.Expression | undefined): Reg {
  if (initializer === undefined) return value;
  const missing = fn.prim("js.undefined", [value], initializer);
  return fn.choose(
    missing,
    () => named(fn, initializer, ""),
    () => value,
    initializer,
  );
}

/** Functions and classes without a name take that of what they are assigned to. */
export function named(fn: Fn, node: ts.Expression, name: string): Reg {
  const { ts } = fn;
  const anonymous =
    (ts.isFunctionExpression(node) || ts.isArrowFunction(node)) && node.name === undefined;
  if (anonymous) return fn.shared.lowering.func(fn, node, name);
  if (ts.isClassExpression(node) && node.name === undefined) {
    return fn.shared.lowering.class(fn, node, name);
  }
  return fn.expr(node);
}

/** The elements of an iterable, which is closed when it is not exhausted. */
function iterate(
  fn: Fn,
  node: ts.Node,
  value: Reg,
  count: number,
  each: (take: () => Reg, rest: () => Reg) => void,
): void {
  const iterator = fn.prim("js.iter-open", [value], node);
  each(
    () => fn.prim("js.iter-take", [iterator], node),
    () => fn.prim("js.iter-rest", [iterator], node),
  );
  if (count >= 0) fn.prim("js.iter-close", [iterator], node);
}

export function propertyKey(fn: Fn, name: ts.PropertyName): Reg {
  const { ts } = fn;
  if (ts.isComputedPropertyName(name)) {
    return fn.prim("js.property-key", [fn.expr(name.expression)], name);
  }
  return fn.literal(keyText(fn, name), name);
}

/** The text of a name that is not computed. */
export function keyText(fn: Fn, name: ts.PropertyName): string {
  const { ts } = fn;
  if (ts.isNumericLiteral(name)) return String(Number(name.text));
  return ts.isComputedPropertyName(name) ? "" : name.text;
}

/** Something that can be read and written: its parts are evaluated once. */
export interface Reference {
  get(): Reg;
  set(value: Reg): void;
}

export function referenceOf(fn: Fn, target: ts.Expression): Reference {
  const { ts } = fn;
  const node = strip(fn, target);
  if (ts.isIdentifier(node)) {
    return {
      get: () => readIdentifier(fn, node),
      set: (value) => {
        writeIdentifier(fn, node, value);
      },
    };
  }
  if (ts.isPropertyAccessExpression(node) && !isSuper(fn, node)) {
    const base = fn.expr(node.expression);
    const key = fn.literal(node.name.text, node.name);
    return propertyReference(fn, base, key, fn.span(node.name));
  }
  if (ts.isElementAccessExpression(node) && !isSuper(fn, node)) {
    const base = fn.expr(node.expression);
    const key = fn.expr(node.argumentExpression);
    return propertyReference(fn, base, key, fn.spanAfter(node.expression, node));
  }
  if (ts.isPropertyAccessExpression(node)) {
    return superReference(fn, fn.literal(node.name.text, node.name), node);
  }
  if (ts.isElementAccessExpression(node)) {
    return superReference(fn, fn.expr(node.argumentExpression), node);
  }
  const fail = (): Reg => fn.gap(node, "assignment to this expression");
  return { get: fail, set: fail };
}

function superReference(fn: Fn, key: Reg, node: ts.Expression): Reference {
  return {
    get: () => superGet(fn, key, node),
    set: (value) => {
      superSet(fn, key, value, node);
    },
  };
}

function isSuper(fn: Fn, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): boolean {
  return node.expression.kind === fn.ts.SyntaxKind.SuperKeyword;
}

function propertyReference(fn: Fn, base: Reg, key: Reg, span: ReturnType<Fn["span"]>): Reference {
  return {
    get: () => fn.getProp(base, key, span),
    set: (value) => {
      fn.setProp(base, key, value, span);
    },
  };
}

/** Without parentheses and without what only the type checker sees. */
export function strip(fn: Fn, node: ts.Expression): ts.Expression {
  const { ts } = fn;
  let at = node;
  while (
    ts.isParenthesizedExpression(at) ||
    ts.isAsExpression(at) ||
    ts.isNonNullExpression(at) ||
    ts.isSatisfiesExpression(at) ||
    ts.isTypeAssertionExpression(at)
  ) {
    at = at.expression;
  }
  return at;
}

/** `target = value`, patterns included. */
export function assign(fn: Fn, target: ts.Expression, value: Reg): void {
  const { ts } = fn;
  const node = strip(fn, target);
  if (ts.isObjectLiteralExpression(node)) assignObject(fn, node, value);
  else if (ts.isArrayLiteralExpression(node)) {
    iterate(fn, node, value, node.elements.length, (take, rest) => {
      for (const element of node.elements) {
        if (ts.isOmittedExpression(element)) take();
        else if (ts.isSpreadElement(element)) assign(fn, element.expression, rest());
        else assignDefaulted(fn, element, take());
      }
    });
  } else referenceOf(fn, node).set(value);
}

function assignObject(fn: Fn, node: ts.ObjectLiteralExpression, value: Reg): void {
  const { ts } = fn;
  fn.prim("js.require-object", [value], node);
  const keys: Reg[] = [];
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      assign(fn, property.expression, fn.prim("js.rest-object", [value, ...keys], property));
      continue;
    }
    if (ts.isMethodDeclaration(property) || ts.isAccessor(property)) {
      fn.gap(property, "a method in a pattern");
      continue;
    }
    const key = propertyKey(fn, property.name);
    keys.push(key);
    const got = fn.getProp(value, key, fn.span(property.name));
    if (ts.isShorthandPropertyAssignment(property)) {
      const whole = withDefault(fn, got, property.objectAssignmentInitializer);
      writeIdentifier(fn, property.name, whole);
    } else assignDefaulted(fn, property.initializer, got);
  }
}

/** `target = default` inside a pattern. */
function assignDefaulted(fn: Fn, node: ts.Expression, value: Reg): void {
  const { ts } = fn;
  const defaulted =
    ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (defaulted) assign(fn, node.left, withDefault(fn, value, node.right));
  else assign(fn, node, value);
}
