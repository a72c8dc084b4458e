import type { AtomicFn } from "../../../ir/ir.js";
import { atomic, type AtomicType, type Model, type Models } from "./model.js";

const verbs: Readonly<Record<string, AtomicFn>> = {
  Load: "load",
  Store: "store",
  Swap: "swap",
  CompareAndSwap: "cas",
  Add: "add",
  And: "and",
  Or: "or",
};

/** Type as it is named in `sync/atomic` and what it moves. */
const types: readonly (readonly [name: string, of: AtomicType])[] = [
  ["Int32", "int32"],
  ["Int64", "int64"],
  ["Uint32", "uint32"],
  ["Uint64", "uint64"],
  ["Uintptr", "uintptr"],
];

function rows(): [string, Model][] {
  const all: [string, Model][] = [];
  for (const [verb, fn] of Object.entries(verbs)) {
    for (const [name, of] of types) {
      all.push([`sync/atomic.${verb}${name}`, atomic(fn, of)]);
      all.push([`(*sync/atomic.${name}).${verb}`, atomic(fn, of)]);
    }
    if (fn === "add" || fn === "and" || fn === "or") continue;
    all.push([`sync/atomic.${verb}Pointer`, atomic(fn, "unsafe.Pointer")]);
    // Type arguments are cut from names before they are looked up.
    all.push([`(*sync/atomic.Pointer[]).${verb}`, atomic(fn, "unsafe.Pointer")]);
    all.push([`(*sync/atomic.Bool).${verb}`, atomic(fn, "bool")]);
    // The bundled Value checks its arguments in Go and then calls these.
    all.push([`sync/atomic.value${verb}`, atomic(fn, "interface")]);
  }
  return all;
}

/** Package sync/atomic: functions and types; every one is a single indivisible step on the first cell. */
export const atomicModels: Models = Object.fromEntries(rows());
