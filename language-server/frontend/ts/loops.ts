import type { ts } from "ts-morph";
import type { BlockId, Reg } from "../../ir/ir.js";
import type { Fn } from "./context.js";
import { declareNames, namesOf, nothing } from "./functions.js";

function loopOf(
  labels: readonly string[],
  breakTo: BlockId,
  continueTo: BlockId,
): Fn["enclosing"][number] {
  return { labels, plain: true, breakTo, continueTo, leave: null };
}

export function lowerWhile(fn: Fn, node: ts.WhileStatement, labels: readonly string[]): void {
  const [head, body, end] = [fn.b.block(), fn.b.block(), fn.b.block()];
  fn.jump(head, [], node);
  fn.b.enter(head);
  fn.branch(fn.expr(node.expression), body, end, node.expression);
  fn.b.enter(body);
  fn.enclosing.push(loopOf(labels, end, head));
  fn.shared.lowering.statement(fn, node.statement);
  fn.enclosing.pop();
  fn.jump(head, [], node);
  fn.b.enter(end);
}

export function lowerDo(fn: Fn, node: ts.DoStatement, labels: readonly string[]): void {
  const [body, test, end] = [fn.b.block(), fn.b.block(), fn.b.block()];
  fn.jump(body, [], node);
  fn.b.enter(body);
  fn.enclosing.push(loopOf(labels, end, test));
  fn.shared.lowering.statement(fn, node.statement);
  fn.enclosing.pop();
  fn.jump(test, [], node);
  fn.b.enter(test);
  fn.branch(fn.expr(node.expression), body, end, node.expression);
  fn.b.enter(end);
}

export function lowerFor(fn: Fn, node: ts.ForStatement, labels: readonly string[]): void {
  const { ts } = fn;
  const { initializer } = node;
  const fresh =
    initializer !== undefined && ts.isVariableDeclarationList(initializer)
      ? perIteration(fn, initializer)
      : [];
  if (initializer !== undefined) {
    if (!ts.isVariableDeclarationList(initializer)) fn.expr(initializer);
    else {
      const blockScoped = (initializer.flags & ts.NodeFlags.BlockScoped) !== 0;
      if (blockScoped) for (const it of initializer.declarations) declareNames(fn, it.name);
      fn.shared.lowering.declarations(fn, initializer);
    }
  }
  const [head, body, next, end] = [fn.b.block(), fn.b.block(), fn.b.block(), fn.b.block()];
  const params = fresh.map(() => fn.b.blockParam(head, fn.shared.any));
  fn.jump(
    head,
    fresh.map((it) => fn.lookup(it)?.reg as Reg),
    node,
  );
  fn.b.enter(head);
  fresh.forEach((symbol, index) => {
    fn.declare(symbol, { kind: "cell", reg: params[index] as Reg });
  });
  if (node.condition === undefined) fn.jump(body, [], node);
  else fn.branch(fn.expr(node.condition), body, end, node.condition);
  fn.b.enter(body);
  fn.enclosing.push(loopOf(labels, end, next));
  fn.shared.lowering.statement(fn, node.statement);
  fn.enclosing.pop();
  fn.jump(next, [], node);
  fn.b.enter(next);
  const copies = fresh.map((symbol, index) => copyCell(fn, symbol, params[index] as Reg, node));
  if (node.incrementor !== undefined) fn.expr(node.incrementor);
  fn.jump(head, copies, node);
  fn.b.enter(end);
}

/** Captured loop variables are new in each iteration. */
function perIteration(fn: Fn, list: ts.VariableDeclarationList): readonly ts.Symbol[] {
  if ((list.flags & fn.ts.NodeFlags.BlockScoped) === 0) return [];
  const symbols = list.declarations.flatMap((it) =>
    namesOf(fn.shared, it.name).map((n) => n.symbol),
  );
  return symbols.filter((it) => fn.shared.scopes.variable(it)?.captured === true);
}

