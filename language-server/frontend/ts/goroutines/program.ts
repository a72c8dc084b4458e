// A file that imports `happens-before/go` → a program of Go's machine. Its tasks are goroutines, which may switch at any
// shared access; what is awaited is called.

import type { ts } from "ts-morph";
import type { FuncId, Reg } from "../../../ir/ir.js";
import { type Fn, type Lowering, type Shared, spanOfNode } from "../context.js";
import { hoistVars, kindOf, lowerBody, makeFunction, returnFrom } from "../functions.js";
import { outsideValue } from "../outside.js";
import { assign, bind } from "../patterns.js";
import { uriOf } from "../program.js";
import { lowerDeclarations, lowerStatement, lowerStatements } from "../statements.js";
import { declareClasses, lowerGoClass } from "./classes.js";
import { lowerGoExpression } from "./expressions.js";
import { GoFn, goFn, type Snippet } from "./fn.js";
import { lowerGoForOf } from "./loops.js";
import type { Types } from "./types.js";

export const goLowering: Lowering = {
  expression: lowerGoExpression,
  statements: lowerStatements,
  statement: lowerStatement,
  declarations: lowerDeclarations,
  func: lowerGoFunction,
  class: (fn, node) => lowerGoClass(goFn(fn), node),
  forOf: lowerGoForOf,
  bind,
  assign,
  outside: outsideValue,
};

export interface Modules {
  /** The user's own, each after those it imports. */
  readonly files: readonly ts.SourceFile[];
  readonly prelude: ts.SourceFile | undefined;
}

/** Emits the modules into `shared.program`; its globals are declared. */
export function lowerGoroutines(shared: Shared, types: Types, { files, prelude }: Modules): void {
  const all = prelude === undefined ? files : [prelude, ...files];
  const snippet: Snippet = {
    types,
    kinds: new WeakMap(),
    members: new Map(),
    prelude: exportsOf(shared, prelude),
    preludeFile: prelude,
  };
  for (const it of all) declareClasses(shared, snippet, it);
  const bodies = all.map((it) => lowerModule(shared, snippet, it, it === files.at(-1)));
  const main = bodies.at(-1);
  for (const it of bodies.slice(0, -1)) shared.program.addInit(it);
  if (main !== undefined) shared.program.addEntry({ kind: "main", func: main });
}

function exportsOf(
  shared: Shared,
  prelude: ts.SourceFile | undefined,
): ReadonlyMap<string, ts.Symbol> {
  const module = prelude === undefined ? undefined : shared.checker.getSymbolAtLocation(prelude);
  const symbols = module === undefined ? [] : shared.checker.getExportsOfModule(module);
  return new Map(symbols.map((it) => [it.name, it]));
}

function lowerModule(
  shared: Shared,
  snippet: Snippet,
  file: ts.SourceFile,
  isMain: boolean,
): FuncId {
  const uri = uriOf(file.fileName);
  const name = file.fileName.slice(file.fileName.lastIndexOf("/") + 1);
  const func = shared.program.declareFunc({
    name: isMain ? `${name}.main` : `${name}.init`,
    display: isMain ? "main" : name,
    pkg: uri,
    library: shared.isLibrary(file),
    results: 1,
    span: shared.program.span({ ...spanOfNode(file), start: { line: 0, character: 0 } }),
  });
  const b = shared.program.body(func);
  const fn = new GoFn(shared, null, b, { kind: "plain", isArrow: false }, snippet);
  b.enter(b.block());
  hoistVars(fn, file);
  lowerStatements(fn, file.statements);
  if (b.reachable) returnFrom(fn, null, file);
  b.finish();
  return func;
}

type Bodied = ts.SignatureDeclaration & { readonly body?: ts.Block | ts.Expression };

function lowerGoFunction(it: Fn, node: ts.SignatureDeclaration, name: string): Reg {
  const fn = goFn(it);
  const { ts, checker, statics } = fn.shared;
  const { body } = node as Bodied;
  if (body === undefined) return fn.undefined(node);
  if (kindOf(ts, node).endsWith("generator")) {
    return fn.gap(node, "generators in a snippet of goroutines");
  }
  if (isDetached(fn, node)) fn.gap(node, "an async callback that nobody awaits");
  const symbol = node.name === undefined ? undefined : checker.getSymbolAtLocation(node.name);
  return makeFunction(fn, {
    name: name === "" ? fn.nameOfNext() : name,
    kind: "plain",
    isArrow: ts.isArrowFunction(node),
    node,
    params: node.parameters,
    func: symbol === undefined ? undefined : statics.get(symbol),
    configure: (inner) => {
      if (!ts.isArrowFunction(node))
        inner.declare("this", { kind: "value", reg: inner.undefined(node) });
    },
    body: (inner) => {
      lowerBody(inner, body);
    },
  });
}

/** An async function where one is asked for whose result is not looked at: after its first wait it runs beside the caller. */
function isDetached({ shared }: GoFn, node: ts.SignatureDeclaration): boolean {
  const { ts, checker } = shared;
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false;
  const { parent } = node;
  const starts = ts.isCallExpression(parent) && parent.expression.getText() === "setTimeout";
  if (kindOf(ts, node) !== "async" || starts) return false;
  const signatures = checker.getContextualType(node)?.getCallSignatures() ?? [];
  return signatures.some((it) => (it.getReturnType().flags & ts.TypeFlags.Void) !== 0);
}
