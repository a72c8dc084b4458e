// TypeScript and JavaScript → IR. The compiler (ts-morph's) is handed in, so that whoever never opens such a file never loads it.

import type * as TsMorphModule from "ts-morph";
import type { ts } from "ts-morph";
import type { Gap } from "../../../protocol/finding.js";
import { present } from "../../base/assert.js";
import type { CancelToken } from "../../base/cancel.js";
import { ProgramBuilder } from "../../ir/builder.js";
import type { FuncId, FuncKind } from "../../ir/ir.js";
import { modelFolder } from "../../ir/models.js";
import type { TypeId } from "../../ir/types.js";
import type { Lowered } from "../frontend.js";
import { lowerClass } from "./classes.js";
import { Fn, type Lowering, type Shared, spanOfNode } from "./context.js";
import { declareModules, startModule } from "./common-js.js";
import { pairsOf, type Target, targetsOf } from "./driver-targets.js";
import { lowerDriver } from "./drivers.js";
import { lowerExpression } from "./expressions.js";
import {
  declareFunction,
  hoistVars,
  kindOf,
  lowerFunction,
  namesOf,
  returnFrom,
} from "./functions.js";
import { hasGoroutines, importsGoLibrary } from "./goroutines/mode.js";
import { goLowering, lowerGoroutines } from "./goroutines/program.js";
import { Types } from "./goroutines/types.js";
import { lowerForOf } from "./loops.js";
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
  forOf: lowerForOf,
  bind,
  assign,
  outside: outsideValue,
};

/** Lowers the file and what it imports by relative paths. Entries: the module itself, then one per async function. */
export function lowerTs(input: TsInput, tsMorph: TsMorph, cancel: CancelToken): Lowered {
  const unit = openUnit(input, tsMorph);
  const root = unit.files.at(-1);
  const isSnippet = root !== undefined && hasGoroutines(unit.ts, root);
  return isSnippet ? lowerSnippet(unit, cancel) : lowerModules(unit, cancel);
}

function lowerModules(unit: Unit, cancel: CancelToken): Lowered {
  const { files } = unit;
  const root = files.at(-1);
  const isSnippet = root !== undefined && importsGoLibrary(unit.ts, root);
  const program = new ProgramBuilder("ts", isSnippet ? "at await" : undefined);
  const any = program.type({ kind: "any" });
  const shared = sharedOf(unit, { program, any, cell: any, files, lowering, cancel });
  const declaring: Declaring = {
    nameOf: (symbol, file) => `${baseName(file)}#${symbol.name}`,
    typeOf: () => any,
    kindOf: (node) => kindOf(unit.ts, node),
  };
  for (const file of files) declareGlobals(shared, file, declaring);
  const bodies = new Map(files.map((file) => [file, lowerModule(shared, file, unit)]));
  for (const file of unit.own.slice(0, -1)) program.addInit(present(bodies.get(file), "body"));
  addWorkers(program, unit, bodies);
  const main = root === undefined ? undefined : bodies.get(root);
  if (root !== undefined && main !== undefined) {
    if (unit.threads?.onlyWorker === true) shared.gaps.push(onlyWorker(root));
    else addEntries(shared, root, main);
  }
  return { program: program.build(), gaps: shared.gaps };
}

function onlyWorker(file: ts.SourceFile): Gap {
  const reason = "this file runs in a worker: it is checked with the file that starts it";
  return { span: { ...spanOfFile(file), end: { line: 0, character: 0 } }, reason };
}

function addWorkers(
  program: ProgramBuilder,
  { threads, workers }: Unit,
  bodies: ReadonlyMap<ts.SourceFile, FuncId>,
): void {
  if (threads === null) return;
  const bodyOf = (file: ts.SourceFile): FuncId => present(bodies.get(file), "body");
  const files = workers.flatMap((needed) => {
    const file = needed.at(-1);
    if (file === undefined) return [];
    const inits = needed.slice(0, -1).map(bodyOf);
    return [{ uri: uriOf(file.fileName), func: bodyOf(file), inits }];
  });
  program.setWorkers({ web: threads.web, files });
}

