// The world a program sees: the host's own pure built-ins, our promises, timers and console, and a fence around what must not be
// reached (code from strings, true randomness, the host's clock) or changed (built-in prototypes, which executions share).

import type { SpanId } from "../../ir/ir.js";
import { globalsOf, ownFunctionsOf } from "./js-globals.js";
import { Inspector } from "./js-inspect.js";
import type { Vm } from "./js-interp.js";
import { Outside } from "./js-outside.js";
import { Promises } from "./js-promise-class.js";
import type { JobHost } from "./js-promise.js";
import { Abort, functionPrototypes } from "./js-values.js";

/** Each makes code from a string. */
const functionConstructors: readonly unknown[] = [
  Function,
  ...Object.values(functionPrototypes).map((it): unknown => Reflect.get(it, "constructor")),
];

/** Never handed to a program. */
const denied = new Set<unknown>([
  ...functionConstructors,
  globalThis.eval,
  globalThis.Promise,
  globalThis.Date,
  Math.random,
  Reflect.get(Array, "fromAsync"),
  Reflect.get(Object.prototype, "__defineGetter__"),
  Reflect.get(Object.prototype, "__defineSetter__"),
]);
denied.delete(undefined);

const roots: readonly unknown[] = [
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Symbol,
  BigInt,
  Math,
  JSON,
  Map,
  Set,
  WeakMap,
  WeakSet,
  RegExp,
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
  AggregateError,
  Reflect,
  Proxy,
  ArrayBuffer,
  DataView,
  Object.getPrototypeOf(Uint8Array),
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  Object.getPrototypeOf([][Symbol.iterator]()),
  Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())),
  Object.getPrototypeOf(new Map()[Symbol.iterator]()),
  Object.getPrototypeOf(new Set()[Symbol.iterator]()),
  ...Object.values(functionPrototypes),
];

/** Objects that all executions share and none may change. */
const shared = new WeakSet<object>();
for (const root of roots) {
  shared.add(root as object);
  const prototype = (root as { readonly prototype?: unknown }).prototype;
  if (typeof prototype === "object" && prototype !== null) shared.add(prototype);
  if (typeof prototype === "function") shared.add(prototype);
}

/** Built-ins that change their first argument. */
const changesArgument = new Set<unknown>([
  Object.assign,
  Object.defineProperty,
  Object.defineProperties,
  Object.setPrototypeOf,
  Object.freeze,
  Object.seal,
  Object.preventExtensions,
  Reflect.set,
  Reflect.defineProperty,
  Reflect.deleteProperty,
  Reflect.setPrototypeOf,
  Reflect.preventExtensions,
  Reflect.getOwnPropertyDescriptor,
  Object.getOwnPropertyDescriptor,
  Object.getOwnPropertyDescriptors,
  Reflect.get,
  Reflect.apply,
  Reflect.construct,
]);

const longest = 4_000_000;
const fillsMemory = new Set<unknown>(
  ["repeat", "padStart", "padEnd"].map((it): unknown => Reflect.get(String.prototype, it)),
);
const sized = new Set<unknown>([
  Array,
  Array.from,
  ...roots.filter((it) => typeof it === "function" && /Array$|Buffer$/.test(it.name)),
]);

export class Realm {
  readonly promises: Promises;
  readonly globals: object;
  /** What is neither of the program nor modelled. */
  readonly outside: Outside;
  readonly #inspector: Inspector;
  readonly #vm: Vm;
  readonly #errorSpans = new WeakMap<object, SpanId>();
  readonly #opaque = new WeakMap<object, string>();
  #lastThrown: { readonly value: unknown; readonly span: SpanId } | null = null;

