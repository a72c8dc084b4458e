// The operations of JavaScript that are neither accesses nor calls. One row each; the front end names them.

import type { SpanId } from "../../ir/ir.js";
import type { Frame } from "./js-code.js";
import { replyOf } from "./js-reply.js";
import type { Vm } from "./js-interp.js";
import { ReturnSignal, uninitialised } from "./js-values.js";

export type Prim = (args: readonly unknown[], vm: Vm, frame: Frame) => unknown;

/** The operation of that name, or undefined when there is none. */
export function primOf(name: string): Prim | undefined {
  return Object.hasOwn(prims, name) ? prims[name] : undefined;
}

// The operators are the host's: the casts only say that TypeScript should not object.
type Num = (a: number, b: number) => unknown;
const binary =
  (run: Num): Prim =>
  ([a, b]) =>
    run(a as number, b as number);

const operators: Readonly<Record<string, Prim>> = {
  "js.add": binary((a, b) => a + b),
  "js.sub": binary((a, b) => a - b),
  "js.mul": binary((a, b) => a * b),
  "js.div": binary((a, b) => a / b),
  "js.rem": binary((a, b) => a % b),
  "js.pow": binary((a, b) => a ** b),
  "js.and": binary((a, b) => a & b),
  "js.or": binary((a, b) => a | b),
  "js.xor": binary((a, b) => a ^ b),
  "js.shl": binary((a, b) => a << b),
  "js.shr": binary((a, b) => a >> b),
  "js.ushr": binary((a, b) => a >>> b),
  "js.lt": binary((a, b) => a < b),
  "js.le": binary((a, b) => a <= b),
  "js.gt": binary((a, b) => a > b),
  "js.ge": binary((a, b) => a >= b),
  "js.eq": ([a, b], vm) => vm.realm.outside.equal(a, b) ?? a === b,
  "js.ne": ([a, b], vm) => !(vm.realm.outside.equal(a, b) ?? a === b),
  // eslint-disable-next-line eqeqeq -- this is what the program asks for
  "js.loose-eq": ([a, b], vm) => vm.realm.outside.equal(a, b) ?? a == b,
  // eslint-disable-next-line eqeqeq -- this is what the program asks for
  "js.loose-ne": ([a, b], vm) => !(vm.realm.outside.equal(a, b) ?? a == b),
  "js.neg": ([a]) => -(a as number),
  "js.plus": ([a]) => Number(a),
  "js.numeric": ([a]) => (typeof a === "bigint" ? a : Number(a)),
  "js.one": ([a]) => (typeof a === "bigint" ? 1n : 1),
  "js.not": ([a], vm) => {
    if (vm.realm.outside.has(a)) vm.realm.outside.looksInto(a);
    return !Boolean(a);
  },
  "js.bit-not": ([a]) => ~(a as number),
  "js.typeof": ([a], vm) =>
    vm.realm.outside.has(a) ? vm.realm.outside.derived(a, "typeof") : typeof a,
  "js.nullish": ([a]) => a === null || a === undefined,
  // Chosen because of what the other is: it depends on both.
  "js.instead": ([a]) => a,
  "js.undefined": ([a]) => a === undefined,
  "js.string": ([a]) => {
    if (typeof a === "symbol") throw new TypeError("Cannot convert a Symbol value to a string");
    return String(a);
  },
  "js.property-key": ([a]) => (typeof a === "symbol" ? a : String(a)),
  "js.in": ([key, object], vm) => {
    if (typeof object !== "object" && typeof object !== "function") {
      throw new TypeError(
        `Cannot use 'in' operator to search for '${String(key)}' in ${vm.realm.show(object)}`,
      );
    }
    return (key as PropertyKey) in (object as object);
  },
  "js.instanceof": ([value, type]) => {
    if (typeof type !== "function" && (typeof type !== "object" || type === null)) {
      throw new TypeError("Right-hand side of 'instanceof' is not callable");
    }
    return (value as object) instanceof (type as new () => object);
  },
};

