// The packages a lowering can see: those handed in (the user's package last, what it imports from its own module
// before it) and the bundled ones, which are fetched by import path when a name leads there. Everything is found by
// qualified name, so images need not agree on indices.

import type { Image, FuncRow, SpanIndex, TypeIndex } from "./schema.js";
import { decodeImage, type Decoded } from "./decode.js";
import { linkedName } from "./models/links.js";
import { typeKeys } from "./type-keys.js";

/** One package image with the indices by name that finding things in it needs. */
export interface Unit {
  /** Import path, without the mark of test variants. */
  readonly path: string;
  readonly image: Image;
  /** Bundled code: the standard library and packages shipped with it. */
  readonly library: boolean;
  readonly funcs: ReadonlyMap<string, FuncRow>;
  readonly globals: ReadonlyMap<
    string,
    readonly [type: TypeIndex, span: SpanIndex, embedded: boolean]
  >;
  /** Index of the row of each named type whose underlying type the image knows. */
  readonly named: ReadonlyMap<string, TypeIndex>;
  /** Canonical text of each type: equal texts mean identical types, across images. */
  key(type: TypeIndex): string;
  /** Method tables by type key. */
  methods(): ReadonlyMap<string, readonly MethodRow[]>;
}

export interface MethodRow {
  readonly id: string;
  readonly func: string;
}

export interface FoundFunc {
  readonly unit: Unit;
  readonly row: FuncRow;
}

/** What could not be used, for the user. */
export interface Refusal {
  readonly unit: Unit | null;
  readonly reason: string;
}

/** Bundled images do not change while the program runs: decoding them once is enough. */
const decodedLibrary = new Map<string, { readonly text: string; readonly unit: Unit | null }>();

interface Accepted {
  readonly unit: Unit | null;
  readonly refusals: readonly Refusal[];
}

/** Images of other packages, by their text and in the order of last use: an edit changes one, and many import the same ones. */
const decodedUsers = new Map<string, Accepted>();
/** In characters of the texts. */
const mostDecoded = 16 << 20;

export class Universe {
  readonly #units = new Map<string, Unit | null>();
  readonly #targets: Unit[] = [];
  readonly #users: Unit[] = [];
  readonly #owners = new Map<string, Unit | null>();
  readonly #found = new Map<string, FoundFunc>();
  readonly #library: (path: string) => string | null;
  readonly refusals: Refusal[] = [];

  constructor(images: readonly string[], library: (path: string) => string | null) {
    this.#library = library;
    for (const text of images) this.#addUser(text);
    const last = this.#users[this.#users.length - 1];
    const base = last === undefined ? "" : packageUnderTest(last.path);
    this.#targets.push(...this.#users.filter((it) => packageUnderTest(it.path) === base));
  }

