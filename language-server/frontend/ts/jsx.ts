// JSX: an element is a plain object of its type and its properties; nothing renders it.

import type { ts } from "ts-morph";
import type { Reg } from "../../ir/ir.js";
import type { Fn } from "./context.js";

export function lowerJsxElement(fn: Fn, node: ts.JsxElement): Reg {
  return element(fn, node, node.openingElement, node.children);
}

export function lowerJsxSelfClosing(fn: Fn, node: ts.JsxSelfClosingElement): Reg {
  return element(fn, node, node, []);
}

export function lowerJsxFragment(fn: Fn, node: ts.JsxFragment): Reg {
  return made(fn, node, fn.literal("", node), fn.prim("js.object", [], node), node.children);
}

function element(
  fn: Fn,
  node: ts.Node,
  opening: ts.JsxOpeningLikeElement,
  children: readonly ts.JsxChild[],
): Reg {
  const type = typeOf(fn, opening.tagName);
  const props = fn.prim("js.object", [], opening);
  for (const it of opening.attributes.properties) lowerAttribute(fn, props, it);
  return made(fn, node, type, props, children);
}

/** `<div>` is a name, `<List>` a value of the program. */
function typeOf(fn: Fn, tag: ts.JsxTagNameExpression): Reg {
  const { ts } = fn;
  const isName = ts.isJsxNamespacedName(tag) || (ts.isIdentifier(tag) && /^[a-z]/.test(tag.text));
  return isName ? fn.literal(tag.getText(), tag) : fn.expr(tag);
}

function lowerAttribute(fn: Fn, props: Reg, node: ts.JsxAttributeLike): void {
  const { ts } = fn;
  if (ts.isJsxSpreadAttribute(node)) {
    fn.prim("js.spread", [props, fn.expr(node.expression)], node);
    return;
  }
  const key = fn.literal(node.name.getText(), node.name);
  const { initializer } = node;
  const value = initializer === undefined ? fn.literal(true, node) : valueOf(fn, initializer);
  fn.prim("js.define", [props, key, value], node);
}

function valueOf(fn: Fn, node: ts.JsxAttributeValue): Reg {
  const { ts } = fn;
  if (!ts.isJsxExpression(node)) return fn.expr(node);
  return node.expression === undefined ? fn.undefined(node) : fn.expr(node.expression);
}

function made(fn: Fn, node: ts.Node, type: Reg, props: Reg, children: readonly ts.JsxChild[]): Reg {
  const values = children.flatMap((it): readonly Reg[] => childOf(fn, it));
  const [only] = values;
  if (only !== undefined) {
    const given = values.length === 1 ? only : fn.prim("js.array", values, node);
    fn.prim("js.define", [props, fn.literal("children", node), given], node);
  }
  const object = fn.prim("js.object", [], node);
  fn.prim("js.define", [object, fn.literal("type", node), type], node);
  fn.prim("js.define", [object, fn.literal("props", node), props], node);
  return object;
}

function childOf(fn: Fn, node: ts.JsxChild): readonly Reg[] {
  const { ts } = fn;
  if (ts.isJsxText(node)) {
    const lines = node.text.split("\n").map((it) => it.trim());
    const text = lines.length === 1 ? node.text : lines.filter((it) => it !== "").join(" ");
    return text === "" ? [] : [fn.literal(text, node)];
  }
  if (!ts.isJsxExpression(node)) return [fn.expr(node)];
  return node.expression === undefined ? [] : [fn.expr(node.expression)];
}