const literals: Readonly<Record<string, Prim>> = {
  "js.object": () => ({}),
  "js.array": (args) => [...args],
  "js.define": ([target, key, value]) => {
    Object.defineProperty(target as object, key as PropertyKey, {
      value,
      writable: true,
      enumerable: typeof key !== "string" || !key.startsWith("#"),
      configurable: true,
    });
    return undefined;
  },
  "js.set-prototype": ([target, prototype]) => {
    const isPrototype = typeof prototype === "object" || typeof prototype === "function";
    if (isPrototype) Object.setPrototypeOf(target, prototype);
    return undefined;
  },
  "js.spread": ([target, source]) => {
    Object.assign(target as object, source);
    return undefined;
  },
  "js.push": ([target, value]) => {
    (target as unknown[]).push(value);
    return undefined;
  },
  "js.push-all": ([target, values], vm) => {
    for (const it of iterable(values, vm)) (target as unknown[]).push(it);
    return undefined;
  },
  "js.rest-object": ([source, ...excluded]) => {
    const keys = new Set(excluded.map((it) => (typeof it === "symbol" ? it : String(it))));
    const rest: Record<PropertyKey, unknown> = {};
    for (const key of Reflect.ownKeys(Object(source) as object)) {
      if (!keys.has(key) && Object.prototype.propertyIsEnumerable.call(source, key)) {
        rest[key as string] = (source as Record<PropertyKey, unknown>)[key as string];
      }
    }
    return rest;
  },
  "js.require-object": ([value]) => {
    if (value === null || value === undefined) {
      throw new TypeError(`Cannot destructure '${String(value)}' as it is ${String(value)}.`);
    }
    return undefined;
  },
  "js.raw-strings": ([cooked, raw], vm, { code, block, pc }) => {
    const make = (): object => Object.freeze(Object.assign([...(cooked as string[])], { raw }));
    return vm.template(`${code.func.id}:${block}:${pc}`, make);
  },
};

interface Iteration {
  /** What is gone through. */
  readonly source: unknown;
  readonly iterator: {
    next(value?: unknown): unknown;
    return?: (value?: unknown) => unknown;
    throw?: (error: unknown) => unknown;
  };
  readonly next: (value?: unknown) => unknown;
  done: boolean;
  value: unknown;
  /** What the iterator returned at its end. */
  result: unknown;
}

function iterable(value: unknown, vm: Vm): Iterable<unknown> {
  if (value !== null && value !== undefined) vm.getProp(value, Symbol.iterator);
  return (vm.sharing?.elements(value) ?? value) as Iterable<unknown>;
}

function open(value: unknown, method: unknown, vm: Vm, what: string): Iteration {
  if (typeof method !== "function") throw new TypeError(`${what} is not iterable`);
  const iterator = vm.call(method, value, [], site) as Iteration["iterator"];
  if (typeof iterator !== "object") {
    throw new TypeError("Result of the Symbol.iterator method is not an object");
  }
  return {
    source: value,
    iterator,
    // Called with its iterator as the receiver.
    // eslint-disable-next-line @typescript-eslint/unbound-method
    next: iterator.next,
    done: false,
    value: undefined,
    result: undefined,
  };
}

const site = { taints: [], selfTaint: undefined, awaited: false, name: () => "iterator.next" };

function step(iteration: Iteration, result: unknown): boolean {
  if (typeof result !== "object" || result === null) {
    throw new TypeError(`Iterator result ${String(result)} is not an object`);
  }
  const { done, value } = result as IteratorResult<unknown, unknown>;
  iteration.done = Boolean(done);
  if (iteration.done) iteration.result = value;
  iteration.value = iteration.done ? undefined : value;
  return !iteration.done;
}