  #addUser(text: string): void {
    const { unit, refusals } = decodedUsers.get(text) ?? accept(decodeImage(text), false);
    decodedUsers.delete(text);
    decodedUsers.set(text, { unit, refusals });
    let size = [...decodedUsers.keys()].reduce((sum, it) => sum + it.length, 0);
    for (const oldest of decodedUsers.keys()) {
      if (size <= mostDecoded) break;
      decodedUsers.delete(oldest);
      size -= oldest.length;
    }
    this.refusals.push(...refusals);
    if (unit === null) return;
    const former = this.#units.get(unit.path);
    // The test variant of a package comes after the plain one and holds all of it.
    if (former !== undefined && former !== null) this.#users.splice(this.#users.indexOf(former), 1);
    this.#units.set(unit.path, unit);
    this.#users.push(unit);
  }

  /** The packages whose every function is wanted, with their test variants. */
  get targets(): readonly Unit[] {
    return this.#targets;
  }

  /** Every package that was handed in, in that order. */
  get users(): readonly Unit[] {
    return this.#users;
  }

  unit(path: string): Unit | null {
    const known = this.#units.get(path);
    if (known !== undefined) return known;
    const unit = this.#loadLibrary(path);
    this.#units.set(path, unit);
    return unit;
  }

  #loadLibrary(path: string): Unit | null {
    const text = this.#library(path);
    if (text === null) return null;
    const cached = decodedLibrary.get(path);
    if (cached?.text === text) return cached.unit;
    const { unit, refusals } = accept(decodeImage(text), true);
    this.refusals.push(...refusals);
    decodedLibrary.set(path, { text, unit });
    return unit;
  }

  /** Direct imports, without decoding a bundled package that nothing needs. */
  imports(path: string): readonly string[] {
    const known = this.#units.get(path) ?? decodedLibrary.get(path)?.unit;
    if (known !== undefined && known !== null) return known.image.imports;
    const text = this.#library(path);
    return text === null ? [] : importsOf(text);
  }

  /** The package a qualified name belongs to: `a/b.F`, `(*a/b.T[c]).M`, `a/b.f.T`. */
  owner(name: string): Unit | null {
    const start = name.startsWith("(*") ? 2 : name.startsWith("(") ? 1 : 0;
    const bracket = name.indexOf("[", start);
    const end = bracket < 0 ? name.length : bracket;
    const head = name.slice(start, end);
    const known = this.#owners.get(head);
    if (known !== undefined) return known;
    const unit = this.#ownerOf(head);
    this.#owners.set(head, unit);
    return unit;
  }

  #ownerOf(head: string): Unit | null {
    // The last element of an import path may hold dots, so the shortest known prefix wins.
    for (
      let dot = head.indexOf(".", head.lastIndexOf("/") + 1);
      dot > 0;
      dot = head.indexOf(".", dot + 1)
    ) {
      const unit = this.unit(head.slice(0, dot));
      if (unit !== null) return unit;
    }
    return null;
  }

  /** The function's body: from its own package, else from whoever instantiated or wrapped it. */
  func(name: string, from: Unit | null): FoundFunc | null {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    for (const unit of this.#places(name, from)) {
      const row = unit.funcs.get(name);
      if (row === undefined || row.blocks.length === 0) continue;
      const found = { unit, row };
      // Whoever asks finds it there.
      if (unit === this.owner(name)) this.#found.set(name, found);
      return found;
    }
    const linked = linkedName(name);
    return linked === null ? null : this.func(linked, from);
  }

  /** Where the named type is defined: a bundled package's own view wins over its users'. */
  named(name: string, from: Unit): { readonly unit: Unit; readonly index: TypeIndex } | null {
    for (const unit of this.#places(name, from)) {
      const index = unit.named.get(name);
      if (index !== undefined) return { unit, index };
    }
    return null;
  }

  methods(key: string, from: Unit): readonly MethodRow[] {
    const name = key.startsWith("*") ? key.slice(1) : key;
    for (const unit of this.#places(name, from)) {
      const rows = unit.methods().get(key);
      if (rows !== undefined) return rows;
    }
    return [];
  }

  *#places(name: string, from: Unit | null): Generator<Unit> {
    const owner = this.owner(name);
    if (owner !== null) yield owner;
    if (from !== null && from !== owner) yield from;
    for (const unit of this.#users) if (unit !== owner && unit !== from) yield unit;
  }
}

function accept(decoded: Decoded, library: boolean): Accepted {
  if (decoded.kind === "refused") {
    return { unit: null, refusals: [{ unit: null, reason: decoded.reason }] };
  }
  const unit = makeUnit(decoded.image, library);
  const refusals = decoded.dropped.map(({ name, reason }) => ({
    unit,
    reason: `${name} is left out: ${reason}`,
  }));
  return { unit, refusals };
}

/** `p` for `p` and for its external tests `p_test`. */
function packageUnderTest(path: string): string {
  return path.endsWith("_test") ? path.slice(0, -"_test".length) : path;
}

function makeUnit(image: Image, library: boolean): Unit {
  const keys = typeKeys(image);
  const named = new Map<string, TypeIndex>();
  image.types.forEach((it, index) => {
    if (it[0] === "named" && it[2] >= 0) named.set(it[1], index);
  });
  let tables: Map<string, MethodRow[]> | undefined;
  const methods = (): Map<string, MethodRow[]> => {
    if (tables !== undefined) return tables;
    tables = new Map();
    for (const [type, id, func] of image.methods) {
      const key = keys(type);
      const rows = tables.get(key);
      if (rows === undefined) tables.set(key, [{ id, func }]);
      else rows.push({ id, func });
    }
    return tables;
  };
  return {
    path: image.package.split(" ")[0] ?? image.package,
    image,
    library,
    funcs: new Map(image.funcs.map((it) => [it.name, it])),
    globals: new Map(
      image.globals.map(([name, type, span, embedded]) => [name, [type, span, embedded === 1]]),
    ),
    named,
    key: keys,
    methods,
  };
}

/** Reads the import list of an image that is not decoded: it stands near the beginning of the text. */
function importsOf(text: string): readonly string[] {
  const start = text.indexOf('"imports":');
  if (start < 0) return [];
  const open = text.indexOf("[", start);
  const close = text.indexOf("]", open);
  if (open < 0 || close < 0) return [];
  try {
    const list: unknown = JSON.parse(text.slice(open, close + 1));
    return Array.isArray(list) ? list.filter((it): it is string => typeof it === "string") : [];
  } catch {
    return [];
  }
}
