// Calls, `new`, `super` and optional chains.

import type { ts } from "ts-morph";
import type { BlockId, Reg } from "../../ir/ir.js";
import { lowerRequire } from "./common-js.js";
import type { Fn } from "./context.js";
import { strip } from "./patterns.js";
import { readModelledMember, readStorage } from "./variables.js";

export function lowerCall(fn: Fn, node: ts.CallExpression): Reg {
  const K = fn.ts.SyntaxKind;
  if (node.expression.kind === K.SuperKeyword) return superCall(fn, node);
  if (node.expression.kind === K.ImportKeyword) return fn.gap(node, "import()");
  const required = lowerRequire(fn, node);
  if (required !== null) return required;
  const { callee, self } = calleeOf(fn, node.expression);
  return applyTo(fn, node, callee, self);
}

interface Callee {
  /** Null: a function at the top of a module, called by name. */
  readonly callee: Reg | ts.Symbol;
  readonly self: Reg | null;
}

function calleeOf(fn: Fn, expression: ts.Expression): Callee {
  const { ts } = fn;
  const node = strip(fn, expression);
  const isMember = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  const model = ts.isPropertyAccessExpression(node) ? readModelledMember(fn, node) : null;
  if (model !== null) return { callee: model, self: null };
  if (isMember && node.expression.kind === ts.SyntaxKind.SuperKeyword) {
    const self = fn.lookup("this");
    return { callee: fn.expr(node), self: self === undefined ? null : readStorage(fn, self, node) };
  }
  if (isMember && !isNamespace(fn, node.expression)) {
    const base = fn.expr(node.expression);
    return { callee: member(fn, node, base), self: base };
  }
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  const symbol = ts.isIdentifier(name) ? fn.shared.scopes.symbolOf(name) : undefined;
  if (symbol !== undefined && fn.shared.statics.has(symbol)) return { callee: symbol, self: null };
  return { callee: fn.expr(node), self: null };
}

function isNamespace(fn: Fn, node: ts.Expression): boolean {
  if (!fn.ts.isIdentifier(node)) return false;
  const symbol = fn.shared.scopes.symbolOf(node);
  return symbol !== undefined && (symbol.flags & fn.ts.SymbolFlags.ValueModule) !== 0;
}

function member(
  fn: Fn,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  base: Reg,
): Reg {
  if (fn.ts.isPropertyAccessExpression(node)) {
    return fn.getProp(base, fn.literal(node.name.text, node.name), fn.span(node.name));
  }
  const key = fn.expr(node.argumentExpression);
  return fn.getProp(base, key, fn.spanAfter(node.expression, node));
}

function applyTo(fn: Fn, node: ts.CallExpression, callee: Reg | ts.Symbol, self: Reg | null): Reg {
  const span = fn.span(node);
  const spread = node.arguments.some((it) => fn.ts.isSpreadElement(it));
  if (typeof callee === "object") {
    const func = fn.shared.statics.get(callee);
    if (func !== undefined && !spread) {
      const args = node.arguments.map((it) => fn.expr(it));
      const dst = fn.reg();
      fn.b.emit({ op: "call", dst, callee: { kind: "static", func }, args, span });
      return dst;
    }
  }
  const value = typeof callee === "object" ? fn.expr(node.expression) : callee;
  if (!spread)
    return fn.call(
      value,
      self,
      node.arguments.map((it) => fn.expr(it)),
      span,
    );
  const list = argumentList(fn, node, node.arguments);
  const receiver = self ?? fn.undefined(node);
  const name = fn.literal(node.expression.getText(), node);
  return fn.prim("js.apply", [value, receiver, list, name], node);
}

function argumentList(fn: Fn, node: ts.Node, args: readonly ts.Expression[]): Reg {
  const list = fn.prim("js.array", [], node);
  for (const it of args) {
    if (fn.ts.isSpreadElement(it)) fn.prim("js.push-all", [list, fn.expr(it.expression)], it);
    else fn.prim("js.push", [list, fn.expr(it)], it);
  }
  return list;
}

export function lowerNew(fn: Fn, node: ts.NewExpression): Reg {
  const type = fn.expr(node.expression);
  const list = argumentList(fn, node, node.arguments ?? []);
  const name = fn.literal(node.expression.getText(), node.expression);
  return fn.prim("js.new", [type, list, name], node);
}

export function lowerTagged(fn: Fn, node: ts.TaggedTemplateExpression): Reg {
  const { ts } = fn;
  const { callee, self } = calleeOf(fn, node.tag);
  const tag = typeof callee === "object" ? fn.expr(node.tag) : callee;
  const { template } = node;
  const texts = ts.isNoSubstitutionTemplateLiteral(template)
    ? [template]
    : [template.head, ...template.templateSpans.map((it) => it.literal)];
  const values = ts.isNoSubstitutionTemplateLiteral(template)
    ? []
    : template.templateSpans.map((it) => it.expression);
  const cooked = fn.prim(
    "js.array",
    texts.map((it) => fn.literal(it.text, it)),
    template,
  );
  const raw = fn.prim(
    "js.array",
    texts.map((it) => fn.literal(it.rawText ?? it.text, it)),
    template,
  );
  const strings = fn.prim("js.raw-strings", [cooked, raw], template);
  return fn.call(tag, self, [strings, ...values.map((it) => fn.expr(it))], fn.span(node));
}

// super

function superCall(fn: Fn, node: ts.CallExpression): Reg {
  const self = fn.lookup("this");
  if (!fn.derivedConstructor || self?.kind !== "cell") {
    return fn.gap(node, "super() outside of the constructor itself");
  }
  const list = argumentList(fn, node, node.arguments);
  const made = fn.prim("js.super-call", [list], node);
  fn.store(self.reg, made, fn.span(node));
  fn.afterSuper?.(made);
  return made;
}

// Optional chains

/** `a?.b.c(d)?.[e]`: a nullish link ends the whole chain with undefined. */
export function lowerChain(fn: Fn, node: ts.Expression): Reg {
  const end = fn.b.block();
  const result = fn.b.blockParam(end, fn.shared.any);
  const value = chainLink(fn, node, end).value;
  fn.jump(end, [value], node);
  fn.b.enter(end);
  return result;
}

interface Linked {
  readonly value: Reg;
  /** What a call of the value has as its `this`. */
  readonly self: Reg | null;
}

function chainLink(fn: Fn, node: ts.Expression, end: BlockId): Linked {
  const { ts } = fn;
  const inner = strip(fn, node);
  if (!ts.isOptionalChain(inner)) {
    if (!ts.isPropertyAccessExpression(inner) && !ts.isElementAccessExpression(inner)) {
      return { value: fn.expr(inner), self: null };
    }
    if (isNamespace(fn, inner.expression)) return { value: fn.expr(inner), self: null };
    const base = fn.expr(inner.expression);
    return { value: member(fn, inner, base), self: base };
  }
  const base = chainLink(fn, inner.expression, end);
  if (!ts.isNonNullExpression(inner) && inner.questionDotToken !== undefined) {
    const [go, stop] = [fn.b.block(), fn.b.block()];
    fn.branch(fn.prim("js.nullish", [base.value], inner), stop, go, inner);
    fn.b.enter(stop);
    fn.jump(end, [fn.undefined(inner)], inner);
    fn.b.enter(go);
  }
  if (ts.isCallExpression(inner)) {
    return { value: applyTo(fn, inner, base.value, base.self), self: null };
  }
  if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
    return { value: member(fn, inner, base.value), self: base.value };
  }
  return base;
}