function advance(iteration: Iteration, vm: Vm, sent: readonly unknown[] = []): boolean {
  if (iteration.done) return false;
  // An iterator that throws is finished: nobody closes it.
  iteration.done = true;
  vm.track.goesOn(iteration.source);
  return step(iteration, vm.call(iteration.next, iteration.iterator, sent, site));
}

/** A synchronous iterator whose values are awaited, for `for await`; a value that is rejected closes it. */
function asyncFromSync(iteration: Iteration, vm: Vm): Iteration {
  const { promises } = vm.realm;
  const { iterator: inner } = iteration;
  const go = (method: (value?: unknown) => unknown, args: readonly unknown[]): object => {
    const result = vm.call(method, inner, args, site);
    if (typeof result !== "object" || result === null) {
      throw new TypeError(`Iterator result ${String(result)} is not an object`);
    }
    return result;
  };
  const settle = (result: object, closes: boolean): object => {
    const { done, value } = result as IteratorResult<unknown, unknown>;
    const last = Boolean(done);
    const close = (error: unknown): never => {
      if (inner.return !== undefined) vm.call(inner.return, inner, [], site);
      throw error;
    };
    const awaited = promises.resolved(value).object;
    const handed = promises.own((it: unknown) => ({ value: it, done: last }));
    return promises.then(awaited, handed, closes && !last ? promises.own(close) : undefined);
  };
  const next = promises.own((...args: unknown[]) => settle(go(iteration.next, args), true));
  const iterator: Iteration["iterator"] = { next };
  const back = inner.return;
  if (back !== undefined) {
    iterator.return = promises.own((...args: unknown[]) => settle(go(back, args), false));
  }
  return { source: null, iterator, next, done: false, value: undefined, result: undefined };
}

/** Goes through the frames of a generator as an error does. */
function raise(signal: unknown): never {
  throw signal;
}

/** What `yield*` does with what its generator is resumed with: it is for the inner iterator. */
function forward(it: Iteration, error: unknown, vm: Vm): unknown {
  const { iterator } = it;
  if (error instanceof ReturnSignal) {
    if (iterator.return === undefined) raise(error);
    return vm.call(iterator.return, iterator, [error.value], site);
  }
  if (iterator.throw !== undefined) return vm.call(iterator.throw, iterator, [error], site);
  if (iterator.return !== undefined) vm.call(iterator.return, iterator, [], site);
  throw new TypeError("The iterator does not provide a 'throw' method");
}

/** Whether the inner iterator goes on after that. */
function forwarded(it: Iteration, result: unknown, error: unknown): boolean {
  const goesOn = step(it, result);
  if (!goesOn && error instanceof ReturnSignal) raise(new ReturnSignal(it.result));
  return goesOn;
}