function copyCell(fn: Fn, symbol: ts.Symbol, old: Reg, node: ts.Node): Reg {
  const span = fn.span(node);
  const value = fn.load(old, span);
  const reg = fn.alloc(symbol.name, node);
  fn.store(reg, value, span);
  fn.declare(symbol, { kind: "cell", reg });
  return reg;
}

export function lowerForIn(fn: Fn, node: ts.ForInStatement, labels: readonly string[]): void {
  const keys = fn.prim("js.keys-in", [fn.expr(node.expression)], node.expression);
  const iterator = fn.prim("js.iter-open", [keys], node.expression);
  iterateSync(fn, node, iterator, labels);
}

export function lowerForOf(fn: Fn, node: ts.ForOfStatement, labels: readonly string[]): void {
  if (node.awaitModifier !== undefined) {
    const iterator = fn.prim("js.aiter-open", [fn.expr(node.expression)], node.expression);
    iterateAsync(fn, node, iterator, labels);
    return;
  }
  const iterator = fn.prim("js.iter-open", [fn.expr(node.expression)], node.expression);
  iterateSync(fn, node, iterator, labels);
}

type Each = ts.ForOfStatement | ts.ForInStatement;

function iterateSync(fn: Fn, node: Each, iterator: Reg, labels: readonly string[]): void {
  const at = node.expression;
  iterate(fn, node, labels, {
    advance: () => fn.prim("js.iter-next", [iterator], at),
    value: () => fn.prim("js.iter-value", [iterator], at),
    close: () => void fn.prim("js.iter-close", [iterator], at),
  });
}

function iterateAsync(fn: Fn, node: Each, iterator: Reg, labels: readonly string[]): void {
  const at = node.expression;
  iterate(fn, node, labels, {
    advance: () => {
      const result = fn.await(fn.prim("js.aiter-next", [iterator], at), fn.span(at));
      return fn.prim("js.aiter-step", [iterator, result], at);
    },
    value: () => fn.prim("js.iter-value", [iterator], at),
    close: () => void fn.await(fn.prim("js.aiter-close", [iterator], at), fn.span(at)),
  });
}

interface Protocol {
  readonly advance: () => Reg;
  readonly value: () => Reg;
  readonly close: () => void;
}

/** The body runs inside a `try`, so that the iterator is closed however it is left. */
function iterate(fn: Fn, node: Each, labels: readonly string[], protocol: Protocol): void {
  const [head, body, again, end] = [fn.b.block(), fn.b.block(), fn.b.block(), fn.b.block()];
  const handler = fn.b.block();
  const error = fn.b.blockParam(handler, fn.shared.any);
  const span = fn.span(node);
  const endTry = (): void => {
    fn.b.emit({ op: "end-try", span });
  };
  fn.jump(head, [], node);
  fn.b.enter(head);
  fn.branch(protocol.advance(), body, end, node.expression);
  fn.b.enter(body);
  const value = protocol.value();
  fn.b.emit({ op: "try", handler, span });
  fn.enclosing.push({ ...nothing, labels, plain: true, breakTo: end, leave: protocol.close });
  fn.enclosing.push({ ...nothing, labels, plain: true, continueTo: again, leave: endTry });
  bindEach(fn, node, value);
  fn.shared.lowering.statement(fn, node.statement);
  fn.enclosing.length -= 2;
  endTry();
  fn.jump(again, [], node);
  fn.b.enter(again);
  fn.jump(head, [], node);
  fn.b.enter(handler);
  protocol.close();
  fn.b.exit({ op: "panic", value: error, span });
  fn.b.enter(end);
}

function bindEach(fn: Fn, node: Each, value: Reg): void {
  const { ts } = fn;
  const { initializer } = node;
  if (!ts.isVariableDeclarationList(initializer)) {
    fn.shared.lowering.assign(fn, initializer, value);
    return;
  }
  const name = initializer.declarations[0]?.name;
  if (name === undefined) return;
  const isVar = (initializer.flags & ts.NodeFlags.BlockScoped) === 0;
  if (!isVar) declareNames(fn, name);
  fn.shared.lowering.bind(fn, name, value);
}
