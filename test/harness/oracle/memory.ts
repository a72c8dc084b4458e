/** Numbers that can be taken back: all that an execution changes, so that a search goes on from any earlier point. */
export class Memory {
  readonly #cells: Int32Array;
  readonly #places: number[] = [];
  readonly #before: number[] = [];

  constructor(size: number) {
    this.#cells = new Int32Array(size);
  }

  get(at: number): number {
    return this.#cells[at] ?? 0;
  }

  set(at: number, value: number): void {
    this.#places.push(at);
    this.#before.push(this.get(at));
    this.#cells[at] = value;
  }

  mark(): number {
    return this.#places.length;
  }

  undoTo(mark: number): void {
    while (this.#places.length > mark) {
      const at = this.#places.pop() ?? 0;
      this.#cells[at] = this.#before.pop() ?? 0;
    }
  }
}

/** Hands out stretches of a memory. */
export class Layout {
  #size = 0;

  get size(): number {
    return this.#size;
  }

  take(count: number): number {
    const at = this.#size;
    this.#size += count;
    return at;
  }
}