const iteration: Readonly<Record<string, Prim>> = {
  "js.iter-open": ([value], vm) => {
    const method =
      value === null || value === undefined ? undefined : vm.getProp(value, Symbol.iterator);
    return open(
      value,
      method,
      vm,
      value === undefined || value === null ? String(value) : vm.realm.kindText(value),
    );
  },
  "js.iter-next": ([it, ...sent], vm) => advance(it as Iteration, vm, sent),
  "js.iter-forward": ([it, error], vm) =>
    forwarded(it as Iteration, forward(it as Iteration, error, vm), error),
  "js.aiter-forward": ([it, error], vm) => forward(it as Iteration, error, vm),
  "js.aiter-forwarded": ([it, result, error]) => forwarded(it as Iteration, result, error),
  "js.iter-value": ([it], vm) => {
    const { value } = it as Iteration;
    vm.realm.guardValue(value);
    return value;
  },
  "js.iter-take": ([it], vm) => {
    advance(it as Iteration, vm);
    return (it as Iteration).value;
  },
  "js.iter-result": ([it]) => (it as Iteration).result,
  "js.iter-rest": ([it], vm) => {
    const rest: unknown[] = [];
    while (advance(it as Iteration, vm)) rest.push((it as Iteration).value);
    return rest;
  },
  "js.iter-close": ([it], vm) => {
    const { done, iterator } = it as Iteration;
    const back = done ? undefined : iterator.return;
    if (back !== undefined) vm.call(back, iterator, [], site);
    return undefined;
  },
  "js.aiter-open": ([value], vm) => {
    const method =
      value === null || value === undefined ? undefined : vm.getProp(value, Symbol.asyncIterator);
    if (typeof method === "function") return open(value, method, vm, "value");
    const sync =
      value === null || value === undefined ? undefined : vm.getProp(value, Symbol.iterator);
    return asyncFromSync(open(value, sync, vm, String(value)), vm);
  },
  "js.aiter-next": ([it, ...sent], vm) => {
    const { next, iterator } = it as Iteration;
    return vm.call(next, iterator, sent, site);
  },
  "js.aiter-step": ([it, result]) => step(it as Iteration, result),
  "js.aiter-close": ([it], vm) => {
    const { iterator } = it as Iteration;
    return iterator.return === undefined ? undefined : vm.call(iterator.return, iterator, [], site);
  },
  "js.keys-in": ([object], vm) => {
    const keys: string[] = [];
    // Inherited names too: that is what `for…in` visits.
    for (const key in object as object) keys.push(key);
    // Names that are deleted before their turn are left out.
    const next = vm.realm.promises.own(() => {
      const at = keys.findIndex((key) => {
        vm.seen?.footprint.gets(object, key);
        return key in (Object(object) as object);
      });
      const [key] = keys.splice(0, at < 0 ? keys.length : at + 1).slice(-1);
      return at < 0 ? { done: true, value: undefined } : { done: false, value: key };
    });
    return { [Symbol.iterator]: vm.realm.promises.own(() => ({ next })) };
  },
};

/** What Node and browsers have and nobody models: it is from outside, as unknown modules are. */
const platform: ReadonlySet<string> = new Set(
  (
    "Blob Buffer BroadcastChannel CompressionStream EventSource File FileReader FormData Headers IntersectionObserver " +
    "MutationObserver Notification ReadableStream Request ResizeObserver Response TransformStream WebSocket WritableStream " +
    "XMLHttpRequest __dirname cancelAnimationFrame crypto customElements document history indexedDB localStorage location " +
    "requestAnimationFrame requestIdleCallback screen sessionStorage window"
  ).split(" "),
);

