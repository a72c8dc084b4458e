// Reading and writing variables, wherever they live: registers, cells, globals of the program, names of the host.

import type { ts } from "ts-morph";
import type { GlobalId, Reg } from "../../ir/ir.js";
import { moduleName } from "./common-js.js";
import type { Fn, Storage } from "./context.js";

export function readIdentifier(fn: Fn, node: ts.Identifier): Reg {
  if (node.text === "") return fn.gap(node, "incomplete code");
  const symbol = fn.shared.scopes.symbolOf(node);
  if (node.text === "undefined") return fn.undefined(node);
  if (symbol?.name === "arguments" && symbol.valueDeclaration === undefined) {
    return fn.prim("js.arguments", [], node);
  }
  const variable = symbol === undefined ? undefined : fn.shared.scopes.variable(symbol);
  if (symbol === undefined || variable === undefined) return readForeign(fn, node);
  if (isAmbient(fn, symbol)) return readAmbient(fn, symbol, node);
  const storage = fn.lookup(symbol);
  if (storage !== undefined) return readStorage(fn, storage, node);
  const global = fn.shared.globals.get(symbol);
  if (global === undefined) return fn.gap(node, `the variable ${node.text} of another scope`);
  return fn.load(fn.globalAddress(global, fn.span(node)), fn.span(node));
}

export function readStorage(fn: Fn, storage: Storage, node: ts.Node): Reg {
  return storage.kind === "value" ? storage.reg : fn.load(storage.reg, fn.span(node));
}

/** A name that the program does not declare: an import from outside, or a global of the host. */
function readForeign(fn: Fn, node: ts.Identifier): Reg {
  const own = moduleName(fn, node);
  if (own !== undefined) return fn.load(fn.globalAddress(own, fn.span(node)), fn.span(node));
  const imported = importOf(fn, node);
  const model = imported === null ? modelledGlobal(fn, node.text) : undefined;
  if (model !== undefined) return fn.load(fn.globalAddress(model, fn.span(node)), fn.span(node));
  if (imported === null && node.text === "__filename") {
    return fn.literal(node.getSourceFile().fileName, node);
  }
  if (imported === null) return fn.prim("js.global", [fn.literal(node.text, node)], node);
  const module = fn.prim("js.import", [fn.literal(imported.module, node)], node);
  return imported.name === null ? module : fn.getNamed(module, imported.name, node);
}

/** Where the model of a global of the platform keeps it. */
export function modelledGlobal(fn: Fn, name: string): GlobalId | undefined {
  const { modelled, globals } = fn.shared;
  const symbol = modelled(name);
  return symbol === undefined ? undefined : globals.get(symbol);
}

/** `Array.fromAsync` and what else is modelled of an object that is the host's own. */
export function readModelledMember(fn: Fn, node: ts.PropertyAccessExpression): Reg | null {
  if (!fn.ts.isIdentifier(node.expression)) return null;
  const owner = fn.shared.scopes.symbolOf(node.expression);
  if (owner !== undefined && fn.shared.scopes.variable(owner) !== undefined) return null;
  const model = modelledGlobal(fn, `${node.expression.text}.${node.name.text}`);
  if (model === undefined) return null;
  return fn.load(fn.globalAddress(model, fn.span(node)), fn.span(node));
}

export function isImported(fn: Fn, node: ts.Identifier): boolean {
  return importOf(fn, node) !== null;
}

interface Import {
  readonly module: string;
  /** Null: the whole module. */
  readonly name: string | null;
}

function importOf(fn: Fn, node: ts.Identifier): Import | null {
  const { ts, checker } = fn.shared;
  const declaration = checker.getSymbolAtLocation(node)?.declarations?.[0];
  if (declaration === undefined) return null;
  let at: ts.Node = declaration;
  while (!ts.isImportDeclaration(at)) {
    if (ts.isSourceFile(at) || ts.isStatement(at)) return null;
    at = at.parent;
  }
  if (!ts.isStringLiteral(at.moduleSpecifier)) return null;
  const module = at.moduleSpecifier.text;
  if (ts.isImportSpecifier(declaration)) {
    return { module, name: (declaration.propertyName ?? declaration.name).text };
  }
  return { module, name: ts.isImportClause(declaration) ? "default" : null };
}