/** As goroutines: a program of Go's machine. */
function lowerSnippet(unit: Unit, cancel: CancelToken): Lowered {
  const { ts, checker, prelude } = unit;
  const program = new ProgramBuilder("go", "anywhere");
  const own = unit.files.filter((it) => !it.fileName.startsWith(modelFolder));
  const files = prelude === undefined ? own : [prelude, ...own];
  const types = new Types(ts, checker, program, own);
  const { any, cell } = types;
  const shared = sharedOf(unit, { program, any, cell, files, lowering: goLowering, cancel });
  const declaring: Declaring = {
    nameOf: (symbol, file) => `${uriOf(file.fileName)}.${symbol.name}`,
    typeOf: (symbol) => types.ofGlobal(symbol),
    kindOf: () => "plain",
  };
  for (const file of files) declareGlobals(shared, file, declaring);
  lowerGoroutines(shared, types, { files: own, prelude });
  return { program: program.build(), gaps: shared.gaps };
}

type Given = Pick<Shared, "program" | "any" | "cell" | "lowering" | "cancel"> & {
  readonly files: readonly ts.SourceFile[];
};

function sharedOf(unit: Unit, { files, ...given }: Given): Shared {
  const { ts, checker } = unit;
  return {
    ...given,
    ts,
    checker,
    scopes: new Scopes(ts, checker, files),
    files: new Set(files),
    commonJs: declareModules({ ts, checker, program: given.program }, files, given.any),
    main: unit.files.at(-1),
    isLibrary: (file) => file === unit.prelude,
    gaps: [],
    globals: new Map(),
    statics: new Map(),
    names: new Map(),
    spans: new Map(),
    modelled: (name) => {
      const module = unit.modelOf(name);
      const symbol = module === undefined ? undefined : checker.getSymbolAtLocation(module);
      const own = name.slice(name.lastIndexOf(".") + 1);
      return symbol?.exports?.get(ts.escapeLeadingUnderscores(own));
    },
    outside: { count: 0 },
  };
}

function addEntries(shared: Shared, file: ts.SourceFile, body: FuncId): void {
  shared.program.addEntry({ kind: "snippet", func: body });
  const targets = targetsOf(shared, file);
  const overlaps = targets.map((it): readonly [Target, Target] => [it, it]);
  for (const both of [...overlaps, ...pairsOf(targets)]) {
    const func = lowerDriver(shared, body, both);
    const names = [...new Set(both.map(({ name }) => `\`${name}\``))];
    const [first, second] = names;
    const calls =
      second === undefined ? `two calls of ${first}` : `calls of ${first} and ${second}`;
    if (func !== null) {
      shared.program.addEntry({ kind: "snippet", func, assumption: `${calls} may overlap` });
    }
  }
}

/** How what is declared at the top of a module is known. */
interface Declaring {
  readonly nameOf: (symbol: ts.Symbol, file: ts.SourceFile) => string;
  readonly typeOf: (symbol: ts.Symbol) => TypeId;
  readonly kindOf: (node: ts.FunctionDeclaration) => FuncKind;
}

/** What is declared at the top of a module lives as long as the program. */
function declareGlobals(shared: Shared, file: ts.SourceFile, declaring: Declaring): void {
  const { ts, scopes, program } = shared;
  const add = (symbol: ts.Symbol | undefined, node: ts.Node): void => {
    if (symbol === undefined || shared.globals.has(symbol)) return;
    if (scopes.variable(symbol)?.topLevel === false) return;
    const name = declaring.nameOf(symbol, file);
    const span = program.span(spanOfNode(node));
    const type = declaring.typeOf(symbol);
    shared.globals.set(symbol, program.global({ name, type, span }));
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
    if (isFunction && own !== undefined) declareStatic(shared, node, own, declaring);
  }
}

/** Functions that are never replaced are called by name. */
function declareStatic(
  shared: Shared,
  node: ts.FunctionDeclaration,
  symbol: ts.Symbol,
  declaring: Declaring,
): void {
  if (node.body === undefined || node.name === undefined || shared.statics.has(symbol)) return;
  if (shared.scopes.variable(symbol)?.assigned === true) return;
  const parts = { name: node.name.text, kind: declaring.kindOf(node), node };
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
  startModule(fn, file);
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
