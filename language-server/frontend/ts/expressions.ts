import type { ts } from "ts-morph";
import type { Literal, Reg } from "../../ir/ir.js";
import { lowerCall, lowerChain, lowerNew, lowerTagged } from "./calls.js";
import type { Fn } from "./context.js";
import { lowerJsxElement, lowerJsxFragment, lowerJsxSelfClosing } from "./jsx.js";
import { lowerObject } from "./objects.js";
import { assign, named, referenceOf, strip } from "./patterns.js";
import { type Compiler, uriOf } from "./program.js";
import { superGet } from "./super.js";
import {
  isImported,
  modelledGlobal,
  readIdentifier,
  readModelledMember,
  readStorage,
} from "./variables.js";

type Handler = (fn: Fn, node: ts.Expression) => Reg;

let tables: {
  readonly expressions: Map<ts.SyntaxKind, Handler>;
  readonly operators: Map<ts.SyntaxKind, string>;
} | null = null;

export function lowerExpression(fn: Fn, node: ts.Expression): Reg {
  const { ts } = fn;
  tables ??= { expressions: expressionTable(ts), operators: operatorTable(ts) };
  const root = ts.isOptionalChain(node) && !isInnerLink(ts, node);
  if (root) return lowerChain(fn, node);
  const handler = tables.expressions.get(node.kind);
  if (handler === undefined) return fn.gap(node, `the expression ${ts.SyntaxKind[node.kind]}`);
  return handler(fn, node);
}

function isInnerLink(ts: Compiler, node: ts.Node): boolean {
  const { parent } = node;
  return ts.isOptionalChain(parent) && parent.expression === node;
}

function expressionTable(ts: Compiler): Map<ts.SyntaxKind, Handler> {
  const table = new Map<ts.SyntaxKind, Handler>();
  const on = (kind: ts.SyntaxKind, run: (fn: Fn, node: never) => Reg): void => {
    table.set(kind, run as unknown as Handler);
  };
  const K = ts.SyntaxKind;
  const literal = (kind: ts.SyntaxKind, value: (node: ts.LiteralExpression) => Literal): void => {
    on(kind, (fn, node: ts.LiteralExpression) => fn.literal(value(node), node));
  };
  literal(K.NumericLiteral, (it) => Number(it.text));
  literal(K.BigIntLiteral, (it) => ({ kind: "bigint", text: it.text.replace(/n$/, "") }));
  literal(K.StringLiteral, (it) => it.text);
  literal(K.NoSubstitutionTemplateLiteral, (it) => it.text);
  literal(K.RegularExpressionLiteral, (it) => ({ kind: "regexp", text: it.text }));
  literal(K.TrueKeyword, () => true);
  literal(K.FalseKeyword, () => false);
  literal(K.NullKeyword, () => null);
  on(K.Identifier, readIdentifier);
  on(K.ThisKeyword, readThis);
  on(K.ParenthesizedExpression, passOn);
  on(K.AsExpression, passOn);
  on(K.NonNullExpression, passOn);
  on(K.ExpressionWithTypeArguments, passOn);
  on(K.SatisfiesExpression, passOn);
  on(K.TypeAssertionExpression, passOn);
  on(K.TemplateExpression, lowerTemplate);
  on(K.TaggedTemplateExpression, lowerTagged);
  on(K.ArrayLiteralExpression, lowerArray);
  on(K.ObjectLiteralExpression, lowerObject);
  on(K.FunctionExpression, lowerNamedFunction);
  on(K.ArrowFunction, (fn, node: ts.ArrowFunction) => fn.shared.lowering.func(fn, node, ""));
  on(K.ClassExpression, (fn, node: ts.ClassExpression) =>
    fn.shared.lowering.class(fn, node, node.name?.text ?? ""),
  );
  on(K.PropertyAccessExpression, lowerProperty);
  on(K.ElementAccessExpression, lowerElement);
  on(K.CallExpression, lowerCall);
  on(K.NewExpression, lowerNew);
  on(K.BinaryExpression, lowerBinary);
  on(K.PrefixUnaryExpression, lowerPrefix);
  on(K.PostfixUnaryExpression, (fn, node: ts.PostfixUnaryExpression) =>
    lowerUpdate(fn, node, node.operand, node.operator === K.PlusPlusToken, false),
  );
  on(K.ConditionalExpression, (fn, node: ts.ConditionalExpression) =>
    fn.choose(
      fn.expr(node.condition),
      () => fn.expr(node.whenTrue),
      () => fn.expr(node.whenFalse),
      node,
    ),
  );
  on(K.TypeOfExpression, lowerTypeof);
  on(K.VoidExpression, (fn, node: ts.VoidExpression) => {
    fn.expr(node.expression);
    return fn.undefined(node);
  });
  on(K.DeleteExpression, lowerDelete);
  on(K.AwaitExpression, (fn, node: ts.AwaitExpression) =>
    fn.await(fn.expr(node.expression), fn.span(node)),
  );
  on(K.YieldExpression, lowerYield);
  on(K.JsxElement, lowerJsxElement);
  on(K.JsxSelfClosingElement, lowerJsxSelfClosing);
  on(K.JsxFragment, lowerJsxFragment);
  on(K.MetaProperty, (fn, node: ts.MetaProperty) =>
    node.keywordToken === K.NewKeyword
      ? fn.prim("js.new-target", [], node)
      : fn.gap(node, "import.meta"),
  );
  return table;
}

