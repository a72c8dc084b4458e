import type { ts } from "ts-morph";
import { throwIfCancelled } from "../../base/cancel.js";
import type { Reg } from "../../ir/ir.js";
import type { Fn } from "./context.js";
import { declareNames, nothing, returnFrom } from "./functions.js";
import { lowerDo, lowerFor, lowerForIn, lowerWhile } from "./loops.js";
import { named } from "./patterns.js";
import type { Compiler } from "./program.js";
import { declareCell, initialise } from "./variables.js";

type Handler = (fn: Fn, node: ts.Statement, labels: readonly string[]) => void;

let table: Map<ts.SyntaxKind, Handler> | null = null;

/** The statements of a block: their declarations first. */
export function lowerStatements(fn: Fn, nodes: readonly ts.Statement[]): void {
  enterScope(fn, nodes);
  for (const node of nodes) lowerStatement(fn, node);
}

export function lowerStatement(fn: Fn, node: ts.Statement, labels: readonly string[] = []): void {
  throwIfCancelled(fn.shared.cancel);
  table ??= statementTable(fn.ts);
  const handler = table.get(node.kind);
  if (isBroken(fn, node)) fn.gap(node, "incomplete code");
  else if (handler === undefined) fn.gap(node, `the statement ${fn.ts.SyntaxKind[node.kind]}`);
  else handler(fn, node, labels);
}

/** A syntax error in the statement itself; one in a statement within it costs only that one. */
function isBroken(fn: Fn, node: ts.Statement): boolean {
  const errors = errorsOf(node.getSourceFile());
  const inside = errors.filter((it) => covers(node, it));
  return inside.length > 0 && inside.some((it) => !inInnerStatement(fn, node, it));
}

/** What a half-typed statement lacks is missed at the next token, which is the next line's. */
function covers(node: ts.Node, at: number): boolean {
  if (at < node.pos) return false;
  return at <= node.end || node.getSourceFile().text.slice(node.end, at).trim() === "";
}

function errorsOf(file: ts.SourceFile): readonly number[] {
  const parsed = file as ts.SourceFile & {
    readonly parseDiagnostics?: readonly { readonly start: number }[];
  };
  return (parsed.parseDiagnostics ?? []).map((it) => it.start);
}

function inInnerStatement(fn: Fn, node: ts.Node, at: number): boolean {
  const { ts } = fn;
  return (
    ts.forEachChild(node, (child) => {
      if (!covers(child, at)) return undefined;
      const inner = ts.isStatement(child) && !ts.isBlock(child) && !isEmpty(child);
      const member = ts.isClassElement(child) || ts.isFunctionLike(child);
      return inner || member || inInnerStatement(fn, child, at) ? true : undefined;
    }) === true
  );
}

function isEmpty(node: ts.Node): boolean {
  return node.pos === node.end;
}

function enterScope(fn: Fn, nodes: readonly ts.Statement[]): void {
  const { ts, checker, scopes } = fn.shared;
  for (const node of nodes) {
    if (ts.isVariableStatement(node)) {
      const { declarationList } = node;
      if ((declarationList.flags & ts.NodeFlags.BlockScoped) === 0) continue;
      for (const it of declarationList.declarations) declareCaptured(fn, it.name);
    }
    const named =
      ts.isClassDeclaration(node) || ts.isEnumDeclaration(node) || ts.isFunctionDeclaration(node);
    const symbol =
      named && node.name !== undefined ? checker.getSymbolAtLocation(node.name) : undefined;
    if (symbol === undefined || fn.shared.globals.has(symbol)) continue;
    const variable = scopes.variable(symbol);
    if (variable?.captured === true || variable?.early === true)
      declareCell(fn, symbol, node, false);
  }
  for (const node of nodes) if (ts.isFunctionDeclaration(node)) declareFunction(fn, node);
}

