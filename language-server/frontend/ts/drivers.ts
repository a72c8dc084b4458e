// Entries that nobody wrote: two overlapping calls of an async function, to see what the pair can do to each other. They rest on an
// assumption (that two calls may overlap), which is why their name says so.

import type { ts } from "ts-morph";
import type { FuncId, GlobalId, Reg } from "../../ir/ir.js";
import { Fn, type Shared } from "./context.js";
import type { Target } from "./driver-targets.js";
import { argumentsOf } from "./made-up.js";
import { declareFunction } from "./functions.js";
import { lowerClass } from "./classes.js";

/** What overlaps in such an entry, as its name and its assumption say it. */
export function overlapOf(targets: readonly [Target, Target]): string {
  const [first, second] = targets.map((it) => it.name);
  return first === second ? `two calls of ${first}` : `a call of ${first} and one of ${second}`;
}

/** Runs the module, then makes both calls without waiting in between, then waits for both. */
export function lowerDriver(
  shared: Shared,
  body: FuncId,
  targets: readonly [Target, Target],
): FuncId | null {
  const [{ node }] = targets;
  const name = overlapOf(targets);
  const func = declareFunction(shared, null, { name, kind: "async", node });
  const b = shared.program.body(func);
  const fn = new Fn(shared, null, b, { kind: "async", isArrow: false });
  b.enter(b.block());
  const span = fn.span(node);
  fn.prim("js.driven", [], node);
  const started = fn.reg();
  b.emit({ op: "call", dst: started, callee: { kind: "static", func: body }, args: [], span });
  fn.await(started, span);
  const instances = new Map<ts.Node, Reg>();
  const first = calleeOf(fn, targets[0], instances);
  const second = targets[0] === targets[1] ? first : calleeOf(fn, targets[1], instances);
  if (first === null || second === null) return null;
  const calls = [first, second].map(({ callee, self }, index) => {
    const called = targets[index]?.node ?? node;
    return fn.call(callee, self, argumentsOf(fn, called), fn.span(called));
  });
  const promise = fn.prim("js.global", [fn.literal("Promise", node)], node);
  const all = fn.getNamed(promise, "all", node);
  fn.await(fn.call(all, promise, [fn.prim("js.array", calls, node)], span), span);
  b.exit({ op: "return", values: [fn.undefined(node)], span });
  b.finish();
  return func;
}

interface Callee {
  readonly callee: Reg;
  readonly self: Reg | null;
}

/** `instances`: what both calls share. */
function calleeOf(fn: Fn, { node, way }: Target, instances: Map<ts.Node, Reg>): Callee | null {
  const memberOf = (self: Reg, name: string): Callee => ({
    callee: fn.getNamed(self, name, node),
    self,
  });
  switch (way.kind) {
    case "global":
    case "member": {
      const global = globalOf(fn, way.known);
      if (global === undefined) return null;
      const span = fn.span(way.known);
      const value = fn.load(fn.globalAddress(global, span), span);
      return way.kind === "global" ? { callee: value, self: null } : memberOf(value, way.name);
    }
    case "method": {
      const self = instances.get(way.owner) ?? newInstance(fn, way.owner);
      instances.set(way.owner, self);
      return memberOf(self, way.name);
    }
    case "made": {
      const place = fn.literal(Number(fn.span(node)), node);
      return { callee: fn.prim("js.made", [place], node), self: null };
    }
    case "returned": {
      const made = instances.get(way.by) ?? returnedBy(fn, way.by);
      if (made === null) return null;
      instances.set(way.by, made);
      return way.name === null ? { callee: made, self: null } : memberOf(made, way.name);
    }
  }
}

function returnedBy(fn: Fn, by: ts.FunctionDeclaration): Reg | null {
  const { statics, checker } = fn.shared;
  const symbol = by.name === undefined ? undefined : checker.getSymbolAtLocation(by.name);
  const func = symbol === undefined ? undefined : statics.get(symbol);
  if (func === undefined) return null;
  const dst = fn.reg();
  const args = argumentsOf(fn, by);
  fn.b.emit({ op: "call", dst, callee: { kind: "static", func }, args, span: fn.span(by) });
  return dst;
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
