// Where the property over random programs meets the search.

import { TooManyThreads } from "../../language-server/explore/dpor/execution.js";
import { OptimalSearch } from "../../language-server/explore/dpor/optimal.js";
import type { Tally } from "../../language-server/explore/dpor/optimal.js";
import { asItRuns } from "../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../language-server/ir/ir.js";
import type { Choice } from "../../protocol/witness.js";

export interface AllTraces {
  /** One execution of each trace, from the start until nothing can happen any more. */
  readonly choices: readonly (readonly Choice[])[];
  /** The search was not cut anywhere. */
  readonly complete: boolean;
  readonly tally: Tally;
}

/**
 * Panics, fatal errors and main's end end only their own thread, writers do not announce themselves, and the clock moves
 * only when nothing else can happen.
 */
export function tracesOf(program: Program): AllTraces {
  let threads = 8;
  let counters = false;
  for (;;) {
    try {
      const traces = search(program, threads, counters);
      if (traces !== "counters may become negative") return traces;
      counters = true;
    } catch (error) {
      if (!(error instanceof TooManyThreads)) throw error;
      threads = error.count + 4;
    }
  }
}

function search(
  program: Program,
  threads: number,
  counters: boolean,
): AllTraces | "counters may become negative" {
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  const machine = makeMachine(program);
  machine.configure({
    ...asItRuns,
    telling: false,
    ghosts: true,
    writerPreference: false,
    overlaps: false,
  });
  machine.reset(entry.func);
  const strict = { counters, writers: false };
  const found = new OptimalSearch({ machine, depth: 1000, threads, strict });
  const choices: (readonly Choice[])[] = [];
  let complete = true;
  let short = false as boolean; // set by the visitor
  found.run(
    () => false,
    (halt) => {
      if (halt?.kind !== "finished") complete = false;
      short = !counters && found.execution.mayRunShort();
      choices.push(
        Array.from({ length: found.execution.length }, (_, at) => found.execution.at(at).choice),
      );
      return short ? "stop" : "go on";
    },
  );
  return short ? "counters may become negative" : { choices, complete, tally: found.tally() };
}
