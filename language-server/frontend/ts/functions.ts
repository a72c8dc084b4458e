import type { ts } from "ts-morph";
import type { FuncId, FuncKind, Reg } from "../../ir/ir.js";
import { type Enclosing, type Fn, type Shared, spanOfNode, uniqueName } from "./context.js";
import { withDefault } from "./patterns.js";
import type { Compiler } from "./program.js";
import { uriOf } from "./program.js";
import { declareCell, initialise, needsCell } from "./variables.js";

/** A function under construction and what to do at the two ends of its body. */
export interface FunctionParts {
  readonly name: string;
  readonly kind: FuncKind;
  readonly isArrow: boolean;
  readonly node: ts.Node;
  readonly params: readonly ts.ParameterDeclaration[];
  /** Declared before, so that calls can name it. */
  readonly func?: FuncId | undefined;
  readonly configure?: (inner: Fn) => void;
  readonly body: (inner: Fn) => void;
}

/** `async`, `function*` or both. */
export function kindOf(ts: Compiler, node: ts.Node): FuncKind {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  const isAsync = modifiers?.some((it) => it.kind === ts.SyntaxKind.AsyncKeyword) === true;
  const generator = "asteriskToken" in node && node.asteriskToken !== undefined;
  if (generator) return isAsync ? "async-generator" : "generator";
  return isAsync ? "async" : "plain";
}

type Bodied = ts.SignatureDeclaration & { readonly body?: ts.Block | ts.Expression };

export function lowerFunction(fn: Fn, node: ts.SignatureDeclaration, name: string): Reg {
  const { ts } = fn;
  const { body } = node as Bodied;
  if (body === undefined) return fn.undefined(node);
  const isArrow = ts.isArrowFunction(node);
  const closure = makeFunction(fn, {
    name,
    kind: kindOf(ts, node),
    isArrow,
    node,
    params: node.parameters,
    func: staticOf(fn, node),
    configure: (inner) => {
      inner.home = fn.home !== null && isMember(ts, node) ? fn.home : null;
    },
    body: (inner) => {
      lowerBody(inner, body);
    },
  });
  const constructible = ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node);
  if (constructible && kindOf(ts, node) === "plain") fn.prim("js.constructor", [closure], node);
  return withLength(fn, closure, node);
}

function staticOf(fn: Fn, node: ts.SignatureDeclaration): FuncId | undefined {
  const { name } = node;
  const symbol = name === undefined ? undefined : fn.shared.checker.getSymbolAtLocation(name);
  return symbol === undefined ? undefined : fn.shared.statics.get(symbol);
}

function isMember(ts: Compiler, node: ts.Node): boolean {
  return ts.isMethodDeclaration(node) || ts.isAccessor(node);
}

/** `length` counts the parameters before the first with a default. */
function withLength(fn: Fn, closure: Reg, node: ts.SignatureDeclaration): Reg {
  const { ts } = fn;
  const params = node.parameters.filter((it) => it.name.getText() !== "this");
  const first = params.findIndex(
    (it) => it.initializer !== undefined || it.dotDotDotToken !== undefined,
  );
  if (first >= 0 && !ts.isAccessor(node)) {
    fn.prim("js.length", [closure, fn.literal(first, node)], node);
  }
  return closure;
}

export function lowerBody(inner: Fn, body: ts.Block | ts.Expression): void {
  const { ts } = inner;
  if (ts.isBlock(body)) {
    hoistVars(inner, body);
    inner.shared.lowering.statements(inner, body.statements);
    return;
  }
  const value = inner.expr(body);
  inner.b.exit({ op: "return", values: [value], span: inner.span(body) });
}

/** Builds the function and emits its closure; `fn` is where it is written. */
export function makeFunction(fn: Fn, parts: FunctionParts): Reg {
  const func = parts.func ?? declareFunction(fn.shared, fn.b.id, parts);
  const inner = buildFunction(fn, func, parts);
  const dst = fn.reg();
  const span = fn.span(parts.node);
  fn.b.emit({ op: "closure", dst, func, captures: fn.capturesOf(inner), span });
  return dst;
}

