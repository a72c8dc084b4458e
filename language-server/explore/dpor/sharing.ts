// Who explores what, when several searches share the tree of one program. Knows nothing of threads or of how parts travel.

import { present } from "../../base/assert.js";
import type { Part } from "./search-state.js";

/** Something to explore. */
export interface Share {
  readonly id: number;
  /** Who gave it. */
  readonly from: number;
  readonly part: Part;
}

/** The search that everything begins with. */
export const firstShare = 0;

export class Sharing {
  /** By share that is not done: who gave it. */
  readonly #givers = new Map<number, number>([[firstShare, firstShare]]);
  readonly #ready: Share[] = [];
  #ids = firstShare;

  /** Everything is explored. */
  get over(): boolean {
    return this.#givers.size === 0;
  }

  /** Shares that wait for somebody to take them. */
  get ready(): number {
    return this.#ready.length;
  }

  /** The next thing to do, if there is one at present. */
  next(): Share | null {
    return this.#ready.shift() ?? null;
  }

  /** The search of share `from` has given the part away. */
  given(from: number, part: Part): void {
    this.#ids++;
    this.#givers.set(this.#ids, from);
    this.#ready.push({ id: this.#ids, from, part });
  }

  /** Whose part it was: what was found is for that one. */
  finished(id: number): number {
    const giver = present(this.#givers.get(id), "giver of a share");
    this.#givers.delete(id);
    return giver;
  }
}
