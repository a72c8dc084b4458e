// Properties of `super`: found from the prototype of the class they are written in, and read and set on `this`.

import type { ts } from "ts-morph";
import type { Reg } from "../../ir/ir.js";
import type { Fn } from "./context.js";
import { readStorage } from "./variables.js";

export function superGet(fn: Fn, key: Reg, node: ts.Node): Reg {
  const home = homeOf(fn, node);
  const self = fn.lookup("this");
  if (home === null || self === undefined) return fn.gap(node, "super outside of a class");
  return fn.prim("js.super-get", [home, key, readStorage(fn, self, node)], node);
}

export function superSet(fn: Fn, key: Reg, value: Reg, node: ts.Node): void {
  const home = homeOf(fn, node);
  const self = fn.lookup("this");
  if (home === null || self === undefined) fn.gap(node, "super outside of a class");
  else fn.prim("js.super-set", [home, key, value, readStorage(fn, self, node)], node);
}

/** The object whose prototype `super` looks in. */
function homeOf(fn: Fn, node: ts.Node): Reg | null {
  let at: Fn | null = fn;
  while (at?.isArrow === true) at = at.parent;
  const home = at?.home ?? null;
  if (home === null) return null;
  const storage = fn.lookup(home.key);
  if (storage === undefined) return null;
  const type = readStorage(fn, storage, node);
  return home.isStatic ? type : fn.getNamed(type, "prototype", node);
}
