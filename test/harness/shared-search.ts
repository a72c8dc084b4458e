// Several searches that share a tree, in one thread: who goes on next, and when something is given away, is drawn at
// random. What crosses between them is text, as between threads or machines.

import {
  searchUnder,
  type AdaptiveOptions,
  type Assumptions,
} from "../../language-server/explore/dpor/adaptive.js";
import type { OptimalSearch } from "../../language-server/explore/dpor/optimal.js";
import type { Returned } from "../../language-server/explore/dpor/search-state.js";
import { firstShare, Sharing, type Share } from "../../language-server/explore/dpor/sharing.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../language-server/ir/ir.js";
import type { Choice } from "../../protocol/witness.js";

export interface SharedOptions extends Omit<AdaptiveOptions, "machine"> {
  readonly program: Program;
  readonly assumptions: Assumptions;
  /** Searches that go on at a time, besides those that wait. */
  readonly workers: number;
  readonly random: () => number;
  /** Executions before anything is given away. */
  readonly alone: number;
  /** Called at the end of each execution, whoever ran it. */
  readonly visit: (choices: readonly Choice[]) => void;
}

export interface SharedOutcome {
  readonly traces: number;
  readonly blocked: number;
  /** No search came upon anything that is not exact. */
  readonly exact: boolean;
  /** Parts that were given away. */
  readonly given: number;
  /** Times that a search had to wait for what it had given away. */
  readonly rests: number;
  /** Sequences that were found for others. */
  readonly returned: number;
}

/** Executions between two looks at the others, at most. */
const stretch = 4;

export function searchShared(options: SharedOptions): SharedOutcome {
  return new Crew(options).run();
}

function crossing<T>(it: T): T {
  return JSON.parse(JSON.stringify(it)) as T;
}

class Crew {
  readonly #options: SharedOptions;
  readonly #sharing = new Sharing();
  /** By share. */
  readonly #searches = new Map<number, OptimalSearch>();
  readonly #waiting = new Set<number>();
  #runs = 0;
  #traces = 0;
  #blocked = 0;
  #exact = true;
  #given = 0;
  #rests = 0;
  #returned = 0;

  constructor(options: SharedOptions) {
    this.#options = options;
  }

  run(): SharedOutcome {
    this.#begin(firstShare);
    while (!this.#sharing.over) {
      const busy = [...this.#searches.keys()].filter((it) => !this.#waiting.has(it));
      const index = Math.floor(this.#options.random() * this.#options.workers);
      const share = busy[index];
      if (share !== undefined) this.#goOn(share, this.#searches.get(share) as OptimalSearch);
      else this.#take();
    }
    return {
      traces: this.#traces,
      blocked: this.#blocked,
      exact: this.#exact,
      given: this.#given,
      rests: this.#rests,
      returned: this.#returned,
    };
  }

  #begin(share: number): OptimalSearch {
    const machine = makeMachine(this.#options.program);
    const search = searchUnder(this.#options.assumptions, { ...this.#options, machine });
    this.#searches.set(share, search);
    return search;
  }

  #take(): void {
    const share: Share | null = this.#sharing.next();
    if (share !== null) this.#begin(share.id).load(crossing(share.part));
  }

  #goOn(share: number, search: OptimalSearch): void {
    const { random, visit } = this.#options;
    let left = 1 + Math.floor(random() * stretch);
    const over = search.run(
      () => random() < 0.01,
      () => {
        const { execution } = search;
        this.#runs++;
        visit(Array.from({ length: execution.length }, (_, at) => execution.at(at).choice));
        return --left > 0 ? "go on" : "stop";
      },
    );
    if (over === "done") this.#end(share, search);
    else if (over === "waiting") {
      this.#rests++;
      this.#waiting.add(share);
    }
    const gives = this.#runs > this.#options.alone && search.exact && random() < 0.5;
    if (over !== "done" && gives) this.#give(share, search);
  }

  #give(share: number, search: OptimalSearch): void {
    const part = search.give();
    if (part === null) return;
    this.#given++;
    this.#sharing.given(share, part);
  }

  #end(share: number, search: OptimalSearch): void {
    const { traces, blocked } = search.tally();
    this.#traces += traces;
    this.#blocked += blocked;
    this.#exact &&= search.exact;
    this.#searches.delete(share);
    const giver = this.#sharing.finished(share);
    if (share === firstShare) return;
    const returned: Returned = crossing(search.returned());
    for (const it of returned.above) this.#returned += it.length;
    this.#searches.get(giver)?.receive(returned);
    this.#waiting.delete(giver);
  }
}
