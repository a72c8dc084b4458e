// Calls of the language's own objects. What needs a loop is a function of the prelude, which is lowered like the rest.

import type { ts } from "ts-morph";
import type { Reg } from "../../../ir/ir.js";
import { textMethods } from "../../../ir/text-methods.js";
import type { GoFn } from "./fn.js";
import { startTimer, stopTimer } from "./times.js";
import { addMember, argumentsOf, asArray, hasKey, push } from "./values.js";

const listed =
  (name: string): BuiltIn =>
  (fn, base, args, node) =>
    fn.note(fn.callPrelude(name, [base, ...args], node), { kind: "array" });

type Args = readonly Reg[];
type BuiltIn = (fn: GoFn, base: Reg, args: Args, node: ts.CallExpression) => Reg;

const inPrelude =
  (name: string): BuiltIn =>
  (fn, base, args, node) =>
    fn.callPrelude(name, [base, ...args], node);

const arrays: Readonly<Record<string, BuiltIn>> = {
  push: (fn, base, args, node) => {
    node.arguments.forEach((it, index) => {
      const value = args[index];
      if (value === undefined) return;
      push(fn, base, value, fn.ts.isSpreadElement(it) ? it : node);
    });
    return fn.lengthOf(base, fn.span(node));
  },
  ...Object.fromEntries(
    [
      "at",
      "concat",
      "every",
      "fill",
      "filter",
      "find",
      "findIndex",
      "forEach",
      "includes",
      "indexOf",
      "join",
      "map",
      "pop",
      "reduce",
      "reverse",
      "shift",
      "slice",
      "some",
      "sort",
      "unshift",
    ].map((it) => [it, inPrelude(it)]),
  ),
};

const mapOp =
  (op: "get" | "set" | "delete" | "clear"): BuiltIn =>
  (fn, base, args, node) => {
    const dst = op === "get" ? fn.reg() : null;
    const type = fn.types.map;
    fn.b.emit({ op: "map", dst, fn: op, args: [base, ...args], type, span: fn.span(node) });
    return dst ?? base;
  };

const has: BuiltIn = (fn, base, [key], node) =>
  key === undefined ? fn.undefined(node) : hasKey(fn, base, key, node);

/** What `delete` says is whether it was there. */
const remove: BuiltIn = (fn, base, args, node) => {
  const used = !fn.ts.isExpressionStatement(node.parent);
  const [key] = args;
  const before = used && key !== undefined ? hasKey(fn, base, key, node) : null;
  mapOp("delete")(fn, base, args, node);
  return before ?? fn.undefined(node);
};

const maps: Readonly<Record<string, BuiltIn>> = {
  get: mapOp("get"),
  set: mapOp("set"),
  has,
  delete: remove,
  clear: mapOp("clear"),
  forEach: inPrelude("forEachEntry"),
  keys: listed("keysOf"),
  values: listed("valuesOf"),
  entries: listed("entriesOf"),
};

const sets: Readonly<Record<string, BuiltIn>> = {
  add: (fn, base, [value], node) => {
    if (value !== undefined) addMember(fn, base, value, node);
    return base;
  },
  has,
  delete: remove,
  clear: mapOp("clear"),
  forEach: inPrelude("forEachMember"),
  values: listed("membersOf"),
  keys: listed("membersOf"),
};

export function callBuiltIn(
  fn: GoFn,
  base: Reg,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
): Reg {
  const name = callee.name.text;
  const kind = fn.kindOfReg(base)?.kind;
  if (
    kind === "array" &&
    name === "push" &&
    node.arguments.some((it) => fn.ts.isSpreadElement(it))
  ) {
    return pushAll(fn, base, node);
  }
  const args = argumentsOf(fn, node);
  const table = kind === "array" ? arrays : kind === "map" ? maps : kind === "set" ? sets : null;
  const known = table !== null && Object.hasOwn(table, name) ? table[name] : undefined;
  if (known !== undefined) return known(fn, base, args, node);
  const text = kind === "string" || kind === undefined;
  if (kind === "string" && name === "split")
    return fn.note(fn.callPrelude("split", [base, ...args], node), { kind: "array" });
  if (text && textMethods.has(name))
    return fn.prim("js.method", [fn.literal(name, node), base, ...args], node);
  return fn.gap(node, `${callee.getText().slice(-40)}() in a snippet of goroutines`);
}

