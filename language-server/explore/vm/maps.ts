// Maps. Iteration follows insertion where nobody chooses another order, so that executions are reproducible; Go leaves the
// order open, so this is one of the orders allowed. Deleted entries are not visited; added ones are, but not in reverse.

import { present } from "../../base/assert.js";
import type { SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { Value } from "./core.js";
import { part } from "./compare.js";
import { RuntimePanic } from "./signals.js";
import type { UndoLog } from "./trail.js";
import type { TypeInfo } from "./type-info.js";
import { Chan, Complex, Iface, Pointer } from "./values.js";

interface Entry {
  readonly key: Value;
  readonly seq: number;
  value: Value;
  live: boolean;
}

/** What two equal keys have in common, for a JavaScript map. */
type Hash = unknown;

export class MapObj {
  readonly id: number;
  readonly type: TypeId;
  readonly name: string;
  readonly span: SpanId;
  readonly owner: number;
  /** Epoch of the trail in which it was made: changes need not be remembered while it lasts. */
  readonly epoch: number;
  beside: object | null = null;
  readonly #index = new Map<Hash, Entry>();
  /** In insertion order, with tombstones. */
  #entries: Entry[] = [];
  #seq = 0;

  constructor(id: number, type: TypeId, name: string, span: SpanId, owner: number, epoch: number) {
    this.id = id;
    this.type = type;
    this.name = name;
    this.span = span;
    this.owner = owner;
    this.epoch = epoch;
  }

  get size(): number {
    return this.#index.size;
  }

  get(hash: Hash): Entry | undefined {
    return this.#index.get(hash);
  }

  set(trail: UndoLog, hash: Hash, key: Value, value: Value): void {
    const known = this.#index.get(hash);
    trail.writes++;
    const saves = trail.active && this.epoch !== trail.epoch;
    if (known !== undefined) {
      if (saves) trail.set(known, "value", value);
      else known.value = value;
      return;
    }
    if (this.#entries.length > 32 && this.#entries.length > 2 * this.#index.size)
      this.#compact(trail);
    const entry: Entry = { key, seq: this.#seq++, value, live: true };
    this.#entries.push(entry);
    this.#index.set(hash, entry);
    if (!saves) return;
    trail.onUndo(() => {
      this.#entries.pop();
      this.#seq--;
      this.#index.delete(hash);
    });
  }

  delete(trail: UndoLog, hash: Hash): void {
    const entry = this.#index.get(hash);
    if (entry === undefined) return;
    trail.writes++;
    trail.set(entry, "live", false);
    this.#index.delete(hash);
    if (trail.active) trail.onUndo(() => void this.#index.set(hash, entry));
  }

  clear(trail: UndoLog): void {
    for (const hash of [...this.#index.keys()]) this.delete(trail, hash);
  }

  /** Drops tombstones. Iterators find their place again by `seq`. */
  #compact(trail: UndoLog): void {
    const old = this.#entries;
    this.#entries = old.filter((it) => it.live);
    if (trail.active) trail.onUndo(() => (this.#entries = old));
  }

  /** The first live entry with at least this sequence number. */
  next(seq: number): Entry | undefined {
    const entries = this.#entries;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (present(entries[middle], "entry").seq < seq) low = middle + 1;
      else high = middle;
    }
    while (low < entries.length && !present(entries[low], "entry").live) low++;
    return entries[low];
  }

  /** The last live entry with at most this sequence number. */
  previous(seq: number): Entry | undefined {
    return this.#entries.findLast((it) => it.live && it.seq <= seq);
  }

  *live(): Iterable<Readonly<Entry>> {
    for (const entry of this.#entries) if (entry.live) yield entry;
  }
}

/** As they were inserted, backwards, or from the middle on and then from the start. */
export type MapOrder = "forward" | "reverse" | "rotated";

/** State of a `range`; moves through the trail. */
export class MapIterator {
  readonly map: MapObj | null;
  readonly order: MapOrder;
  /** Where a rotated order begins, and where it ends. */
  readonly start: number;
  seq: number;
  /** A rotated order has come to the last entry and gone on with the first. */
  wrapped = false;

  constructor(map: MapObj | null, order: MapOrder) {
    this.map = map;
    this.order = order;
    this.start = map !== null && order === "rotated" ? middleOf(map) : 0;
    this.seq = order === "reverse" ? Infinity : this.start;
  }

  next(trail: UndoLog): Entry | undefined {
    const { map, seq } = this;
    if (map === null) return undefined;
    if (this.order === "reverse") return this.#past(trail, map.previous(seq), -1);
    const entry = map.next(seq);
    if (this.order === "forward") return this.#past(trail, entry, 1);
    if (this.wrapped)
      return entry === undefined || entry.seq >= this.start
        ? undefined
        : this.#past(trail, entry, 1);
    if (entry !== undefined) return this.#past(trail, entry, 1);
    trail.set(this, "wrapped", true);
    trail.set(this, "seq", 0);
    return this.next(trail);
  }

  #past(trail: UndoLog, entry: Entry | undefined, by: 1 | -1): Entry | undefined {
    if (entry !== undefined) trail.set(this, "seq", entry.seq + by);
    return entry;
  }
}

function middleOf(map: MapObj): number {
  let left = map.size >> 1;
  let seq = 0;
  for (const it of map.live()) {
    seq = it.seq;
    if (left-- === 0) break;
  }
  return seq;
}

/** Panics when the key holds an interface whose value cannot be a key. */
export function hashKey(info: TypeInfo, type: TypeId, key: Value): Hash {
  const shape = info.underlying(type);
  switch (shape.kind) {
    case "basic":
      // No NaN equals another: each is a key of its own.
      if (typeof key === "number") return Number.isNaN(key) ? {} : key;
      return key instanceof Complex ? complexHash(key) : key;
    case "pointer":
      return key instanceof Pointer ? `${key.obj.id}+${key.off}` : key;
    case "chan":
      return key;
    case "interface":
    case "struct":
    case "array":
      return text(info, type, key) ?? {};
    default:
      return key;
  }
}

function complexHash(key: Complex): Hash {
  return Number.isNaN(key.re) || Number.isNaN(key.im) ? {} : `${key.re + 0},${key.im + 0}`;
}

/** An injective text of the key, or null when it equals nothing (NaN inside). */
function text(info: TypeInfo, type: TypeId, key: Value): string | null {
  const shape = info.underlying(type);
  switch (shape.kind) {
    case "interface": {
      if (!(key instanceof Iface)) return "nil";
      if (!info.comparable(key.type))
        throw new RuntimePanic(`hash of unhashable type ${info.name(key.type)}`);
      const inner = text(info, key.type, key.value);
      return inner === null ? null : `${key.type}:${inner}`;
    }
    case "struct": {
      const offsets = info.layout.offsets(type);
      return joined(
        shape.fields.map((it, index) =>
          it.name === "_"
            ? ""
            : text(info, it.type, part(info, it.type, key, present(offsets[index], "offset"))),
        ),
      );
    }
    case "array": {
      const cells = info.layout.cells(shape.elem);
      const indices = Array.from({ length: shape.length }, (_, index) => index);
      return joined(
        indices.map((it) => text(info, shape.elem, part(info, shape.elem, key, it * cells))),
      );
    }
    default:
      return scalarText(key);
  }
}

function joined(parts: readonly (string | null)[]): string | null {
  if (parts.includes(null)) return null;
  return parts.map((it) => `${it?.length ?? 0}:${it ?? ""}`).join("");
}

function scalarText(key: Value): string | null {
  if (typeof key === "number") return Number.isNaN(key) ? null : String(key + 0);
  if (key instanceof Pointer) return `${key.obj.id}+${key.off}`;
  if (key instanceof Chan) return String(key.id);
  if (key instanceof Complex) {
    const hash = complexHash(key);
    return typeof hash === "string" ? hash : null;
  }
  return String(key);
}