/** Variables that closures made before their declaration may see. */
function declareCaptured(fn: Fn, name: ts.BindingName): void {
  const { ts, checker, scopes } = fn.shared;
  if (!ts.isIdentifier(name)) {
    for (const it of name.elements) if (!ts.isOmittedExpression(it)) declareCaptured(fn, it.name);
    return;
  }
  const symbol = checker.getSymbolAtLocation(name);
  if (symbol === undefined || fn.shared.globals.has(symbol)) return;
  const variable = scopes.variable(symbol);
  if (variable?.captured === true || variable?.early === true) declareCell(fn, symbol, name, false);
}

function declareFunction(fn: Fn, node: ts.FunctionDeclaration): void {
  if (node.body === undefined) return;
  const { checker } = fn.shared;
  const symbol = checker.getSymbolAtLocation(node.name ?? node);
  const own = symbol ?? (node as { readonly symbol?: ts.Symbol }).symbol;
  const closure = fn.shared.lowering.func(fn, node, node.name?.text ?? "default");
  if (own !== undefined) initialise(fn, own, closure, node.name ?? node);
}

function statementTable(ts: Compiler): Map<ts.SyntaxKind, Handler> {
  const table = new Map<ts.SyntaxKind, Handler>();
  const on = (
    kind: ts.SyntaxKind,
    run: (fn: Fn, node: never, labels: readonly string[]) => void,
  ): void => {
    table.set(kind, run as unknown as Handler);
  };
  const K = ts.SyntaxKind;
  const skip = (): void => undefined;
  // Function declarations are made at the start of their scope; types leave nothing behind.
  for (const kind of [
    K.FunctionDeclaration,
    K.EmptyStatement,
    K.DebuggerStatement,
    K.InterfaceDeclaration,
    K.TypeAliasDeclaration,
    K.ImportDeclaration,
    K.ExportDeclaration,
  ]) {
    table.set(kind, skip);
  }
  on(K.VariableStatement, (fn, node: ts.VariableStatement) => {
    if (node.modifiers?.some((it) => it.kind === K.DeclareKeyword) !== true) {
      lowerDeclarations(fn, node.declarationList);
    }
  });
  on(K.ExpressionStatement, (fn, node: ts.ExpressionStatement) => void fn.expr(node.expression));
  on(K.Block, (fn, node: ts.Block) => {
    lowerStatements(fn, node.statements);
  });
  on(K.IfStatement, lowerIf);
  on(K.ForStatement, lowerFor);
  on(K.ForOfStatement, (fn, node: ts.ForOfStatement, labels) => {
    fn.shared.lowering.forOf(fn, node, labels);
  });
  on(K.ForInStatement, lowerForIn);
  on(K.WhileStatement, lowerWhile);
  on(K.DoStatement, lowerDo);
  on(K.ReturnStatement, lowerReturn);
  on(K.ThrowStatement, (fn, node: ts.ThrowStatement) => {
    fn.b.exit({ op: "panic", value: fn.expr(node.expression), span: fn.span(node) });
    fn.enterDead();
  });
  on(K.TryStatement, lowerTry);
  on(K.SwitchStatement, lowerSwitch);
  on(K.BreakStatement, (fn, node: ts.BreakStatement) => {
    lowerJump(fn, node, "breakTo");
  });
  on(K.ContinueStatement, (fn, node: ts.ContinueStatement) => {
    lowerJump(fn, node, "continueTo");
  });
  on(K.LabeledStatement, lowerLabeled);
  on(K.ClassDeclaration, lowerClassDeclaration);
  on(K.EnumDeclaration, lowerEnum);
  on(K.ExportAssignment, (fn, node: ts.ExportAssignment & ts.Statement) => {
    const { symbol } = node as unknown as { readonly symbol?: ts.Symbol };
    const value = named(fn, node.expression, "default");
    if (symbol !== undefined && fn.shared.globals.has(symbol)) initialise(fn, symbol, value, node);
  });
  return table;
}