function pushAll(fn: GoFn, base: Reg, node: ts.CallExpression): Reg {
  for (const it of node.arguments) {
    if (!fn.ts.isSpreadElement(it)) {
      push(fn, base, fn.expr(it), it);
      continue;
    }
    const from = asArray(fn, it.expression);
    const longer = fn.typed(fn.types.slice);
    const span = fn.span(it);
    const items = [fn.load(base, span), fn.load(from, span)];
    fn.b.emit({ op: "bulk", dst: longer, fn: "append", args: items, type: fn.types.slice, span });
    fn.store(base, longer, span);
  }
  return fn.lengthOf(base, fn.span(node));
}

const plainFunctions = new Map([
  ["String", "js.string"],
  ["Number", "js.plus"],
  ["Boolean", "js.truthy"],
]);

const printing = new Set([
  "console.log",
  "console.info",
  "console.error",
  "console.warn",
  "console.debug",
]);

/** A function of the platform, by the name it is called by. */
export function callGlobal(fn: GoFn, name: string, node: ts.CallExpression): Reg {
  const plain = plainFunctions.get(name);
  if (name === "Array.from") return arrayFrom(fn, node);
  if (name === "Object.keys" || name === "Object.values" || name === "Object.entries")
    return parts(fn, name, node);
  if (name === "Math.random") return fn.gap(node, "Math.random() in a snippet of goroutines");
  if (name === "Promise.all")
    return fn.gap(node, "Promise.all() in a snippet of goroutines: use a WaitGroup");
  const args = argumentsOf(fn, node);
  const [first, second] = args;
  if (plain !== undefined)
    return fn.prim(plain, first === undefined ? [fn.undefined(node)] : [first], node);
  if (printing.has(name)) return fn.prim("js.print", args, node);
  if (name.startsWith("Math."))
    return fn.prim("js.math", [fn.literal(name.slice(5), node), ...args], node);
  if (name === "Number.isInteger") return fn.prim("js.is-integer", args, node);
  if (name === "Promise.resolve") return first ?? fn.undefined(node);
  if (name === "setTimeout" && first !== undefined)
    return startTimer(fn, first, second ?? null, node);
  if (name === "clearTimeout" && first !== undefined) return stopTimer(fn, first, node);
  return fn.gap(node, `${name}() in a snippet of goroutines`);
}

/** `Array.from({ length: n }, make)` and `Array.from(iterable)`. */
function arrayFrom(fn: GoFn, node: ts.CallExpression): Reg {
  const { ts } = fn;
  const [from, make] = node.arguments;
  if (from === undefined) return fn.gap(node, "Array.from()");
  const made = make === undefined ? fn.undefined(node) : fn.expr(make);
  const property = ts.isObjectLiteralExpression(from) ? from.properties[0] : undefined;
  if (property !== undefined && ts.isPropertyAssignment(property)) {
    const length = fn.expr(property.initializer);
    return fn.note(fn.callPrelude("fromLength", [length, made], node), { kind: "array" });
  }
  const all = fn.callPrelude("fromArray", [asArray(fn, from)], node);
  const array = make === undefined ? all : fn.callPrelude("map", [all, made], node);
  return fn.note(array, { kind: "array" });
}

function parts(fn: GoFn, name: string, node: ts.CallExpression): Reg {
  const [from] = node.arguments;
  const value = from === undefined ? null : fn.expr(from);
  if (value === null || fn.kindOfReg(value)?.kind !== "map") {
    return fn.gap(node, `${name}() of an object without index signature`);
  }
  const part = name.slice(name.indexOf(".") + 1);
  return fn.note(fn.callPrelude(`${part}Of`, [value], node), { kind: "array" });
}
