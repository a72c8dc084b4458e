// What agents have been told, as a tree: agents that were told the same stand at the same place, in whichever execution, so each
// place is found by running once.

import type { Program } from "../../../ir/ir.js";
import type { Op, Result, Stop } from "./ops.js";
import { type AgentStart, runAgent } from "./run.js";

export class Place {
  readonly id: number;
  readonly start: AgentStart;
  readonly results: readonly Result[];
  readonly after = new Map<string, Place>();
  readonly stop: Stop;

  constructor(id: number, start: AgentStart, results: readonly Result[], stop: Stop) {
    this.id = id;
    this.start = start;
    this.results = results;
    this.stop = stop;
  }

  get op(): Op {
    return this.stop.op;
  }
}

export class History {
  readonly #program: Program;
  readonly #roots = new Map<string, Place>();
  #places = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  root(start: AgentStart): Place {
    const key = JSON.stringify(start);
    let place = this.#roots.get(key);
    if (place === undefined) this.#roots.set(key, (place = this.#place(start, [])));
    return place;
  }

  after(place: Place, result: Result): Place {
    const key = JSON.stringify(result);
    let next = place.after.get(key);
    if (next === undefined) {
      place.after.set(key, (next = this.#place(place.start, [...place.results, result])));
    }
    return next;
  }

  #place(start: AgentStart, results: readonly Result[]): Place {
    const stop = runAgent(this.#program, start, results);
    return new Place(this.#places++, start, results, stop);
  }
}