export function lowerDeclarations(fn: Fn, list: ts.VariableDeclarationList): void {
  const { ts } = fn;
  const isVar = (list.flags & ts.NodeFlags.BlockScoped) === 0;
  for (const { name, initializer } of list.declarations) {
    if (initializer === undefined && isVar) continue;
    const text = ts.isIdentifier(name) ? name.text : "";
    const value = initializer === undefined ? fn.undefined(name) : named(fn, initializer, text);
    if (!ts.isIdentifier(name) && !isVar) declareNames(fn, name);
    fn.shared.lowering.bind(fn, name, value);
  }
}

function lowerIf(fn: Fn, node: ts.IfStatement): void {
  const [yes, no, join] = [fn.b.block(), fn.b.block(), fn.b.block()];
  fn.branch(fn.expr(node.expression), yes, no, node.expression);
  fn.b.enter(yes);
  lowerStatement(fn, node.thenStatement);
  fn.jump(join, [], node);
  fn.b.enter(no);
  if (node.elseStatement !== undefined) lowerStatement(fn, node.elseStatement);
  fn.jump(join, [], node);
  fn.b.enter(join);
}

function lowerReturn(fn: Fn, node: ts.ReturnStatement): void {
  let value: Reg | null = node.expression === undefined ? null : fn.expr(node.expression);
  if (value !== null && fn.kind === "async-generator") value = fn.await(value, fn.span(node));
  returnFrom(fn, value, node);
  fn.enterDead();
}

function lowerTry(fn: Fn, node: ts.TryStatement): void {
  const { tryBlock, catchClause, finallyBlock } = node;
  if (finallyBlock === undefined) {
    lowerTryCatch(fn, tryBlock, catchClause);
    return;
  }
  const handler = fn.b.block();
  const error = fn.b.blockParam(handler, fn.shared.any);
  const last = (): void => {
    lowerStatements(fn, finallyBlock.statements);
  };
  const endTry = (): void => {
    fn.b.emit({ op: "end-try", span: fn.span(finallyBlock) });
    last();
  };
  fn.b.emit({ op: "try", handler, span: fn.span(node) });
  fn.enclosing.push({ ...nothing, leave: endTry });
  lowerTryCatch(fn, tryBlock, catchClause);
  fn.enclosing.pop();
  const join = fn.b.block();
  endTry();
  fn.jump(join, [], node);
  fn.b.enter(handler);
  last();
  if (fn.b.reachable) fn.b.exit({ op: "panic", value: error, span: fn.span(finallyBlock) });
  fn.b.enter(join);
}

function lowerTryCatch(fn: Fn, block: ts.Block, clause: ts.CatchClause | undefined): void {
  if (clause === undefined) {
    lowerStatements(fn, block.statements);
    return;
  }
  const [handler, join] = [fn.b.block(), fn.b.block()];
  const error = fn.b.blockParam(handler, fn.shared.any);
  const endTry = (): void => {
    fn.b.emit({ op: "end-try", span: fn.span(block) });
  };
  fn.b.emit({ op: "try", handler, span: fn.span(block) });
  fn.enclosing.push({ ...nothing, leave: endTry });
  lowerStatements(fn, block.statements);
  fn.enclosing.pop();
  endTry();
  fn.jump(join, [], block);
  fn.b.enter(handler);
  if (fn.kind === "generator" || fn.kind === "async-generator") passReturn(fn, error, clause);
  const { variableDeclaration } = clause;
  if (variableDeclaration !== undefined) {
    declareNames(fn, variableDeclaration.name);
    fn.shared.lowering.bind(fn, variableDeclaration.name, error);
  }
  lowerStatements(fn, clause.block.statements);
  fn.jump(join, [], clause);
  fn.b.enter(join);
}

/** What a generator's `return()` throws through it is for `finally`, not for `catch`. */
function passReturn(fn: Fn, error: Reg, node: ts.Node): void {
  const [back, own] = [fn.b.block(), fn.b.block()];
  fn.branch(fn.prim("js.is-return", [error], node), back, own, node);
  fn.b.enter(back);
  fn.b.exit({ op: "panic", value: error, span: fn.span(node) });
  fn.b.enter(own);
}

