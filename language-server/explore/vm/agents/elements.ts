// Shared memory as an agent sees it. Its typed arrays are the host's own over memory that nobody looks at: every element that is
// read or written is asked for, wherever in the host's functions that happens.

import type { CallSite, Vm } from "../js-interp.js";
import type { Element, ElementType, Scalar } from "./ops.js";

/** An agent's way to the memory that it shares with others. */
export interface Memory {
  get(element: Element): Scalar;
  set(element: Element, value: Scalar): void;
}

type TypedArray = Int32Array | BigInt64Array;
type Method = (...args: unknown[]) => unknown;

const typedArray = Object.getPrototypeOf(Int32Array) as { readonly prototype: object };
const dataView: object = DataView.prototype;

/** Methods of typed arrays that arrays have too: they ask for one element after the other. */
const likeArrays = new Map<unknown, string>();
/** What they give is a typed array again. */
const givesTyped = new Set(["map", "filter", "slice", "toReversed", "toSorted", "with"]);
for (const name of Reflect.ownKeys(typedArray.prototype)) {
  const own = Reflect.getOwnPropertyDescriptor(typedArray.prototype, name)?.value as unknown;
  const other: unknown = Reflect.get(Array.prototype, name);
  if (typeof own !== "function" || typeof other !== "function") continue;
  if (typeof name === "string" && name !== "constructor") likeArrays.set(own, name);
}

/** `getInt32` and its kin, by what they access. */
const viewMethods = new Map<unknown, { readonly sets: boolean; readonly type: ElementType }>();
for (const name of Reflect.ownKeys(dataView)) {
  const [, how, type] =
    /^(get|set)((?:Big)?(?:Uint|Int|Float)(?:8|16|32|64))$/.exec(String(name)) ?? [];
  if (how === undefined || (String(name).includes("16") && type === "Float16")) continue;
  viewMethods.set(Reflect.get(dataView, name), {
    sets: how === "set",
    type: `${type}Array` as ElementType,
  });
}

/** Functions that look at the elements of what they are given. */
const readers = new Set<unknown>([
  Array.from,
  JSON.stringify,
  Object.assign,
  Object.entries,
  Object.values,
  String,
  Reflect.get(typedArray, "from"),
  Reflect.get(typedArray.prototype, "set"),
]);
/** They would get past what is asked for here. */
const beyond = new Set<unknown>([Reflect.get, Reflect.set, Object.defineProperty]);
/** Functions of the platform that would, too: bound ones, `TextDecoder.decode` and `Buffer.from`. */
const beyondByName = /^bound |^decode$|^from$/;

const call: unknown = Reflect.get(Function.prototype, "call");
const apply: unknown = Reflect.get(Function.prototype, "apply");

interface Call {
  readonly fn: unknown;
  readonly self: unknown;
  readonly args: readonly unknown[];
}

/** How far down shared memory is looked for in what is printed. */
const deepest = 3;

/** An answer in place of the host's function. */
export interface Answer {
  readonly value: unknown;
}

export class Elements {
  readonly #vm: Vm;
  readonly #memory: Memory;
  readonly #keys = new WeakMap<object, string>();
  /** What variables call the arrays. */
  readonly #names = new WeakMap<object, string>();

  constructor(vm: Vm, memory: Memory) {
    this.#vm = vm;
    this.#memory = memory;
  }

  share(buffer: object, key: string): void {
    this.#keys.set(buffer, key);
  }

  keyOf(value: object): string | undefined {
    return this.#keys.get(value);
  }

  /** A typed array or a view of shared memory. */
  isShared(value: unknown): value is ArrayBufferView {
    return ArrayBuffer.isView(value) && this.#keys.has(value.buffer);
  }

  /** The name of the array, as the first who accesses it spells it. */
  call(view: object, name: string): void {
    if (!this.#names.has(view) && /^[\w.#$]+$/.test(name)) this.#names.set(view, name);
  }

  element(view: ArrayBufferView, index: number): Element {
    const array = view as TypedArray;
    const name = this.#names.get(view) ?? "shared";
    return {
      buffer: this.#keys.get(view.buffer) ?? "",
      offset: view.byteOffset + index * array.BYTES_PER_ELEMENT,
      type: Object.prototype.toString.call(view).slice("[object ".length, -1) as ElementType,
      name: `${name}[${index}]`,
    };
  }

  /** The place that a property of shared memory is; null: another property. */
  #index(base: unknown, key: unknown): number | null {
    if (!this.isShared(base) || base instanceof DataView) return null;
    if (typeof key !== "number" && !(typeof key === "string" && /^\d+$/.test(key))) return null;
    const index = Number(key);
    return Number.isInteger(index) && index >= 0 && index < (base as TypedArray).length
      ? index
      : null;
  }