function passOn(
  fn: Fn,
  node:
    | ts.ParenthesizedExpression
    | ts.AsExpression
    | ts.NonNullExpression
    | ts.ExpressionWithTypeArguments
    | ts.SatisfiesExpression
    | ts.TypeAssertion,
): Reg {
  return fn.expr(node.expression);
}

export function readThis(fn: Fn, node: ts.Node): Reg {
  const storage = fn.lookup("this");
  return storage === undefined ? fn.undefined(node) : readStorage(fn, storage, node);
}

function lowerTemplate(fn: Fn, node: ts.TemplateExpression): Reg {
  let text = fn.literal(node.head.text, node.head);
  for (const { expression, literal } of node.templateSpans) {
    const value = fn.prim("js.string", [fn.expr(expression)], expression);
    text = fn.prim("js.add", [text, value], node);
    if (literal.text !== "") {
      text = fn.prim("js.add", [text, fn.literal(literal.text, literal)], node);
    }
  }
  return text;
}

function lowerArray(fn: Fn, node: ts.ArrayLiteralExpression): Reg {
  const { ts } = fn;
  const plain = node.elements.every((it) => !ts.isSpreadElement(it) && !ts.isOmittedExpression(it));
  if (plain)
    return fn.prim(
      "js.array",
      node.elements.map((it) => fn.expr(it)),
      node,
    );
  const array = fn.prim("js.array", [], node);
  for (const element of node.elements) {
    if (ts.isOmittedExpression(element)) {
      const length = fn.getNamed(array, "length", element);
      const longer = fn.prim("js.add", [length, fn.literal(1, element)], element);
      fn.setProp(array, fn.literal("length", element), longer, fn.span(element));
    } else if (ts.isSpreadElement(element)) {
      fn.prim("js.push-all", [array, fn.expr(element.expression)], element);
    } else fn.prim("js.push", [array, fn.expr(element)], element);
  }
  return array;
}

function lowerNamedFunction(fn: Fn, node: ts.FunctionExpression): Reg {
  const symbol =
    node.name === undefined ? undefined : fn.shared.checker.getSymbolAtLocation(node.name);
  const closed = symbol !== undefined && fn.shared.scopes.variable(symbol)?.captured === true;
  const cell = closed ? fn.alloc(symbol.name, node) : null;
  if (symbol !== undefined && cell !== null) fn.declare(symbol, { kind: "cell", reg: cell });
  const closure = fn.shared.lowering.func(fn, node, node.name?.text ?? "");
  if (cell !== null) fn.store(cell, closure, fn.span(node));
  return closure;
}

