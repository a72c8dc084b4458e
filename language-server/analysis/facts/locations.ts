/** What a register or slot may hold: locations, in the order in which they were found. */
export interface Locations extends Iterable<number> {
  readonly size: number;
  has(location: number): boolean;
}

/** Up to this many are looked through one by one. */
const few = 8;

/** A set of small numbers that keeps their order; adding to it is most of what solving constraints does. */
export class LocationSet implements Locations {
  readonly items: number[] = [];
  /** Open addressing: a location plus one, 0 is free. */
  #table: Int32Array | null = null;

  get size(): number {
    return this.items.length;
  }

  has(location: number): boolean {
    const table = this.#table;
    if (table === null) return this.items.includes(location);
    const mask = table.length - 1;
    for (let at = hashOf(location) & mask; ; at = (at + 1) & mask) {
      const found = table[at];
      if (found === location + 1) return true;
      if (found === 0) return false;
    }
  }

  /** The location must be new. */
  append(location: number): void {
    this.items.push(location);
    const { length } = this.items;
    if (length <= few) return;
    if (this.#table === null || 2 * length > this.#table.length) this.#grow();
    else insert(this.#table, location);
  }

  #grow(): void {
    const table = new Int32Array(Math.max(4 * few, 2 * (this.#table?.length ?? 0)));
    for (const it of this.items) insert(table, it);
    this.#table = table;
  }

  [Symbol.iterator](): Iterator<number> {
    return this.items[Symbol.iterator]();
  }
}

function hashOf(location: number): number {
  return Math.imul(location, 0x9e3779b1) >>> 7;
}

function insert(table: Int32Array, location: number): void {
  const mask = table.length - 1;
  let at = hashOf(location) & mask;
  while (table[at] !== 0) at = (at + 1) & mask;
  table[at] = location + 1;
}