  get(base: unknown, key: unknown): Answer | null {
    const index = this.#index(base, key);
    if (index === null) return null;
    this.call(base as ArrayBufferView, this.#vm.naming?.() ?? "");
    return { value: this.#memory.get(this.element(base as ArrayBufferView, index)) };
  }

  set(base: unknown, key: unknown, value: unknown): boolean {
    const index = this.#index(base, key);
    if (index === null) return false;
    this.call(base as ArrayBufferView, this.#vm.naming?.() ?? "");
    const element = this.element(base as ArrayBufferView, index);
    this.#memory.set(element, scalar(element.type, value));
    return true;
  }

  /** The array as something whose elements are asked for one after the other. */
  all(value: unknown): object | null {
    if (!this.isShared(value) || value instanceof DataView) return null;
    return Reflect.apply(Array.prototype.values, this.#proxy(value as TypedArray), []) as object;
  }

  /** A call of a function of the host: what it gives, when it would have touched shared memory. */
  native(fn: unknown, self: unknown, args: readonly unknown[], site: CallSite): Answer | null {
    const inner = this.#calledThrough(fn, self, args);
    if (inner !== null) {
      const how = { taints: [], selfTaint: undefined, awaited: false, name: site.name };
      return { value: this.#vm.call(inner.fn, inner.self, inner.args, how) };
    }
    if (this.isShared(self)) {
      const name = site.name();
      const dot = name.lastIndexOf(".");
      if (dot > 0) this.call(self, name.slice(0, dot));
      return this.#method(fn, self, args);
    }
    const given = this.#copies(fn, args);
    return given === args ? null : { value: Reflect.apply(fn as Method, self, given) };
  }

  /** What a call of `call`, `apply` or `Reflect.apply` calls. */
  #calledThrough(fn: unknown, self: unknown, args: readonly unknown[]): Call | null {
    const list = (given: unknown): readonly unknown[] => {
      const elements = this.all(given);
      if (elements !== null) return Array.from(elements as Iterable<unknown>);
      return Array.isArray(given) ? given : Array.from((given ?? []) as ArrayLike<unknown>);
    };
    const [first, second, third] = args;
    if (fn === call) return { fn: self, self: first, args: args.slice(1) };
    if (fn === apply) return { fn: self, self: first, args: list(second) };
    return fn === Reflect.apply ? { fn: first, self: second, args: list(third) } : null;
  }

  #method(fn: unknown, self: ArrayBufferView, args: readonly unknown[]): Answer | null {
    const viewed = viewMethods.get(fn);
    if (viewed !== undefined) return { value: this.#view(self, viewed, args) };
    const name = likeArrays.get(fn);
    if (name !== undefined) return { value: this.#likeArray(name, self as TypedArray, args) };
    if (fn === Reflect.get(typedArray.prototype, "set")) {
      const [source, offset] = args;
      this.#fill(self, source as ArrayLike<unknown>, Number(offset ?? 0));
      return { value: undefined };
    }
    if (fn === Reflect.get(typedArray.prototype, "subarray")) {
      const part = Reflect.apply(fn as Method, self, args) as object;
      this.#names.set(part, this.#names.get(self) ?? "shared");
      return { value: part };
    }
    const { name: called } = fn as { readonly name: string };
    if (Reflect.get(Array.prototype, called) === fn) {
      return { value: Reflect.apply(fn as Method, this.#proxy(self as TypedArray), args) };
    }
    return this.#vm.unsupported(`${called} of shared memory`);
  }

  #fill(view: ArrayBufferView, source: ArrayLike<unknown>, offset: number): void {
    const values = Array.from({ length: source.length }, (_, index) =>
      this.#vm.getProp(source, index),
    );
    if (offset + values.length > (view as TypedArray).length) {
      throw new RangeError("offset is out of bounds");
    }
    values.forEach((it, index) => {
      this.set(view, offset + index, it);
    });
  }

  #likeArray(name: string, self: TypedArray, args: readonly unknown[]): unknown {
    const method = Reflect.get(Array.prototype, name) as Method;
    const numbers = (a: Scalar, b: Scalar): number => (a < b ? -1 : a > b ? 1 : 0);
    const sorts = (name === "sort" || name === "toSorted") && args[0] === undefined;
    const proxy = this.#proxy(self);
    const result: unknown = Reflect.apply(method, proxy, sorts ? [numbers] : args);
    if (result === proxy) return self;
    if (!givesTyped.has(name)) return result;
    const { constructor } = self as { readonly constructor: unknown };
    return Reflect.construct(constructor as Method, [result]);
  }

  /** The array as generic functions see it. */
  #proxy(self: TypedArray): object {
    return new Proxy(self, {
      get: (target, key) => {
        const known = this.get(target, key);
        return known === null ? (Reflect.get(target, key, target) as unknown) : known.value;
      },
      set: (target, key, value) => this.set(target, key, value),
    });
  }

  #view(
    self: ArrayBufferView,
    { sets, type }: { readonly sets: boolean; readonly type: ElementType },
    args: readonly unknown[],
  ): unknown {
    const [at, ...rest] = args;
    const value = sets ? rest.shift() : undefined;
    if (rest[0] !== true && !/8Array$/.test(type)) {
      return this.#vm.unsupported("a big-endian access of shared memory");
    }
    const element: Element = {
      buffer: this.#keys.get(self.buffer) ?? "",
      offset: self.byteOffset + Number(at ?? 0),
      type,
      name: `${this.#names.get(self) ?? "view"}@${Number(at ?? 0)}`,
    };
    if (element.offset - self.byteOffset + sizeOf(type) > self.byteLength) {
      throw new RangeError("Offset is outside the bounds of the DataView");
    }
    if (!sets) return this.#memory.get(element);
    this.#memory.set(element, scalar(type, value));
    return undefined;
  }

  /** Arguments with copies of shared memory in its place, for a function that looks at it. */
  #copies(fn: unknown, args: readonly unknown[]): readonly unknown[] {
    const { name } = fn as { readonly name: string };
    const reads = readers.has(fn) || this.#isConsole(fn);
    const unknown = beyond.has(fn) || (!reads && beyondByName.test(name));
    if (!reads && !unknown) return args;
    const shared = args.filter((it) => this.#holds(it, deepest));
    if (shared.length === 0) return args;
    if (unknown || !shared.every((it) => this.isShared(it))) {
      return this.#vm.unsupported(`${name} of shared memory`);
    }
    return args.map((it) => (this.isShared(it) ? this.#copy(it as TypedArray) : it));
  }

  #isConsole(fn: unknown): boolean {
    const console: unknown = Reflect.get(this.#vm.realm.globals, "console");
    return Object.values(console as object).includes(fn);
  }

  #copy(view: TypedArray): unknown {
    const { constructor } = view as { readonly constructor: unknown };
    const values = Array.from({ length: view.length }, (_, index) => this.get(view, index)?.value);
    return Reflect.construct(constructor as Method, [values]);
  }

  /** What a constructor of typed arrays is given. */
  constructs(fn: unknown, args: readonly unknown[]): readonly unknown[] {
    if (fn === DataView || !args.some((it) => this.isShared(it))) return args;
    return args.map((it) => (this.isShared(it) ? this.#copy(it as TypedArray) : it));
  }

  #holds(value: unknown, depth: number): boolean {
    if (this.isShared(value)) return true;
    if (typeof value !== "object" || value === null || depth === 0) return false;
    if (Object.getPrototypeOf(value) !== Object.prototype && !Array.isArray(value)) return false;
    return Object.values(value).some((it) => this.#holds(it, depth - 1));
  }
}

export function sizeOf(type: ElementType): number {
  return Number(/\d+/.exec(type)?.[0]) / 8;
}

/** As an element of the type takes it; throws what the program would see. */
export function scalar(type: ElementType, value: unknown): Scalar {
  if (!type.startsWith("Big")) return Number(value);
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean" || typeof value === "string") return BigInt(value);
  throw new TypeError(`Cannot convert ${String(value)} to a BigInt`);
}