/** Declared without a body anywhere: it comes from outside the program. */
export function isAmbient(fn: Fn, symbol: ts.Symbol): boolean {
  const { ts } = fn;
  const declarations = symbol.declarations ?? [];
  return declarations.every((it) => {
    if (ts.isFunctionDeclaration(it)) return it.body === undefined;
    const statement = ts.isVariableDeclaration(it) ? it.parent.parent : it;
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    return modifiers?.some((m) => m.kind === ts.SyntaxKind.DeclareKeyword) === true;
  });
}

function readAmbient(fn: Fn, symbol: ts.Symbol, node: ts.Identifier): Reg {
  const type = fn.shared.checker.getTypeOfSymbolAtLocation(symbol, node);
  return fn.shared.lowering.outside(fn, type, symbol.name, node);
}

/** Assigns to a variable; initialising it is `initialise`. */
export function writeIdentifier(fn: Fn, node: ts.Identifier, value: Reg): void {
  const symbol = fn.shared.scopes.symbolOf(node);
  const own = moduleName(fn, node);
  if (own !== undefined) {
    fn.store(fn.globalAddress(own, fn.span(node)), value, fn.span(node));
    return;
  }
  if (symbol === undefined || fn.shared.scopes.variable(symbol) === undefined) {
    fn.gap(node, `assignment to ${node.text === "" ? "incomplete code" : node.text}`);
    return;
  }
  if (isConstant(fn, symbol)) {
    const type = fn.prim("js.global", [fn.literal("TypeError", node)], node);
    const text = fn.prim("js.array", [fn.literal("Assignment to constant variable.", node)], node);
    const error = fn.prim("js.new", [type, text, fn.literal("TypeError", node)], node);
    fn.b.exit({ op: "panic", value: error, span: fn.span(node) });
    fn.enterDead();
    return;
  }
  initialise(fn, symbol, value, node);
}

function isConstant(fn: Fn, symbol: ts.Symbol): boolean {
  const { ts } = fn;
  const { valueDeclaration } = symbol;
  if (valueDeclaration === undefined) return false;
  return (ts.getCombinedNodeFlags(valueDeclaration) & ts.NodeFlags.Const) !== 0;
}

/** Gives a variable its value where it is declared. */
export function initialise(fn: Fn, symbol: ts.Symbol, value: Reg, node: ts.Node): void {
  const global = fn.shared.globals.get(symbol);
  const span = fn.span(node);
  if (global !== undefined) {
    fn.store(fn.globalAddress(global, span), value, span);
    return;
  }
  const storage = fn.lookup(symbol);
  if (storage?.kind === "cell") {
    fn.store(storage.reg, value, span);
    return;
  }
  if (needsCell(fn, symbol)) {
    const reg = fn.alloc(symbol.name, node);
    fn.declare(symbol, { kind: "cell", reg });
    fn.store(reg, value, span);
    return;
  }
  fn.declare(symbol, { kind: "value", reg: value });
  fn.b.nameReg(value, symbol.name);
}

export function needsCell(fn: Fn, symbol: ts.Symbol): boolean {
  const variable = fn.shared.scopes.variable(symbol);
  return variable === undefined || variable.captured || variable.assigned || variable.early;
}

/** A cell for a variable whose scope begins here; reading it before its declaration is an error. */
export function declareCell(fn: Fn, symbol: ts.Symbol, node: ts.Node, initialised: boolean): void {
  const reg = fn.alloc(symbol.name, node);
  fn.declare(symbol, { kind: "cell", reg });
  const start = initialised ? fn.undefined(node) : fn.prim("js.uninitialised", [], node);
  fn.store(reg, start, fn.span(node));
}
