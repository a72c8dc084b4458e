/** Numbers pairs of numbers: equal pairs get equal numbers, from 1 on. */
export class Pairs {
  readonly #numbers = new Map<number, number>();

  of(first: number, second: number): number {
    const key = first * 0x4000000 + second;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** Vector clocks by number; 0 is the clock that knows nothing. */
export class Clocks {
  readonly #vectors: (readonly number[])[];
  readonly #numbers = new Map<string, number>();
  readonly #joins = new Map<number, number>();

  constructor(lanes: number) {
    const zero = Array.from({ length: lanes }, () => 0);
    this.#vectors = [zero];
    this.#numbers.set(zero.join(), 0);
  }

  vector(clock: number): readonly number[] {
    return this.#vectors[clock] ?? [];
  }

  /** Of a clock that was written down as a vector. */
  number(vector: readonly number[]): number {
    const key = vector.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#vectors.length);
    return this.#vectors.push(vector) - 1;
  }

  tick(clock: number, lane: number): number {
    // Lanes are fewer than the numbers that no clock has, so ticks and joins share their memory.
    return this.#remembered(clock, -1 - lane, () =>
      this.vector(clock).map((it, index) => (index === lane ? it + 1 : it)),
    );
  }

  join(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    return this.#remembered(a, b, () => {
      const other = this.vector(b);
      return this.vector(a).map((it, index) => Math.max(it, other[index] ?? 0));
    });
  }

  #remembered(a: number, b: number, make: () => readonly number[]): number {
    const key = a * 0x4000000 + b + 64;
    const known = this.#joins.get(key);
    if (known !== undefined) return known;
    const number = this.number(make());
    this.#joins.set(key, number);
    return number;
  }
}
