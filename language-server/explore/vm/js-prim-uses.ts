// What the operations of `js-prims.ts` read and write of a program's objects, and which of their results are new objects.

import { type Footprint, isObject } from "./js-footprint.js";

interface Uses {
  before(args: readonly unknown[]): void;
  after(result: unknown): void;
}

type Before = (footprint: Footprint, args: readonly unknown[]) => void;

const nothing: Before = () => undefined;

/** Operators turn objects into primitive values: they look into them. */
const converts: Before = (footprint, args) => {
  for (const it of args) if (typeof it === "object") footprint.deep(it);
};

const writesKey: Before = (footprint, [target, key]) => {
  footprint.sets(target, key);
};

const readsFirst: Before = (footprint, [object]) => {
  footprint.whole(object, false);
};

const pushes: Before = (footprint, [target, value]) => {
  footprint.whole(target, true);
  // What is spread is not looked at entry by entry; iterators and generators do more than be read.
  const plain = Array.isArray(value) || value instanceof Map || value instanceof Set;
  if (plain) footprint.whole(value, false);
  else if (isObject(value)) footprint.imprecise();
};

/** Those that are not here look into no object, or do what they do through calls. */
const uses: Readonly<Record<string, Before>> = {
  "js.in": (footprint, [key, object]) => {
    footprint.gets(object, key);
  },
  "js.instanceof": (footprint, [, type]) => {
    footprint.gets(type, "prototype");
  },
  "js.define": writesKey,
  "js.method": writesKey,
  "js.getter": writesKey,
  "js.setter": writesKey,
  "js.set-prototype": (footprint, [target]) => {
    footprint.whole(target, true);
  },
  "js.spread": (footprint, [target, source]) => {
    footprint.whole(target, true);
    footprint.whole(source, false);
  },
  "js.push": (footprint, [target]) => {
    footprint.whole(target, true);
  },
  "js.push-all": pushes,
  "js.rest-object": readsFirst,
  "js.keys-in": readsFirst,
  "js.super-set": (footprint, [, key, , self]) => {
    footprint.sets(self, key);
  },
  "js.super-get": (footprint, [home, key]) => {
    footprint.gets(home, key);
  },
};

const converting = new Set(
  (
    "add sub mul div rem pow and or xor shl shr ushr lt le gt ge loose-eq loose-ne neg plus numeric one string " +
    "property-key"
  )
    .split(" ")
    .map((it) => `js.${it}`),
);

const making = new Set(
  "object array rest-object rest arguments iter-rest keys-in raw-strings"
    .split(" ")
    .map((it) => `js.${it}`),
);

export function primUses(fn: string, footprint: Footprint): Uses {
  const before = uses[fn] ?? (converting.has(fn) ? converts : nothing);
  const makes = making.has(fn);
  return {
    before: (args) => {
      before(footprint, args);
    },
    after: (result) => {
      if (makes && isObject(result) && !footprint.knows(result)) footprint.made(result);
    },
  };
}