const functions: Readonly<Record<string, Prim>> = {
  "js.this": (_, __, frame) => frame.self,
  "js.new-target": (_, __, frame) => frame.newTarget,
  "js.arguments": (_, __, frame) => [...frame.args],
  "js.rest": ([from], _, frame) => frame.args.slice(from as number),
  "js.uninitialised": () => uninitialised,
  "js.initialised": ([value, name]) => {
    if (value === uninitialised) {
      throw new ReferenceError(`Cannot access '${String(name)}' before initialization`);
    }
    return value;
  },
  "js.constructor": ([fn], vm) => {
    const closure = vm.closureOf(fn);
    if (closure !== undefined) closure.constructible = true;
    return fn;
  },
  "js.class": ([fn, parent, derived], vm) => {
    const closure = vm.closureOf(fn);
    if (closure === undefined) return fn;
    closure.constructible = true;
    closure.isClass = true;
    closure.derived = Boolean(derived);
    if (closure.derived) inherit(fn as NewableFunction, parent, vm);
    return fn;
  },
  "js.method": ([target, key, fn]) => {
    Object.defineProperty(target as object, key as PropertyKey, {
      value: fn,
      writable: true,
      enumerable: false,
      configurable: true,
    });
    return undefined;
  },
  "js.getter": ([target, key, get, enumerable]) => {
    accessor(target, key, { get: get as () => unknown }, enumerable);
    return undefined;
  },
  "js.setter": ([target, key, set, enumerable]) => {
    accessor(target, key, { set: set as (value: unknown) => void }, enumerable);
    return undefined;
  },
  "js.name": ([fn, name]) => {
    const text = typeof name === "symbol" ? `[${name.description ?? ""}]` : String(name);
    Object.defineProperty(fn as object, "name", { value: text, configurable: true });
    return fn;
  },
  "js.length": ([fn, length]) => {
    Object.defineProperty(fn as object, "length", { value: length, configurable: true });
    return fn;
  },
  "js.prototype-of": ([object]) => Object.getPrototypeOf(object) as unknown,
  "js.super-get": ([home, key, self], vm) => {
    const value: unknown = Reflect.get(
      Object.getPrototypeOf(home) as object,
      key as PropertyKey,
      self,
    );
    vm.realm.guardValue(value);
    return value;
  },
  "js.super-set": ([home, key, value, self], vm) => {
    vm.realm.guardWrite(self);
    const parent = Object.getPrototypeOf(home) as object;
    if (!Reflect.set(parent, key as PropertyKey, value, self)) {
      throw new TypeError(`Cannot assign to read only property '${String(key)}' of object`);
    }
    return undefined;
  },
  "js.super-call": ([list], vm, frame) => {
    const parent: unknown = Object.getPrototypeOf(frame.callee);
    return vm.construct(parent, list as unknown[], frame.newTarget, "Super constructor");
  },
  "js.new": ([fn, list, name], vm) => vm.construct(fn, list as unknown[], undefined, String(name)),
  "js.apply": ([fn, self, list, name], vm) =>
    vm.call(fn, self, list as unknown[], { ...site, name: () => String(name) }),
  "js.global": ([name], vm) => {
    const { globals } = vm.realm;
    if (!Reflect.has(globals, name as string)) {
      return platform.has(String(name))
        ? vm.realm.outside.root(String(name))
        : vm.unsupported(String(name));
    }
    return Reflect.get(globals, name as string) as unknown;
  },
  "js.typeof-global": ([name], vm) => typeof Reflect.get(vm.realm.globals, name as string),
  "js.driven": (_, vm) => {
    vm.realm.outside.driven = true;
    return undefined;
  },
  "js.made": ([place], vm) => vm.madeAt(place as SpanId) ?? vm.realm.promises.own(() => undefined),
  "js.import": ([name], vm) => vm.realm.module(String(name)),
  "js.reply": ([name, value], vm) => replyOf(vm, String(name), () => value),
  "js.outside-text": ([text], vm) => vm.realm.outside.text(text as string),
  "js.opaque": ([what], vm) =>
    vm.sharing === null ? vm.realm.outside.given(String(what)) : vm.realm.opaque(String(what)),
  "js.gap": ([what], vm) => vm.unsupported(String(what)),
  "js.is-return": ([error]) => error instanceof ReturnSignal,
};

function inherit(fn: NewableFunction, parent: unknown, vm: Vm): void {
  if (parent === null) return vm.unsupported("a class that extends null");
  if (typeof parent !== "function") {
    throw new TypeError(
      `Class extends value ${vm.realm.show(parent)} is not a constructor or null`,
    );
  }
  Object.setPrototypeOf(fn, parent);
  Object.setPrototypeOf(fn.prototype, parent.prototype as object);
}

function accessor(
  target: unknown,
  key: unknown,
  part: PropertyDescriptor,
  enumerable: unknown,
): undefined {
  const name = key as PropertyKey;
  const { get, set } = Reflect.getOwnPropertyDescriptor(target as object, name) ?? {};
  const old: PropertyDescriptor = {};
  if (get !== undefined) old.get = get;
  if (set !== undefined) old.set = set;
  const visible = Boolean(enumerable);
  Object.defineProperty(target as object, name, {
    ...old,
    ...part,
    enumerable: visible,
    configurable: true,
  });
  return undefined;
}

const prims: Readonly<Record<string, Prim>> = {
  ...operators,
  ...literals,
  ...iteration,
  ...functions,
};
