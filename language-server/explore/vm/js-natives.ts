// What the host's functions read and write of a program's objects. A function that is not listed may do anything.

import { type Footprint, isObject } from "./js-footprint.js";

type Uses = (footprint: Footprint, self: unknown, args: readonly unknown[]) => void;

/** What is known of a function. */
interface Native {
  readonly uses: Uses;
  /** How far down its result is new. */
  readonly makes: "nothing" | "result" | "result and entries" | "everything";
}

const known = new Map<unknown, Native>();

function add(owner: object, names: string, uses: Uses, makes: Native["makes"] = "nothing"): void {
  for (const name of names.split(" ")) {
    const fn: unknown = Reflect.get(owner, name);
    if (typeof fn === "function") known.set(fn, { uses, makes });
  }
}

/** Looks into its arguments, if they are objects, and does nothing else. */
const looks: Uses = (footprint, self, args) => {
  for (const it of [self, ...args]) if (typeof it === "object") footprint.deep(it);
};
const reads: Uses = (footprint, self) => {
  footprint.whole(self, false);
};
const writes: Uses = (footprint, self) => {
  footprint.whole(self, true);
};
const readsFirst: Uses = (footprint, _, [first]) => {
  footprint.whole(first, false);
};

for (const it of [Math, Number, String, Symbol]) {
  add(
    it,
    Object.getOwnPropertyNames(it)
      .filter((name) => name !== "prototype")
      .join(" "),
    looks,
  );
}
for (const it of [Number.prototype, Boolean.prototype, BigInt.prototype, Symbol.prototype]) {
  add(it, "toString toFixed toPrecision toLocaleString valueOf", looks);
}
// Those that take a regular expression change where it looks next.
add(
  String.prototype,
  "at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf normalize padEnd padStart repeat slice " +
    "startsWith substring substr toLowerCase toUpperCase toString trim trimEnd trimStart valueOf localeCompare",
  looks,
);
add(globalThis, "parseInt parseFloat isNaN isFinite Number String Boolean BigInt Symbol", looks);
add(Object, "is", () => undefined);
add(Array, "isArray", () => undefined);
add(Array, "of", () => undefined, "result");
add(JSON, "stringify", looks);
add(JSON, "parse", looks, "everything");

for (const it of Object.getOwnPropertyNames(Date.prototype)) {
  if (/^(get|to)/.test(it)) add(Date.prototype, it, looks);
}

add(Array.prototype, "push", (footprint, self, args) => {
  if (!Array.isArray(self)) footprint.whole(self, true);
  else {
    footprint.gets(self, "length");
    args.forEach((_, index) => {
      footprint.sets(self, self.length + index);
    });
  }
});
add(Array.prototype, "pop shift unshift splice sort reverse fill copyWithin", writes);
add(Array.prototype, "splice", writes, "result");
add(
  Array.prototype,
  "indexOf includes lastIndexOf forEach some every find findIndex findLast",
  reads,
);
add(Array.prototype, "findLastIndex reduce reduceRight at", reads);
add(
  Array.prototype,
  "map filter slice flat flatMap toSorted toReversed toSpliced with",
  reads,
  "result",
);
add(Array.prototype, "join toString", looks);
add(
  Array.prototype,
  "concat",
  (footprint, self, args) => {
    for (const it of [self, ...args]) footprint.whole(it, false);
  },
  "result",
);
add(Object, "keys values", readsFirst, "result");
add(Object, "entries", readsFirst, "result and entries");

add(Map.prototype, "get has", (footprint, self, [key]) => {
  if (isObject(self)) footprint.entry(self, key, false);
});
add(WeakMap.prototype, "get has", (footprint, self, [key]) => {
  if (isObject(self)) footprint.entry(self, key, false);
});
add(Set.prototype, "has", (footprint, self, [key]) => {
  if (isObject(self)) footprint.entry(self, key, false);
});
add(Map.prototype, "forEach", reads);
add(Set.prototype, "forEach", reads);
for (const it of [Map.prototype, Set.prototype]) {
  add(it, "set add", (footprint, self, [key]) => {
    changesEntry(footprint, self, key, false);
  });
  add(it, "delete", (footprint, self, [key]) => {
    changesEntry(footprint, self, key, true);
  });
  add(it, "clear", (footprint, self) => {
    footprint.whole(self, true);
    footprint.sets(self, "size");
  });
}
add(WeakMap.prototype, "set delete", (footprint, self, [key]) => {
  if (isObject(self)) footprint.entry(self, key, true);
});

/** An entry that comes or goes changes the size; those who go through all of them see in which order they came. */
function changesEntry(footprint: Footprint, self: unknown, key: unknown, isThere: boolean): void {
  if (!(self instanceof Map || self instanceof Set)) {
    footprint.imprecise();
    return;
  }
  footprint.entry(self, key, true);
  if (self.has(key) === isThere) footprint.sets(self, "size");
}

