// TypeScript and JavaScript → IR. The compiler (ts-morph's) is handed in, so that whoever never opens such a file never loads it.

import type * as TsMorphModule from "ts-morph";
import type { ts } from "ts-morph";
import type { CancelToken } from "../../base/cancel.js";
import { ProgramBuilder } from "../../ir/builder.js";
import type { FuncId } from "../../ir/ir.js";
import type { Lowered } from "../frontend.js";
import { lowerClass } from "./classes.js";
import { Fn, type Lowering, type Shared, spanOfNode } from "./context.js";
import { lowerDriver, targetsOf } from "./drivers.js";
import { lowerExpression } from "./expressions.js";
import {
  declareFunction,
  hoistVars,
  kindOf,
  lowerFunction,
  namesOf,
  returnFrom,
} from "./functions.js";
import { outsideValue } from "./outside.js";
import { assign, bind } from "./patterns.js";
import { openUnit, type TsInput, type Unit, uriOf } from "./program.js";
import { Scopes } from "./scope.js";
import { lowerDeclarations, lowerStatement, lowerStatements } from "./statements.js";

/** What must be handed in: the module `ts-morph`. */
export type TsMorph = typeof TsMorphModule;
export type { TsInput } from "./program.js";

const lowering: Lowering = {
  expression: lowerExpression,
  statements: lowerStatements,
  statement: lowerStatement,
  declarations: lowerDeclarations,
  func: lowerFunction,
  class: lowerClass,
  bind,
  assign,
  outside: outsideValue,
};

/** Lowers the file and what it imports by relative paths. Entries: the module itself, then one per async function. */
export function lowerTs(input: TsInput, tsMorph: TsMorph, cancel: CancelToken): Lowered {
  const unit = openUnit(input, tsMorph);
  const { ts, checker, files } = unit;
  const program = new ProgramBuilder("ts");
  const shared: Shared = {
    ts,
    checker,
    scopes: new Scopes(ts, checker, files),
    program,
    any: program.type({ kind: "any" }),
    cancel,
    lowering,
    gaps: [],
    globals: new Map(),
    statics: new Map(),
    names: new Map(),
    spans: new Map(),
    outside: { count: 0 },
  };
  for (const file of files) declareGlobals(shared, file);
  const bodies = files.map((file) => ({ file, func: lowerModule(shared, file, unit) }));
  const main = bodies.at(-1);
  for (const it of bodies.slice(0, -1)) program.addInit(it.func);
  if (main !== undefined) addEntries(shared, main.file, main.func);
  return { program: program.build(), gaps: shared.gaps };
}

function addEntries(shared: Shared, file: ts.SourceFile, body: FuncId): void {
  shared.program.addEntry({ kind: "snippet", func: body });
  for (const target of targetsOf(shared, file)) {
    const func = lowerDriver(shared, body, target);
    const assumption = `two calls of \`${target.name}\` may overlap`;
    if (func !== null) shared.program.addEntry({ kind: "snippet", func, assumption });
  }
}

/** What is declared at the top of a module lives as long as the program. */
function declareGlobals(shared: Shared, file: ts.SourceFile): void {
  const { ts, scopes, program } = shared;
  const module = baseName(file);
  const add = (symbol: ts.Symbol | undefined, node: ts.Node): void => {
    if (symbol === undefined || shared.globals.has(symbol)) return;
    if (scopes.variable(symbol)?.topLevel === false) return;
    const name = `${module}#${symbol.name}`;
    const span = program.span(spanOfNode(node));
    shared.globals.set(symbol, program.global({ name, type: shared.any, span }));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclarationList(node)) {
      const blockScoped = (node.flags & ts.NodeFlags.BlockScoped) !== 0;
      const atTop = ts.isVariableStatement(node.parent) && ts.isSourceFile(node.parent.parent);
      const names = node.declarations.flatMap((it) => namesOf(shared, it.name));
      if (!blockScoped || atTop) for (const it of names) add(it.symbol, it.node);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  for (const node of file.statements) {
    const { symbol } = node as { readonly symbol?: ts.Symbol };
    const isFunction = ts.isFunctionDeclaration(node);
    const declares = isFunction || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node);
    if (!declares && !ts.isExportAssignment(node)) continue;
    const named = declares && node.name !== undefined;
    const own = named ? shared.checker.getSymbolAtLocation(node.name) : symbol;
    add(own, node);
    if (isFunction && own !== undefined) declareStatic(shared, node, own);
  }
}

/** Functions that are never replaced are called by name. */
function declareStatic(shared: Shared, node: ts.FunctionDeclaration, symbol: ts.Symbol): void {
  if (node.body === undefined || node.name === undefined || shared.statics.has(symbol)) return;
  if (shared.scopes.variable(symbol)?.assigned === true) return;
  const parts = { name: node.name.text, kind: kindOf(shared.ts, node), node };
  shared.statics.set(symbol, declareFunction(shared, null, parts));
}

function lowerModule(shared: Shared, file: ts.SourceFile, { ts }: Unit): FuncId {
  const isModule = file.statements.some(
    (it) =>
      ts.isImportDeclaration(it) ||
      ts.isExportDeclaration(it) ||
      ts.isExportAssignment(it) ||
      (ts.canHaveModifiers(it) &&
        ts.getModifiers(it)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) === true),
  );
  const kind = isModule || awaitsAtTop(ts, file) ? "async" : "plain";
  const func = shared.program.declareFunc({
    name: baseName(file),
    display: baseName(file),
    kind,
    pkg: uriOf(file.fileName),
    results: 1,
    span: shared.program.span(spanOfFile(file)),
  });
  const b = shared.program.body(func);
  const fn = new Fn(shared, null, b, { kind, isArrow: false });
  b.enter(b.block());
  hoistVars(fn, file);
  lowerStatements(fn, file.statements);
  if (b.reachable) returnFrom(fn, null, file);
  b.finish();
  return func;
}

function awaitsAtTop(ts: Unit["ts"], file: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node) || ts.isPropertyDeclaration(node)) return false;
    if (ts.isAwaitExpression(node)) return true;
    if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return true;
    return ts.forEachChild(node, (child) => (visit(child) ? true : undefined)) === true;
  };
  return ts.forEachChild(file, (child) => (visit(child) ? true : undefined)) === true;
}

function baseName(file: ts.SourceFile): string {
  return file.fileName.slice(file.fileName.lastIndexOf("/") + 1);
}

function spanOfFile(file: ts.SourceFile): Parameters<Shared["program"]["span"]>[0] {
  const end = file.getLineAndCharacterOfPosition(file.end);
  return { uri: uriOf(file.fileName), start: { line: 0, character: 0 }, end: { ...end } };
}
