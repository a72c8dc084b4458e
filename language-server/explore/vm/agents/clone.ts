// Structured clones as plain data: what travels between agents is written down by the sender and made anew by the receiver, so
// that a message is the same text however often an agent is run again.

import type { JsFunction } from "../js-values.js";

/** Objects of a message by index; what they refer to is another index or a primitive. */
export type Encoded = readonly Item[];

type Value =
  | { readonly is: "undefined" | "null" }
  | { readonly is: "boolean"; readonly value: boolean }
  /** As text: JSON knows neither NaN nor -0. */
  | { readonly is: "number" | "bigint" | "string"; readonly value: string }
  | { readonly is: "object"; readonly index: number };

type Item =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "array"; readonly length: number; readonly entries: Entries }
  | { readonly kind: "object"; readonly entries: Entries }
  | { readonly kind: "map"; readonly pairs: readonly (readonly [Value, Value])[] }
  | { readonly kind: "set"; readonly values: readonly Value[] }
  | { readonly kind: "date"; readonly time: string }
  | { readonly kind: "regexp"; readonly source: string; readonly flags: string }
  | { readonly kind: "error"; readonly name: string; readonly message: string }
  | { readonly kind: "buffer"; readonly bytes: readonly number[] }
  | { readonly kind: "shared"; readonly key: string; readonly length: number }
  | { readonly kind: "port"; readonly key: string }
  | {
      readonly kind: "view";
      readonly type: string;
      readonly buffer: Value;
      readonly offset: number;
      readonly length: number;
    };

type Entries = readonly (readonly [string, Value])[];

/** What of an agent's objects a clone must know. */
export interface Sharing {
  /** The key of shared memory. */
  keyOf(buffer: object): string | undefined;
  /** The key of a port of messages. */
  portOf(object: object): string | undefined;
  /** An error of the program: the value cannot be cloned. */
  refuse(what: string): Error;
}

/** What of an agent a receiver must make. */
export interface Making {
  shared(key: string, length: number): object;
  port(key: string): unknown;
}

const views: Readonly<Record<string, JsFunction | undefined>> = Object.fromEntries(
  [
    DataView,
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ].map((it) => [it.name, it as unknown as JsFunction]),
);

const errors: Readonly<Record<string, ErrorConstructor | undefined>> = {
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
};

/** Writes a value down; what is in `transfer` must be a port or a buffer, which the caller detaches afterwards. */
export function encode(value: unknown, transfer: readonly unknown[], sharing: Sharing): Encoded {
  const encoder = new Encoder(transfer, sharing);
  encoder.items.push({ kind: "value", value: { is: "undefined" } });
  encoder.items[0] = { kind: "value", value: encoder.value(value) };
  return encoder.items;
}

class Encoder {
  readonly items: Item[] = [];
  readonly #known = new Map<object, number>();
  readonly #transfer: readonly unknown[];
  readonly #sharing: Sharing;

  constructor(transfer: readonly unknown[], sharing: Sharing) {
    this.#transfer = transfer;
    this.#sharing = sharing;
  }

  value(value: unknown): Value {
    switch (typeof value) {
      case "undefined":
        return { is: "undefined" };
      case "boolean":
        return { is: "boolean", value };
      case "number":
        return { is: "number", value: Object.is(value, -0) ? "-0" : String(value) };
      case "bigint":
        return { is: "bigint", value: String(value) };
      case "string":
        return { is: "string", value };
      case "object":
        return value === null ? { is: "null" } : { is: "object", index: this.#object(value) };
      default:
        throw this.#sharing.refuse(String(value));
    }
  }

  #object(object: object): number {
    const known = this.#known.get(object);
    if (known !== undefined) return known;
    const index = this.items.length;
    this.#known.set(object, index);
    this.items.push({ kind: "object", entries: [] });
    this.items[index] = this.#item(object);
    return index;
  }

