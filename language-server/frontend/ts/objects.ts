import type { ts } from "ts-morph";
import type { Reg } from "../../ir/ir.js";
import type { Fn } from "./context.js";
import { keyText, named, propertyKey } from "./patterns.js";
import { readIdentifier } from "./variables.js";

export function lowerObject(fn: Fn, node: ts.ObjectLiteralExpression): Reg {
  const object = fn.prim("js.object", [], node);
  for (const property of node.properties) lowerMember(fn, object, property);
  return object;
}

function lowerMember(fn: Fn, object: Reg, property: ts.ObjectLiteralElementLike): void {
  const { ts } = fn;
  if (ts.isSpreadAssignment(property)) {
    fn.prim("js.spread", [object, fn.expr(property.expression)], property);
    return;
  }
  if (ts.isShorthandPropertyAssignment(property)) {
    const key = fn.literal(property.name.text, property.name);
    fn.prim("js.define", [object, key, readIdentifier(fn, property.name)], property);
    return;
  }
  const key = propertyKey(fn, property.name);
  const name = keyText(fn, property.name);
  if (ts.isPropertyAssignment(property)) {
    const value = named(fn, property.initializer, name);
    const prototype = name === "__proto__" && !ts.isComputedPropertyName(property.name);
    if (prototype) fn.prim("js.set-prototype", [object, value], property);
    else fn.prim("js.define", [object, key, value], property);
    return;
  }
  const closure = fn.shared.lowering.func(fn, property, name);
  const visible = fn.literal(true, property);
  if (ts.isGetAccessor(property)) fn.prim("js.getter", [object, key, closure, visible], property);
  else if (ts.isSetAccessor(property)) {
    fn.prim("js.setter", [object, key, closure, visible], property);
  } else {
    fn.prim("js.name", [closure, key], property);
    fn.prim("js.define", [object, key, closure], property);
  }
}