function lowerSwitch(fn: Fn, node: ts.SwitchStatement, labels: readonly string[]): void {
  const { ts } = fn;
  const value = fn.expr(node.expression);
  const { clauses } = node.caseBlock;
  const end = fn.b.block();
  const bodies = clauses.map(() => fn.b.block());
  enterScope(
    fn,
    clauses.flatMap((it) => [...it.statements]),
  );
  clauses.forEach((clause, index) => {
    const body = bodies[index];
    if (!ts.isCaseClause(clause) || body === undefined) return;
    const next = fn.b.block();
    const same = fn.prim("js.eq", [value, fn.expr(clause.expression)], clause.expression);
    fn.branch(same, body, next, clause.expression);
    fn.b.enter(next);
  });
  const otherwise = clauses.findIndex((it) => ts.isDefaultClause(it));
  fn.jump(bodies[otherwise] ?? end, [], node);
  fn.enclosing.push({ labels, plain: true, breakTo: end, continueTo: null, leave: null });
  clauses.forEach((clause, index) => {
    const body = bodies[index];
    if (body === undefined) return;
    fn.b.enter(body);
    for (const it of clause.statements) lowerStatement(fn, it);
    fn.jump(bodies[index + 1] ?? end, [], clause);
  });
  fn.enclosing.pop();
  fn.b.enter(end);
}

function lowerJump(fn: Fn, node: ts.BreakOrContinueStatement, way: "breakTo" | "continueTo"): void {
  const label = node.label?.text;
  const depth = fn.enclosing.findLastIndex(
    (it) => it[way] !== null && (label === undefined ? it.plain : it.labels.includes(label)),
  );
  const target = fn.enclosing[depth]?.[way] ?? null;
  if (target === null) {
    fn.gap(node, "a jump out of nothing");
    return;
  }
  fn.leaveTo(depth);
  fn.jump(target, [], node);
  fn.enterDead();
}

function lowerLabeled(fn: Fn, node: ts.LabeledStatement, labels: readonly string[]): void {
  const { ts } = fn;
  const all = [...labels, node.label.text];
  const inner = node.statement;
  const takesLabels = ts.isIterationStatement(inner, true) || ts.isSwitchStatement(inner);
  if (takesLabels) {
    lowerStatement(fn, inner, all);
    return;
  }
  const end = fn.b.block();
  fn.enclosing.push({ labels: all, plain: false, breakTo: end, continueTo: null, leave: null });
  lowerStatement(fn, inner);
  fn.enclosing.pop();
  fn.jump(end, [], node);
  fn.b.enter(end);
}

function lowerClassDeclaration(fn: Fn, node: ts.ClassDeclaration): void {
  if (node.modifiers?.some((it) => it.kind === fn.ts.SyntaxKind.DeclareKeyword) === true) return;
  const type = fn.shared.lowering.class(fn, node, node.name?.text ?? "default");
  const { symbol } = node as { readonly symbol?: ts.Symbol };
  if (node.name === undefined && symbol !== undefined) initialise(fn, symbol, type, node);
}

function lowerEnum(fn: Fn, node: ts.EnumDeclaration): void {
  const { ts, checker } = fn.shared;
  const object = fn.prim("js.object", [], node);
  const symbol = checker.getSymbolAtLocation(node.name);
  if (symbol !== undefined) initialise(fn, symbol, object, node);
  for (const member of node.members) {
    const value = checker.getConstantValue(member);
    const key = fn.literal(
      ts.isIdentifier(member.name) ? member.name.text : member.name.getText(),
      member,
    );
    if (value === undefined) {
      fn.gap(member, "a computed enum member");
      continue;
    }
    const constant = fn.literal(value, member);
    fn.prim("js.define", [object, key, constant], member);
    if (typeof value === "number") {
      fn.prim("js.define", [object, fn.literal(String(value), member), key], member);
    }
  }
}