  #item(object: object): Item {
    const port = this.#sharing.portOf(object);
    if (port !== undefined) {
      if (this.#transfer.includes(object)) return { kind: "port", key: port };
      throw this.#sharing.refuse("a MessagePort that is not in the transfer list");
    }
    const key = this.#sharing.keyOf(object);
    if (key !== undefined) {
      return { kind: "shared", key, length: (object as SharedArrayBuffer).byteLength };
    }
    if (object instanceof ArrayBuffer) {
      if (isDetached(object)) throw this.#sharing.refuse("An ArrayBuffer is detached and");
      return { kind: "buffer", bytes: [...new Uint8Array(object)] };
    }
    if (ArrayBuffer.isView(object)) return this.#view(object);
    if (Array.isArray(object)) {
      return { kind: "array", length: object.length, entries: this.#entries(object) };
    }
    if (object instanceof Map) {
      const pairs = [...object].map(([a, b]) => [this.value(a), this.value(b)] as const);
      return { kind: "map", pairs };
    }
    if (object instanceof Set) {
      return { kind: "set", values: [...object].map((it) => this.value(it)) };
    }
    if (object instanceof Date) return { kind: "date", time: String(object.getTime()) };
    if (object instanceof RegExp) {
      return { kind: "regexp", source: object.source, flags: object.flags };
    }
    if (object instanceof Error) {
      return { kind: "error", name: object.name, message: object.message };
    }
    return { kind: "object", entries: this.#entries(object) };
  }

  #view(view: ArrayBufferView): Item {
    const type = Object.prototype.toString.call(view).slice("[object ".length, -1);
    const each = type === "DataView" ? 1 : (view as Uint8Array).BYTES_PER_ELEMENT;
    return {
      kind: "view",
      type,
      buffer: this.value(view.buffer),
      offset: view.byteOffset,
      length: view.byteLength / each,
    };
  }

  #entries(object: object): Entries {
    return Object.keys(object).map((key) => [key, this.value(Reflect.get(object, key))] as const);
  }
}

/** Whether the buffer has been given away. */
export function isDetached(buffer: ArrayBuffer): boolean {
  return Reflect.get(buffer, "detached") === true;
}

/** Makes the value anew. */
export function decode(items: Encoded, making: Making): unknown {
  const made = new Map<number, unknown>();
  const value = (it: Value): unknown => {
    switch (it.is) {
      case "undefined":
        return undefined;
      case "null":
        return null;
      case "boolean":
      case "string":
        return it.value;
      case "number":
        return Number(it.value);
      case "bigint":
        return BigInt(it.value);
      case "object":
        return object(it.index);
    }
  };
  const fill = (target: object, entries: Entries): object => {
    for (const [key, it] of entries) Reflect.set(target, key, value(it));
    return target;
  };
  const object = (index: number): unknown => {
    if (made.has(index)) return made.get(index);
    const item = items[index];
    const keep = <T>(it: T): T => {
      made.set(index, it);
      return it;
    };
    switch (item?.kind) {
      case undefined:
      case "value":
        return undefined;
      case "array":
        return fill(keep(new Array<unknown>(item.length)), item.entries);
      case "object":
        return fill(keep({}), item.entries);
      case "map": {
        const map = keep(new Map<unknown, unknown>());
        for (const [a, b] of item.pairs) map.set(value(a), value(b));
        return map;
      }
      case "set": {
        const set = keep(new Set<unknown>());
        for (const it of item.values) set.add(value(it));
        return set;
      }
      case "date":
        return keep(new Date(Number(item.time)));
      case "regexp":
        return keep(new RegExp(item.source, item.flags));
      case "error": {
        const error = new (errors[item.name] ?? Error)(item.message);
        if (errors[item.name] === undefined) error.name = item.name;
        return keep(error);
      }
      case "buffer":
        return keep(new Uint8Array(item.bytes).buffer);
      case "shared":
        return keep(making.shared(item.key, item.length));
      case "port":
        return keep(making.port(item.key));
      case "view": {
        const make = views[item.type] as unknown as new (
          buffer: unknown,
          offset: number,
          length: number,
        ) => object;
        return keep(new make(value(item.buffer), item.offset, item.length));
      }
    }
  };
  const [first] = items;
  return first?.kind === "value" ? value(first.value) : undefined;
}