export function declareFunction(
  shared: Shared,
  parent: FuncId | null,
  { name, kind, node }: Pick<FunctionParts, "name" | "kind" | "node">,
): FuncId {
  const file = node.getSourceFile();
  const display = name === "" ? "(anonymous)" : name;
  const module = file.fileName.slice(file.fileName.lastIndexOf("/") + 1);
  return shared.program.declareFunc({
    name: uniqueName(shared, `${module}.${display}`),
    display,
    kind,
    pkg: uriOf(file.fileName),
    library: shared.isLibrary(file),
    results: 1,
    parent,
    span: shared.program.span(spanOfNode(node)),
  });
}

export function buildFunction(fn: Fn, func: Fn["b"]["id"], parts: FunctionParts): Fn {
  const { ts, any } = fn.shared;
  const b = fn.shared.program.body(func);
  const inner = fn.child(b, parts);
  b.enter(b.block());
  parts.configure?.(inner);
  const params = parts.params.filter((it) => it.name.getText() !== "this");
  const regs = params.map((it) => (it.dotDotDotToken === undefined ? b.param(any) : null));
  if (!parts.isArrow && inner.lookup("this") === undefined) {
    inner.declare("this", { kind: "value", reg: inner.prim("js.this", [], parts.node) });
  }
  params.forEach((param, index) => {
    const given = regs[index];
    const value =
      given === null || given === undefined
        ? inner.prim("js.rest", [inner.literal(index, param)], param)
        : withDefault(inner, given, param.initializer);
    if (!ts.isIdentifier(param.name)) declareNames(inner, param.name);
    inner.shared.lowering.bind(inner, param.name, value);
    bindParameterProperty(inner, param, value);
  });
  parts.body(inner);
  if (b.reachable) returnFrom(inner, null, parts.node);
  b.finish();
  return inner;
}

/** `constructor(readonly name: string)` declares two: what the body calls `name` is the parameter. */
function bindParameterProperty(inner: Fn, param: ts.ParameterDeclaration, value: Reg): void {
  const { ts, checker } = inner.shared;
  if (!ts.isParameterPropertyDeclaration(param, param.parent) || !ts.isIdentifier(param.name))
    return;
  const [own] = checker.getSymbolsOfParameterPropertyDeclaration(param, param.name.text);
  if (own !== undefined) initialise(inner, own, value, param.name);
}

/** `return value`, past what must be undone on the way. */
export function returnFrom(fn: Fn, value: Reg | null, node: ts.Node): void {
  fn.leaveTo(0);
  let result = value;
  const self = fn.lookup("this");
  if (fn.derivedConstructor && result === null && self !== undefined) {
    result = fn.load(self.reg, fn.span(node));
  }
  result ??= fn.undefined(node);
  fn.b.exit({ op: "return", values: [result], span: fn.span(node) });
}

/** Cells for the `var`s of a function, which live in all of it. */
export function hoistVars(fn: Fn, body: ts.Node): void {
  const { ts } = fn;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      for (const it of node.declarations) hoistNames(fn, it.name);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
}

function hoistNames(fn: Fn, name: ts.BindingName): void {
  for (const { symbol, node } of namesOf(fn.shared, name)) {
    const isGlobal = fn.shared.globals.has(symbol);
    if (!isGlobal && fn.lookup(symbol) === undefined) declareCell(fn, symbol, node, true);
    if (isGlobal) fn.shared.lowering.bind(fn, node, fn.undefined(node));
  }
}

/** Cells for the names of a pattern that need one, before they are bound. */
export function declareNames(fn: Fn, name: ts.BindingName): void {
  for (const { symbol, node } of namesOf(fn.shared, name)) {
    const isGlobal = fn.shared.globals.has(symbol);
    if (!isGlobal && needsCell(fn, symbol)) declareCell(fn, symbol, node, false);
  }
}

export function namesOf(
  shared: Shared,
  name: ts.BindingName,
): readonly { readonly symbol: ts.Symbol; readonly node: ts.Identifier }[] {
  const { ts, checker } = shared;
  if (ts.isIdentifier(name)) {
    const symbol = checker.getSymbolAtLocation(name);
    return symbol === undefined ? [] : [{ symbol: shared.scopes.resolve(symbol), node: name }];
  }
  return name.elements.flatMap((it) =>
    ts.isOmittedExpression(it) ? [] : namesOf(shared, it.name),
  );
}

export const nothing: Omit<Enclosing, "leave"> = {
  labels: [],
  plain: false,
  breakTo: null,
  continueTo: null,
};
