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
  const mode: Mode = { counters: false, everything: false };
  for (;;) {
    try {
      const traces = search(program, threads, mode);
      if (traces !== "again") return traces;
    } catch (error) {
      if (!(error instanceof TooManyThreads)) throw error;
      threads = error.count + 4;
    }
  }
}

/** What an execution may show to be too simple. */
interface Mode {
  counters: boolean;
  everything: boolean;
}

function search(program: Program, threads: number, mode: Mode): AllTraces | "again" {
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
  const strict = { counters: mode.counters, writers: false };
  const { everything } = mode;
  const found = new OptimalSearch({ machine, depth: 1000, threads, strict, everything });
  const choices: (readonly Choice[])[] = [];
  let complete = true;
  let again = false as boolean; // set by the visitor
  found.run(
    () => false,
    (halt) => {
      if (halt?.kind !== "finished") complete = false;
      const { execution } = found;
      again = (!mode.counters && execution.mayRunShort()) || (!mode.everything && execution.unruly);
      mode.counters ||= execution.mayRunShort();
      mode.everything ||= execution.unruly;
      choices.push(Array.from({ length: execution.length }, (_, at) => execution.at(at).choice));
      return again ? "stop" : "go on";
    },
  );
  return again ? "again" : { choices, complete, tally: found.tally() };
}
