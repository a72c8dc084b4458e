// Sees every access of a place that several tasks can reach, and tells lost updates: a task writes a value that it computed from
// what it read before it was suspended, and another task's write in between is gone.

import type { SpanId } from "../../ir/ir.js";
import { type Access, Cell, type Place, type Read, type Taint } from "./js-values.js";

export interface LostUpdate {
  readonly place: Place;
  /** The write whose effect is lost. */
  readonly first: Access;
  /** The write that overwrites it. */
  readonly second: Access;
}

/** What tracking needs to know of the execution. */
export interface TrackHost {
  /** The task that runs. */
  readonly lane: number;
  readonly span: SpanId;
  readonly func: string;
  /** Whether it is a class of the program. */
  isClass(fn: object): boolean;
  /** Events so far; the access may become one itself. */
  readonly steps: number;
  access(place: Place, write: boolean, value: unknown): void;
}

export class Tracker {
  readonly lost: LostUpdate[] = [];
  readonly #host: TrackHost;
  readonly #places = new WeakMap<object, Map<unknown, Place>>();
  /** Of arrays, where their elements stand. */
  readonly #orders = new WeakMap<object, Place>();

  constructor(host: TrackHost) {
    this.#host = host;
  }

  /** The place `base[key]`, or null where nothing is shared (properties of primitives, methods of prototypes). */
  place(base: unknown, key: unknown, describe: () => string): Place | null {
    const isClass = typeof base === "function" && this.#host.isClass(base);
    if (!isClass && (typeof base !== "object" || base === null || base instanceof Cell))
      return null;
    const owner = base;
    let keys = this.#places.get(owner);
    if (keys === undefined) {
      keys = new Map();
      this.#places.set(owner, keys);
    }
    let place = keys.get(key);
    if (place === undefined) {
      const name = `${ownerName(owner, describe)}${keyName(owner, key)}`;
      place = { name, version: 0, writer: null, object: -1 };
      keys.set(key, place);
    }
    return place;
  }

  read(place: Place, value: unknown): Taint {
    const host = this.#host;
    host.access(place, false, value);
    const read: Read = { place, version: place.version, lane: host.lane };
    return [read];
  }

  write(place: Place, value: unknown, taint: Taint | undefined): void {
    const host = this.#host;
    const access = { lane: host.lane, span: host.span, func: host.func, step: host.steps };
    host.access(place, true, value);
    const { writer } = place;
    if (writer !== null && writer.lane !== access.lane && taint !== undefined) {
      const stale = taint.some((it) => it.place === place && it.version !== place.version);
      if (stale) this.lost.push({ place, first: writer, second: access });
    }
    place.version++;
    place.writer = access;
  }

  /** A loop looks for the next element of what it goes through. */
  goesOn(source: unknown): void {
    if (Array.isArray(source)) this.#host.access(this.#orderOf(source), false, source);
  }

  /** After a native function: whether it has moved the elements of an array. */
  afterNative(fn: unknown, self: unknown): void {
    if (Array.isArray(self) && moves.has(fn)) this.#host.access(this.#orderOf(self), true, self);
  }

  #orderOf(array: object): Place {
    let place = this.#orders.get(array);
    if (place === undefined) {
      place = { name: "array", version: 0, writer: null, object: -1 };
      this.#orders.set(array, place);
    }
    return place;
  }

  /** Entries of maps are places too. The read, when the native function is one. */
  beforeNative(
    fn: unknown,
    self: unknown,
    args: readonly unknown[],
    taints: readonly (Taint | undefined)[],
  ): Taint | undefined {
    if (!entryFunctions.has(fn) || !(self instanceof Map || self instanceof Set)) return undefined;
    const place = this.place(self, args[0], () => (self instanceof Map ? "map" : "set"));
    if (place === null) return undefined;
    if (fn === mapGet) return this.read(place, mapGet.call(self, args[0]));
    if (fn === mapSet) this.write(place, args[1], taints[1]);
    if (fn === setAdd) this.write(place, true, undefined);
    if (fn === mapHas || fn === setHas) return this.read(place, self.has(args[0]));
    return undefined;
  }
}

// Only compared and called with an explicit receiver.
// eslint-disable-next-line @typescript-eslint/unbound-method
const mapGet = Map.prototype.get;
// eslint-disable-next-line @typescript-eslint/unbound-method
const mapSet = Map.prototype.set;

const mapHas: unknown = Reflect.get(Map.prototype, "has");
const setHas: unknown = Reflect.get(Set.prototype, "has");
const setAdd: unknown = Reflect.get(Set.prototype, "add");
const entryFunctions = new Set<unknown>([mapGet, mapSet, mapHas, setHas, setAdd]);

/** What moves elements that a loop has not come to yet, by name. */
export const movers = ["shift", "unshift", "splice", "sort", "reverse"] as const;
const moves: ReadonlySet<unknown> = new Set(
  movers.map((it) => Reflect.get(Array.prototype, it) as unknown),
);

function ownerName(base: object, describe: () => string): string {
  const text = describe();
  if (text !== "this" && text !== "(intermediate value)") return text;
  const constructor: unknown = (Object.getPrototypeOf(base) as Record<string, unknown> | null)?.[
    "constructor"
  ];
  return typeof constructor === "function" ? constructor.name : text;
}

function keyName(base: object, key: unknown): string {
  if (base instanceof Map || base instanceof Set)
    return `[${typeof key === "string" ? JSON.stringify(key) : String(key)}]`;
  return typeof key === "string" && !/^\d/.test(key) ? `.${key}` : `[${String(key)}]`;
}