function lowerProperty(fn: Fn, node: ts.PropertyAccessExpression): Reg {
  if (node.expression.kind === fn.ts.SyntaxKind.SuperKeyword) {
    return superGet(fn, fn.literal(node.name.text, node.name), node);
  }
  const module = moduleMember(fn, node) ?? readModelledMember(fn, node);
  if (module !== null) return module;
  // Whether the module is the one that was started.
  if (fn.ts.isMetaProperty(node.expression) && node.name.text === "main") {
    return fn.literal(node.getSourceFile() === fn.shared.main, node);
  }
  const place = fn.ts.isMetaProperty(node.expression) ? placeOfModule(node) : null;
  if (place !== null) return fn.literal(place, node);
  const base = fn.expr(node.expression);
  if (node.name.text === "") return fn.gap(node, "incomplete code");
  return fn.getProp(base, fn.literal(node.name.text, node.name), fn.span(node.name));
}

/** Where the module is, as `import.meta` has it. */
function placeOfModule(node: ts.PropertyAccessExpression): string | null {
  const { fileName } = node.getSourceFile();
  switch (node.name.text) {
    case "url":
      return uriOf(fileName);
    case "filename":
      return fileName;
    case "dirname":
      return fileName.slice(0, fileName.lastIndexOf("/"));
    default:
      return null;
  }
}

/** `module.name` where `module` is a namespace import of the program's own module. */
function moduleMember(fn: Fn, node: ts.PropertyAccessExpression): Reg | null {
  const { ts } = fn;
  if (!ts.isIdentifier(node.expression) || !ts.isIdentifier(node.name)) return null;
  const symbol = fn.shared.scopes.symbolOf(node.expression);
  if (symbol === undefined || (symbol.flags & ts.SymbolFlags.ValueModule) === 0) return null;
  const member = fn.shared.scopes.symbolOf(node.name);
  return member !== undefined && fn.shared.globals.has(member)
    ? readIdentifier(fn, node.name)
    : null;
}

function lowerElement(fn: Fn, node: ts.ElementAccessExpression): Reg {
  if (node.expression.kind === fn.ts.SyntaxKind.SuperKeyword) {
    return superGet(fn, fn.expr(node.argumentExpression), node);
  }
  const base = fn.expr(node.expression);
  const key = fn.expr(node.argumentExpression);
  return fn.getProp(base, key, fn.spanAfter(node.expression, node));
}

function lowerTypeof(fn: Fn, node: ts.TypeOfExpression): Reg {
  const operand = strip(fn, node.expression);
  const symbol = fn.ts.isIdentifier(operand) ? fn.shared.scopes.symbolOf(operand) : undefined;
  const foreign =
    fn.ts.isIdentifier(operand) &&
    (symbol === undefined || fn.shared.scopes.variable(symbol) === undefined) &&
    operand.text !== "undefined" &&
    operand.text !== "arguments" &&
    !isImported(fn, operand) &&
    modelledGlobal(fn, operand.text) === undefined;
  if (foreign) return fn.prim("js.typeof-global", [fn.literal(operand.text, operand)], node);
  return fn.prim("js.typeof", [fn.expr(operand)], node);
}

function lowerDelete(fn: Fn, node: ts.DeleteExpression): Reg {
  const { ts } = fn;
  const target = strip(fn, node.expression);
  if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target)) {
    return fn.gap(node, "delete of this expression");
  }
  const base = fn.expr(target.expression);
  const key = ts.isPropertyAccessExpression(target)
    ? fn.literal(target.name.text, target.name)
    : fn.expr(target.argumentExpression);
  const dst = fn.reg();
  fn.b.emit({ op: "delete-prop", dst, base, key, span: fn.span(node) });
  return dst;
}

function lowerYield(fn: Fn, node: ts.YieldExpression): Reg {
  const isAsync = fn.kind === "async-generator";
  if (node.asteriskToken !== undefined && node.expression !== undefined) {
    return lowerDelegate(fn, node, node.expression, isAsync);
  }
  let value = node.expression === undefined ? fn.undefined(node) : fn.expr(node.expression);
  if (isAsync) value = fn.await(value, fn.span(node));
  const dst = fn.reg();
  fn.b.emit({ op: "yield", dst, value, span: fn.span(node) });
  return dst;
}

