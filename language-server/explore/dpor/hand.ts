// One of several who explore the tree of one program together. It works on one part at a time, sets aside what waits for
// others, and gives away what they ask for. Knows nothing of threads.

import { present } from "../../base/assert.js";
import type { Halt } from "../vm/machine.js";
import type { OptimalSearch } from "./optimal.js";
import type { Part, Returned } from "./search-state.js";
import type { Share } from "./sharing.js";

export interface HandOptions {
  /** A search of the program that has not begun, with a machine of its own. */
  readonly begin: () => OptimalSearch;
  /** Polled before each step. */
  readonly pause: () => boolean;
  /** At the end of each execution. */
  readonly visit: (search: OptimalSearch, halt: Halt | undefined) => "go on" | "stop";
  /** Others have nothing to do. */
  readonly asked: () => boolean;
  readonly given: (by: number, part: Part) => void;
  readonly finished: (id: number, returned: Returned, search: OptimalSearch) => void;
}

/** Executions between two parts that are given away: each has to be worth its way. */
const leastBetween = 50;
/** Where there is nothing to give it is asked less and less often. */
const mostBetween = 3200;

export class Hand {
  readonly #options: HandOptions;
  readonly #searches = new Map<number, OptimalSearch>();
  /** Those that can go on, the last first. */
  readonly #ready: number[] = [];
  #since = 0;
  #between = leastBetween;

  constructor(options: HandOptions) {
    this.#options = options;
  }

  /** It has nothing to do at present. */
  get idle(): boolean {
    return this.#ready.length === 0;
  }

  /** Goes on with a search that has begun. */
  adopt(id: number, search: OptimalSearch): void {
    this.#searches.set(id, search);
    this.#ready.push(id);
  }

  take({ id, part }: Share): void {
    const search = this.#options.begin();
    search.load(part);
    this.adopt(id, search);
  }

  /** What came of a part that its search `giver` gave away. */
  receive(giver: number, returned: Returned): void {
    this.#search(giver).receive(returned);
    if (!this.#ready.includes(giver)) this.#ready.unshift(giver);
  }

  /** Goes on until it has nothing to do, is asked for something, or is to pause. */
  work(): void {
    const id = this.#ready.at(-1);
    if (id === undefined) return;
    const { pause, visit, asked } = this.#options;
    const search = this.#search(id);
    const over = search.run(pause, (halt) => {
      this.#since++;
      if (visit(search, halt) === "stop") return "stop";
      return this.#since >= this.#between && asked() ? "stop" : "go on";
    });
    if (over === "done") {
      this.#ready.pop();
      this.#searches.delete(id);
      this.#options.finished(id, search.returned(), search);
      return;
    }
    if (over === "waiting") this.#ready.pop();
    const due = over === "waiting" || this.#since >= this.#between;
    if (due && search.exact && asked()) this.#give(id, search);
  }

  #give(id: number, search: OptimalSearch): void {
    this.#since = 0;
    const part = search.give();
    if (part === null) this.#between = Math.min(2 * this.#between, mostBetween);
    else {
      this.#between = leastBetween;
      this.#options.given(id, part);
    }
  }

  #search(id: number): OptimalSearch {
    return present(this.#searches.get(id), "search of a share");
  }
}
