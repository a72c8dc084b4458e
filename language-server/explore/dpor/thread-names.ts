// Threads by the way they came to be: the n-th thread that thread p started has one number in all executions. The
// machine's own numbers depend on who started somebody first.

import type { ThreadId } from "../../../protocol/witness.js";
import type { ThreadPath } from "./search-state.js";

export class ThreadNames {
  /** `children[p][n]`: number of the n-th thread that `p` started. */
  readonly #children: number[][] = [[]];
  /** By canonical number: who started it, and the how-manieth it was. */
  readonly #origins: (readonly [parent: number, nth: number])[] = [[0, 0]];
  /** By canonical number: a number that means the same to every search of the program. */
  readonly #marks: number[] = [1];
  /** Of the running execution, by the machine's number. */
  readonly #canonical: number[] = [0];
  /** By canonical number; -1 or nothing where there is none now. */
  readonly #machine: number[] = [0];
  /** How many threads each has started, by canonical number. */
  readonly #started: number[] = [0];

  /** Threads that are there before the first step, numbered as the machine does: initialisers may start some. */
  readonly atStart: number;

  constructor(atStart = 1) {
    this.atStart = atStart;
    for (let thread = 1; thread < atStart; thread++) this.started(0);
  }

  /** Numbers that have been given out, in this execution or another. */
  get count(): number {
    return this.#children.length;
  }

  ofMachine(thread: ThreadId): number {
    return this.#canonical[thread] as number;
  }

  /** -1 where there is none now. */
  toMachine(canonical: number): ThreadId {
    return this.#machine[canonical] ?? -1;
  }

  /** How it came to be, which means the same to every search of the program. */
  pathOf(canonical: number): ThreadPath {
    const path: number[] = [];
    for (let at = canonical; at !== 0; ) {
      const [parent, nth] = this.#origins[at] as readonly [number, number];
      path.push(nth);
      at = parent;
    }
    return path.reverse();
  }

  /** As `pathOf`, hashed to 32 bits. */
  markOf(canonical: number): number {
    return this.#marks[canonical] as number;
  }

  /** -1 where there has been no such thread. */
  atPath(path: ThreadPath): number {
    let at = 0;
    for (const nth of path) {
      const child = this.#children[at]?.[nth];
      if (child === undefined) return -1;
      at = child;
    }
    return at;
  }

  /** `parent` (canonical) has started the machine's next thread. */
  started(parent: number): number {
    const nth = this.#started[parent] as number;
    const row = this.#children[parent] as number[];
    let canonical = row[nth];
    if (canonical === undefined) {
      canonical = this.#children.length;
      row.push(canonical);
      this.#children.push([]);
      this.#origins.push([parent, nth]);
      this.#marks.push((Math.imul(this.markOf(parent), 0x01000193) ^ (nth + 1)) >>> 0);
    }
    this.#started[parent] = nth + 1;
    this.#started[canonical] = 0;
    this.#machine[canonical] = this.#canonical.length;
    this.#canonical.push(canonical);
    return canonical;
  }

  /** Takes back the last `started`, which `parent` did. */
  takeBack(parent: number): void {
    const canonical = this.#canonical.pop() as number;
    this.#machine[canonical] = -1;
    this.#started[parent] = (this.#started[parent] as number) - 1;
  }
}
