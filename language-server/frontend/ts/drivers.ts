// Entries that nobody wrote: two overlapping calls of an async function, to see what the pair can do to each other. They rest on an
// assumption (that two calls may overlap), which is why their name says so.

import type { ts } from "ts-morph";
import type { FuncId, GlobalId, Reg } from "../../ir/ir.js";
import { Fn, type Shared } from "./context.js";
import { declareFunction } from "./functions.js";
import { lowerClass } from "./classes.js";

/** What the name of such an entry begins with. */
const driverPrefix = "two calls of ";

interface Target {
  readonly node: ts.FunctionDeclaration | ts.MethodDeclaration;
  readonly name: string;
  readonly owner: ts.ClassDeclaration | null;
}

const most = 8;

/** The async functions of a file that others can call and that could undo each other's work. */
export function targetsOf(shared: Shared, file: ts.SourceFile): readonly Target[] {
  return asyncFunctions(shared, file)
    .filter(({ node, owner }) => isOpen(shared, owner ?? node) && maySplitUpdate(shared, node))
    .slice(0, most);
}

/** Whether calls may come from elsewhere: it is exported, or nothing in the program uses it yet. */
function isOpen(
  { ts, checker, scopes }: Shared,
  node: Target["node"] | ts.ClassDeclaration,
): boolean {
  const exported = node.modifiers?.some((it) => it.kind === ts.SyntaxKind.ExportKeyword) === true;
  const symbol = node.name === undefined ? undefined : checker.getSymbolAtLocation(node.name);
  return exported || symbol === undefined || scopes.variable(symbol)?.used !== true;
}

/** Waits and writes something that is not its own, or waits twice for others that may. */
function maySplitUpdate({ ts, scopes }: Shared, node: ts.Node): boolean {
  let awaits = 0;
  let writes = false;
  const visit = (at: ts.Node): void => {
    if (ts.isAwaitExpression(at)) awaits++;
    if (ts.isBinaryExpression(at)) {
      const { kind } = at.operatorToken;
      const assigns = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
      const symbol = ts.isIdentifier(at.left) ? scopes.symbolOf(at.left) : undefined;
      const own = symbol !== undefined && scopes.variable(symbol)?.owner === node;
      if (assigns && !own) writes = true;
    }
    if (ts.isPropertyAccessExpression(at) && at.name.text === "set") writes = true;
    ts.forEachChild(at, visit);
  };
  visit(node);
  return awaits > 1 || (awaits === 1 && writes);
}

function asyncFunctions(shared: Shared, file: ts.SourceFile): readonly Target[] {
  const { ts } = shared;
  const isAsync = (node: ts.FunctionDeclaration | ts.MethodDeclaration): boolean =>
    node.modifiers?.some((it) => it.kind === ts.SyntaxKind.AsyncKeyword) === true &&
    node.body !== undefined;
  return file.statements.flatMap((node): Target[] => {
    if (ts.isFunctionDeclaration(node) && isAsync(node) && node.name !== undefined) {
      return [{ node, name: node.name.text, owner: null }];
    }
    if (!ts.isClassDeclaration(node) || node.name === undefined) return [];
    const owner = node;
    const className = node.name.text;
    return node.members
      .filter(ts.isMethodDeclaration)
      .filter(isAsync)
      .flatMap((it) => {
        const fixed = it.modifiers?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword) === true;
        if (fixed || !ts.isIdentifier(it.name)) return [];
        return [{ node: it, name: `${className}.${it.name.text}`, owner }];
      });
  });
}

/** Runs the module, then calls the function twice without waiting in between, then waits for both. */
export function lowerDriver(shared: Shared, body: FuncId, target: Target): FuncId | null {
  const { node, owner } = target;
  const name = `${driverPrefix}${target.name}`;
  const func = declareFunction(shared, null, { name, kind: "async", node });
  const b = shared.program.body(func);
  const fn = new Fn(shared, null, b, { kind: "async", isArrow: false });
  b.enter(b.block());
  const span = fn.span(node);
  const started = fn.reg();
  b.emit({ op: "call", dst: started, callee: { kind: "static", func: body }, args: [], span });
  fn.await(started, span);
  const self = owner === null ? null : newInstance(fn, owner);
  const callee = calleeOf(fn, target, self);
  if (callee === null) return null;
  const calls = [1, 2].map(() => fn.call(callee, self, argumentsOf(fn, node), span));
  const promise = fn.prim("js.global", [fn.literal("Promise", node)], node);
  const all = fn.getNamed(promise, "all", node);
  fn.await(fn.call(all, promise, [fn.prim("js.array", calls, node)], span), span);
  b.exit({ op: "return", values: [fn.undefined(node)], span });
  b.finish();
  return func;
}

function calleeOf(fn: Fn, { node }: Target, self: Reg | null): Reg | null {
  const { name } = node;
  if (name === undefined || !fn.ts.isIdentifier(name)) return null;
  if (self !== null) return fn.getNamed(self, name.text, node);
  const global = globalOf(fn, name);
  return global === undefined
    ? null
    : fn.load(fn.globalAddress(global, fn.span(name)), fn.span(name));
}

function globalOf(fn: Fn, name: ts.Identifier): GlobalId | undefined {
  const symbol = fn.shared.checker.getSymbolAtLocation(name);
  return symbol === undefined ? undefined : fn.shared.globals.get(symbol);
}

function newInstance(fn: Fn, owner: ts.ClassDeclaration): Reg {
  const { ts } = fn;
  const { name } = owner;
  const global = name === undefined ? undefined : globalOf(fn, name);
  if (name === undefined || global === undefined) return lowerClass(fn, owner, "class");
  const type = fn.load(fn.globalAddress(global, fn.span(name)), fn.span(name));
  const constructor = owner.members.find(ts.isConstructorDeclaration);
  const args = constructor === undefined ? [] : argumentsOf(fn, constructor);
  const list = fn.prim("js.array", args, owner);
  return fn.prim("js.new", [type, list, fn.literal(name.text, owner)], owner);
}

function argumentsOf(fn: Fn, node: ts.SignatureDeclaration): readonly Reg[] {
  const given = node.parameters.filter(
    (it) =>
      it.initializer === undefined &&
      it.questionToken === undefined &&
      it.dotDotDotToken === undefined,
  );
  return given.map((it) => {
    const { checker, lowering } = fn.shared;
    const type = checker.getTypeAtLocation(it);
    const what = it.name.getText();
    const element = checker.isArrayType(type) ? type.getNumberIndexType() : undefined;
    if (element === undefined) return lowering.outside(fn, type, what, node);
    // With nothing in it, loops over the argument would show nothing.
    return fn.prim("js.array", [lowering.outside(fn, element, what, node)], node);
  });
}