/** `yield* it`: hands out what the inner iterator hands out, and hands in what `next`, `throw` and `return` are given. */
function lowerDelegate(
  fn: Fn,
  node: ts.YieldExpression,
  inner: ts.Expression,
  isAsync: boolean,
): Reg {
  const opened = fn.expr(inner);
  const iterator = fn.prim(isAsync ? "js.aiter-open" : "js.iter-open", [opened], inner);
  const span = fn.span(node);
  const [head, body, done, handler] = [fn.b.block(), fn.b.block(), fn.b.block(), fn.b.block()];
  const sent = fn.b.blockParam(head, fn.shared.any);
  const error = fn.b.blockParam(handler, fn.shared.any);
  const go = (way: "next" | "forward", given: Reg): Reg => {
    if (!isAsync) return fn.prim(`js.iter-${way}`, [iterator, given], node);
    const result = fn.await(fn.prim(`js.aiter-${way}`, [iterator, given], node), span);
    if (way === "next") return fn.prim("js.aiter-step", [iterator, result], node);
    return fn.prim("js.aiter-forwarded", [iterator, result, given], node);
  };
  fn.jump(head, [fn.undefined(node)], node);
  fn.b.enter(head);
  fn.branch(go("next", sent), body, done, node);
  fn.b.enter(body);
  const value = fn.prim("js.iter-value", [iterator], node);
  fn.b.emit({ op: "try", handler, span });
  const received = fn.reg();
  fn.b.emit({ op: "yield", dst: received, value, span });
  fn.b.emit({ op: "end-try", span });
  fn.jump(head, [received], node);
  fn.b.enter(handler);
  fn.branch(go("forward", error), body, done, node);
  fn.b.enter(done);
  return fn.prim("js.iter-result", [iterator], node);
}

function lowerPrefix(fn: Fn, node: ts.PrefixUnaryExpression): Reg {
  const K = fn.ts.SyntaxKind;
  const { operator, operand } = node;
  if (operator === K.PlusPlusToken || operator === K.MinusMinusToken) {
    return lowerUpdate(fn, node, operand, operator === K.PlusPlusToken, true);
  }
  const names = new Map([
    [K.MinusToken, "js.neg"],
    [K.PlusToken, "js.plus"],
    [K.ExclamationToken, "js.not"],
    [K.TildeToken, "js.bit-not"],
  ]);
  return fn.prim(names.get(operator) ?? "js.not", [fn.expr(operand)], node);
}

/** `++` and `--`: a read, an addition, a write. */
function lowerUpdate(
  fn: Fn,
  node: ts.Expression,
  operand: ts.Expression,
  up: boolean,
  prefix: boolean,
): Reg {
  const reference = referenceOf(fn, operand);
  const old = fn.prim("js.numeric", [reference.get()], node);
  const one = fn.prim("js.one", [old], node);
  const changed = fn.prim(up ? "js.add" : "js.sub", [old, one], node);
  reference.set(changed);
  return prefix ? changed : old;
}

function operatorTable(ts: Compiler): Map<ts.SyntaxKind, string> {
  const K = ts.SyntaxKind;
  return new Map<ts.SyntaxKind, string>([
    [K.PlusToken, "add"],
    [K.MinusToken, "sub"],
    [K.AsteriskToken, "mul"],
    [K.SlashToken, "div"],
    [K.PercentToken, "rem"],
    [K.AsteriskAsteriskToken, "pow"],
    [K.AmpersandToken, "and"],
    [K.BarToken, "or"],
    [K.CaretToken, "xor"],
    [K.LessThanLessThanToken, "shl"],
    [K.GreaterThanGreaterThanToken, "shr"],
    [K.GreaterThanGreaterThanGreaterThanToken, "ushr"],
    [K.LessThanToken, "lt"],
    [K.LessThanEqualsToken, "le"],
    [K.GreaterThanToken, "gt"],
    [K.GreaterThanEqualsToken, "ge"],
    [K.EqualsEqualsEqualsToken, "eq"],
    [K.ExclamationEqualsEqualsToken, "ne"],
    [K.EqualsEqualsToken, "loose-eq"],
    [K.ExclamationEqualsToken, "loose-ne"],
    [K.InKeyword, "in"],
    [K.InstanceOfKeyword, "instanceof"],
    [K.PlusEqualsToken, "add"],
    [K.MinusEqualsToken, "sub"],
    [K.AsteriskEqualsToken, "mul"],
    [K.SlashEqualsToken, "div"],
    [K.PercentEqualsToken, "rem"],
    [K.AsteriskAsteriskEqualsToken, "pow"],
    [K.AmpersandEqualsToken, "and"],
    [K.BarEqualsToken, "or"],
    [K.CaretEqualsToken, "xor"],
    [K.LessThanLessThanEqualsToken, "shl"],
    [K.GreaterThanGreaterThanEqualsToken, "shr"],
    [K.GreaterThanGreaterThanGreaterThanEqualsToken, "ushr"],
  ]);
}