  constructor(vm: Vm, jobs: JobHost) {
    this.#vm = vm;
    this.promises = new Promises(jobs);
    this.outside = new Outside(vm);
    this.#inspector = new Inspector({
      promises: this.promises,
      opaqueName: (value) => this.#opaque.get(value) ?? this.outside.nameOf(value),
      kindOf: (fn) => {
        const closure = vm.closureOf(fn);
        const kind = closure?.func.kind ?? "plain";
        return { tag: tags[kind], isClass: closure?.isClass === true };
      },
    });
    this.globals = globalsOf(vm, this);
    for (const it of ownFunctionsOf(this.globals))
      vm.seen?.natives.tellsItself(it, { looks: true });
  }

  // Guards

  guardValue(value: unknown): void {
    if (denied.has(value)) {
      this.#vm.unsupported(`the built-in ${(value as { readonly name: string }).name}`);
    }
  }

  guardWrite(base: unknown): void {
    if (
      (typeof base === "object" || typeof base === "function") &&
      base !== null &&
      shared.has(base)
    ) {
      this.#vm.unsupported("a change of a built-in object");
    }
  }

  guardCall(fn: unknown, self: unknown, args: readonly unknown[]): void {
    this.guardValue(fn);
    this.guardValue(self);
    for (const it of args) this.guardValue(it);
    const [first] = args;
    if (changesArgument.has(fn)) this.guardWrite(first);
    // A prototype as the receiver of one of its own methods is a program that changes it.
    if (Array.prototype === self || Array.prototype === first) this.guardWrite(Array.prototype);
    const size = sizeOf(first);
    if ((fillsMemory.has(fn) || sized.has(fn)) && size > longest) {
      throw new Abort("unsupported", `a value of ${size} elements is not modelled`, this.#vm.span);
    }
  }

  // Text

  format(args: readonly unknown[]): string {
    return this.#inspector.format(args);
  }

  inspect(value: unknown): string {
    return this.#inspector.inspect(value);
  }

  show(value: unknown): string {
    return this.#inspector.brief(value, 40);
  }

  /** How messages name a value that has the wrong kind: `number 5`, `object`. */
  kindText(value: unknown): string {
    return typeof value === "object" || typeof value === "function"
      ? typeof value
      : `${typeof value} ${this.show(value)}`;
  }

  /** A value from outside whose content nobody knows: it may be passed on, not looked into. */
  opaque(what: string): object {
    const stop = (): never => this.#vm.unsupported(`the content of ${what}`);
    const value = new Proxy(() => undefined, {
      get: (_, key) => (key === "then" ? undefined : stop()),
      apply: stop,
      construct: stop,
      set: stop,
      has: stop,
      ownKeys: stop,
      getOwnPropertyDescriptor: stop,
      getPrototypeOf: stop,
    });
    this.#opaque.set(value, what);
    return value;
  }

  /** The exports of a module that is no part of the program. */
  module(name: string): unknown {
    const require = Reflect.get(this.globals, "require") as (name: string) => object;
    const exports = require(name);
    if (this.outside.has(exports)) return exports;
    for (const it of Object.values(exports)) {
      this.#vm.seen?.natives.tellsItself(it, { looks: true });
    }
    return exports;
  }

  /** The first line of what Node prints before it exits because nobody handled the error. */
  errorText(error: unknown): string {
    if (error instanceof Error) {
      return error.message === "" ? error.name : `${error.name}: ${error.message}`;
    }
    return `Uncaught ${this.inspect(error)}`;
  }

  noteError(error: unknown, span: SpanId): void {
    if (typeof error !== "object" || error === null) this.#lastThrown = { value: error, span };
    else if (!this.#errorSpans.has(error)) this.#errorSpans.set(error, span);
  }

  /** Where an error was first seen. */
  spanOfError(error: unknown): SpanId | undefined {
    if (typeof error === "object" && error !== null) return this.#errorSpans.get(error);
    return this.#lastThrown?.value === error ? this.#lastThrown?.span : undefined;
  }
}

const tags = {
  plain: "Function",
  async: "AsyncFunction",
  generator: "GeneratorFunction",
  "async-generator": "AsyncGeneratorFunction",
} as const;

function sizeOf(value: unknown): number {
  if (typeof value === "number") return value;
  const isObject = typeof value === "object" && value !== null;
  const length: unknown = isObject ? Reflect.get(value, "length") : 0;
  return typeof length === "number" ? length : 0;
}
