// `for … of` over what snippets have: arrays, strings, maps, sets, channels.

import type { ts } from "ts-morph";
import type { Reg } from "../../../ir/ir.js";
import type { Fn } from "../context.js";
import { declareNames, nothing } from "../functions.js";
import { newArray, push } from "./values.js";
import { goFn, type GoFn } from "./fn.js";

interface Protocol {
  /** Emitted at the head: whether there is another, and where it is. */
  readonly advance: () => { readonly more: Reg; readonly bind: () => void };
  /** Emitted before the next round. */
  readonly again: () => void;
}

export function lowerGoForOf(it: Fn, node: ts.ForOfStatement, labels: readonly string[]): void {
  const fn = goFn(it);
  const from = fn.expr(node.expression);
  const kind = fn.kindOfReg(from);
  const entries = entriesCall(fn, node);
  if (node.awaitModifier !== undefined && kind?.kind === "library" && kind.name === "Chan") {
    iterate(fn, node, labels, overChannel(fn, node, from));
  } else if (entries !== null) iterate(fn, node, labels, overMap(fn, node, fn.expr(entries), true));
  else if (kind?.kind === "map" || kind?.kind === "set") {
    iterate(fn, node, labels, overMap(fn, node, from, kind.kind === "map"));
  } else if (kind?.kind === "array" || kind?.kind === "string") {
    iterate(fn, node, labels, overArray(fn, node, from));
  } else fn.gap(node.expression, "a loop over what is no array, Map, Set, string or channel");
}

/** The map of `map.entries()`. */
function entriesCall(fn: GoFn, { expression }: ts.ForOfStatement): ts.Expression | null {
  const { ts } = fn;
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression))
    return null;
  const { name, expression: map } = expression.expression;
  return name.text === "entries" && fn.kindOf(map)?.kind === "map" ? map : null;
}

function iterate(
  fn: GoFn,
  node: ts.ForOfStatement,
  labels: readonly string[],
  protocol: Protocol,
): void {
  const [head, body, next, end] = [fn.b.block(), fn.b.block(), fn.b.block(), fn.b.block()];
  fn.jump(head, [], node);
  fn.b.enter(head);
  const { more, bind } = protocol.advance();
  fn.branch(more, body, end, node.expression);
  fn.b.enter(body);
  fn.enclosing.push({
    ...nothing,
    labels,
    plain: true,
    breakTo: end,
    continueTo: next,
    leave: null,
  });
  bind();
  fn.shared.lowering.statement(fn, node.statement);
  fn.enclosing.pop();
  fn.jump(next, [], node);
  fn.b.enter(next);
  protocol.again();
  fn.jump(head, [], node);
  fn.b.enter(end);
}

function bindTo(fn: GoFn, node: ts.ForOfStatement, value: Reg): void {
  const { ts } = fn;
  const { initializer } = node;
  if (!ts.isVariableDeclarationList(initializer)) {
    fn.shared.lowering.assign(fn, initializer, value);
    return;
  }
  const name = initializer.declarations[0]?.name;
  if (name === undefined) return;
  // Each round has variables of its own.
  if ((initializer.flags & ts.NodeFlags.BlockScoped) !== 0) declareNames(fn, name);
  fn.shared.lowering.bind(fn, name, value);
}

function overArray(fn: GoFn, node: ts.ForOfStatement, array: Reg): Protocol {
  const at = node.expression;
  const span = fn.span(at);
  const cell = fn.alloc("", at);
  fn.store(cell, fn.literal(0, at), span);
  const isString = fn.kindOfReg(array)?.kind === "string";
  return {
    advance: () => {
      const index = fn.load(cell, span);
      const length = isString
        ? fn.prim("js.string-part", [array, fn.literal("length", at)], at)
        : fn.lengthOf(array, span);
      const more = fn.prim("js.lt", [index, length], at);
      const value = (): Reg =>
        isString ? fn.stringPart(array, index, span) : fn.elementOf(array, index, span);
      const bind = (): void => {
        bindTo(fn, node, value());
      };
      return { more, bind };
    },
    again: () => {
      const next = fn.prim("js.add", [fn.load(cell, span), fn.literal(1, at)], at);
      fn.store(cell, next, span);
    },
  };
}

function overMap(fn: GoFn, node: ts.ForOfStatement, map: Reg, pairs: boolean): Protocol {
  const { types } = fn;
  const at = node.expression;
  const span = fn.span(at);
  const iterator = fn.reg();
  fn.b.emit({ op: "map", dst: iterator, fn: "iterate", args: [map], type: types.map, span });
  return {
    advance: () => {
      const tuple = fn.typed(types.tuple([types.bool, types.any, types.any]));
      fn.b.emit({ op: "map", dst: tuple, fn: "next", args: [iterator], type: types.map, span });
      const bind = (): void => {
        const key = fn.extract(tuple, 1, types.any, span);
        if (pairs) bindPair(fn, node, key, fn.extract(tuple, 2, types.any, span));
        else bindTo(fn, node, key);
      };
      return { more: fn.extract(tuple, 0, types.bool, span), bind };
    },
    again: () => undefined,
  };
}

/** `[key, value]` needs no array. */
function bindPair(fn: GoFn, node: ts.ForOfStatement, key: Reg, value: Reg): void {
  const { ts } = fn;
  const { initializer } = node;
  const name = ts.isVariableDeclarationList(initializer)
    ? initializer.declarations[0]?.name
    : undefined;
  if (name !== undefined && ts.isArrayBindingPattern(name)) {
    name.elements.forEach((element, index) => {
      if (ts.isOmittedExpression(element) || index > 1) return;
      declareNames(fn, element.name);
      fn.shared.lowering.bind(fn, element.name, index === 0 ? key : value);
    });
    return;
  }
  const pair = newArray(fn, "entry", node);
  push(fn, pair, key, node);
  push(fn, pair, value, node);
  bindTo(fn, node, fn.note(pair, { kind: "array" }));
}

/** Until the channel is closed. */
function overChannel(fn: GoFn, node: ts.ForOfStatement, chan: Reg): Protocol {
  const { types } = fn;
  const span = fn.span(node.expression);
  return {
    advance: () => {
      const tuple = fn.typed(types.received);
      fn.b.emit({ op: "recv", dst: tuple, chan, commaOk: true, span });
      const more = fn.extract(tuple, 1, types.bool, span);
      const bind = (): void => {
        bindTo(fn, node, fn.extract(tuple, 0, types.any, span));
      };
      return { more, bind };
    },
    again: () => undefined,
  };
}