function lowerBinary(fn: Fn, node: ts.BinaryExpression): Reg {
  const { ts } = fn;
  const K = ts.SyntaxKind;
  const { kind } = node.operatorToken;
  if (kind === K.EqualsToken) return lowerAssignment(fn, node);
  if (kind === K.CommaToken) {
    fn.expr(node.left);
    return fn.expr(node.right);
  }
  const logical = logicalOf(ts, kind);
  if (logical !== null) return lowerLogical(fn, node, logical);
  const name = tables?.operators.get(kind);
  if (name !== undefined && ts.isPrivateIdentifier(node.left)) {
    const key = fn.literal(node.left.text, node.left);
    return fn.prim(`js.${name}`, [key, fn.expr(node.right)], node);
  }
  if (name === undefined) {
    return fn.gap(node, `the operator ${node.operatorToken.getText()}`);
  }
  if (kind >= K.FirstAssignment && kind <= K.LastAssignment) {
    const reference = referenceOf(fn, node.left);
    const old = reference.get();
    const value = fn.prim(`js.${name}`, [old, fn.expr(node.right)], node);
    reference.set(value);
    return value;
  }
  const left = fn.expr(node.left);
  return fn.prim(`js.${name}`, [left, fn.expr(node.right)], node);
}

function lowerAssignment(fn: Fn, node: ts.BinaryExpression): Reg {
  const { ts } = fn;
  const target = strip(fn, node.left);
  if (ts.isObjectLiteralExpression(target) || ts.isArrayLiteralExpression(target)) {
    const value = fn.expr(node.right);
    assign(fn, target, value);
    return value;
  }
  const reference = referenceOf(fn, target);
  const value = named(fn, node.right, ts.isIdentifier(target) ? target.text : "");
  reference.set(value);
  return value;
}

interface Logical {
  readonly test: "and" | "or" | "nullish";
  readonly assigns: boolean;
}

function logicalOf(ts: Compiler, kind: ts.SyntaxKind): Logical | null {
  const K = ts.SyntaxKind;
  switch (kind) {
    case K.AmpersandAmpersandToken:
      return { test: "and", assigns: false };
    case K.BarBarToken:
      return { test: "or", assigns: false };
    case K.QuestionQuestionToken:
      return { test: "nullish", assigns: false };
    case K.AmpersandAmpersandEqualsToken:
      return { test: "and", assigns: true };
    case K.BarBarEqualsToken:
      return { test: "or", assigns: true };
    case K.QuestionQuestionEqualsToken:
      return { test: "nullish", assigns: true };
    default:
      return null;
  }
}

function lowerLogical(fn: Fn, node: ts.BinaryExpression, { test, assigns }: Logical): Reg {
  const reference = assigns ? referenceOf(fn, node.left) : null;
  const left = reference === null ? fn.expr(node.left) : reference.get();
  const right = (): Reg => {
    const name = fn.ts.isIdentifier(node.left) && assigns ? node.left.text : "";
    const value = named(fn, node.right, name);
    reference?.set(value);
    const chosen = reference === null && test !== "and";
    return chosen ? fn.prim("js.instead", [value, left], node) : value;
  };
  const keep = (): Reg => left;
  if (test === "and") return fn.choose(left, right, keep, node);
  if (test === "or") return fn.choose(left, keep, right, node);
  return fn.choose(fn.prim("js.nullish", [left], node), right, keep, node);
}