/** Constructors that keep nothing of their argument but what is in it. */
const collections = new Set<unknown>([Map, Set, WeakMap, WeakSet, Array, Object]);
const errors = new Set<unknown>([
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
]);
/** Of what they make, one cannot tell who touches it. */
const opaque = new Set<unknown>([
  Proxy,
  ArrayBuffer,
  DataView,
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
]);

export class Natives {
  readonly #footprint: Footprint;
  readonly #isOurs: (fn: unknown) => boolean;
  /** Functions of this execution that tell themselves what they do; true: they look into their arguments, too. */
  readonly #own = new WeakMap<object, boolean>();
  /** What an iterator goes through. */
  readonly #sources = new WeakMap<object, object>();

  /** `isOurs`: whether the function is one of the program. */
  constructor(footprint: Footprint, isOurs: (fn: unknown) => boolean) {
    this.#footprint = footprint;
    this.#isOurs = isOurs;
  }

  tellsItself(fn: unknown, { looks }: { readonly looks: boolean }): void {
    if (typeof fn === "function") this.#own.set(fn, looks);
  }

  /** Before the function is called. */
  calls(fn: unknown, self: unknown, args: readonly unknown[]): void {
    if (this.#isOurs(fn)) return;
    const own = isObject(fn) ? this.#own.get(fn) : undefined;
    const native = known.get(fn);
    if (own === true) looks(this.#footprint, undefined, args);
    else if (own === false) return;
    else if (native !== undefined) native.uses(this.#footprint, self, args);
    else if (isIteration(fn)) this.#iterates(self);
    else if (makesIterator(fn, self)) this.#footprint.whole(self, false);
    else this.#footprint.imprecise();
    if (own === undefined) for (const it of args) this.#mayCall(it);
  }

  /** A function that a host function gets, it may call at once or later. */
  #mayCall(fn: unknown): void {
    if (typeof fn !== "function" || this.#isOurs(fn) || this.#own.has(fn)) return;
    if (known.get(fn)?.uses !== looks) this.#footprint.opaque();
  }

  #iterates(iterator: unknown): void {
    const source = isObject(iterator) ? this.#sources.get(iterator) : undefined;
    if (source === undefined || !isObject(iterator)) this.#footprint.imprecise();
    else {
      this.#footprint.uses(iterator, true);
      this.#footprint.whole(source, false);
    }
  }

  /** After it has returned. */
  returned(fn: unknown, self: unknown, result: unknown): void {
    if (typeof result !== "object" || result === null) return;
    if (isObject(self) && makesIterator(fn, self)) {
      this.#footprint.made(result);
      this.#sources.set(result, self);
      return;
    }
    const makes = known.get(fn)?.makes ?? "nothing";
    if (makes !== "nothing") this.#make(result, makes);
  }

  #make(value: unknown, makes: Native["makes"]): void {
    if (typeof value !== "object" || value === null || this.#footprint.knows(value)) return;
    this.#footprint.made(value);
    if (makes === "result") return;
    const below = makes === "everything" ? "everything" : "result";
    for (const it of Object.values(value)) this.#make(it, below);
  }

  constructs(fn: unknown, args: readonly unknown[]): void {
    if (opaque.has(fn)) this.#footprint.opaque();
    else if (collections.has(fn) || errors.has(fn)) this.#footprint.whole(args[0], false);
    else if (!(isObject(fn) && this.#own.has(fn))) this.#footprint.imprecise();
  }

  /** What a host's constructor has returned. */
  constructed(fn: unknown, result: object): void {
    const isNew = collections.has(fn) || errors.has(fn);
    if (isNew && !this.#footprint.knows(result)) this.#footprint.made(result);
  }
}

const iterators = [
  [][Symbol.iterator](),
  new Map()[Symbol.iterator](),
  new Set()[Symbol.iterator](),
].map((it) => Object.getPrototypeOf(it) as object);
const nexts = new Set(iterators.map((it): unknown => Reflect.get(it, "next")));
const makers = new Set(
  [Array.prototype, Map.prototype, Set.prototype].flatMap((it) =>
    ["keys", "values", "entries", Symbol.iterator].map((key): unknown => Reflect.get(it, key)),
  ),
);
/** An iterator is its own iterator. */
const itself: unknown = Reflect.get(
  Object.getPrototypeOf(iterators[0] as object) as object,
  Symbol.iterator,
);

function isIteration(fn: unknown): boolean {
  return nexts.has(fn) || fn === itself;
}

function makesIterator(fn: unknown, self: unknown): boolean {
  return makers.has(fn) && isObject(self);
}
