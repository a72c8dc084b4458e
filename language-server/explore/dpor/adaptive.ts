// A search that begins with the cheapest assumptions about the program and begins again when an execution shows one of
// them to be wrong.

import type { FuncId } from "../../ir/ir.js";
import { asItRuns, type Halt, type Machine } from "../vm/machine.js";
import { TooManyThreads } from "./execution.js";
import { OptimalSearch, type Tally } from "./optimal.js";

/** What a search takes for granted. */
export interface Assumptions {
  /** No counter of a wait group becomes negative in any order. */
  readonly counters: boolean;
  /** Nobody waits while reading under a read-write lock, so that announcements of writers cannot matter. */
  readonly writers: boolean;
  /** Nobody stops another's timer or ends another's reading, see `Execution.unruly`. */
  readonly orderly: boolean;
  /** No task of an event loop draws a random number, so that each can be one step. */
  readonly tasks: boolean;
  /** Threads that the clocks have room for. */
  readonly threads: number;
}

export const cheapest: Assumptions = {
  counters: true,
  writers: true,
  orderly: true,
  tasks: true,
  threads: 16,
};

/** What remains of the assumptions after the execution that has just ended. */
export function kept(
  { counters, writers, orderly, tasks, threads }: Assumptions,
  { execution }: OptimalSearch,
  machine: Machine,
): Assumptions {
  return {
    counters: counters && !execution.mayRunShort(),
    writers: writers && !machine.rereads(),
    orderly: orderly && !execution.unruly,
    tasks: tasks && !machine.drawn().within,
    threads,
  };
}

export function holds(before: Assumptions, after: Assumptions): boolean {
  return (
    before.counters === after.counters &&
    before.writers === after.writers &&
    before.orderly === after.orderly &&
    before.tasks === after.tasks
  );
}

export interface AdaptiveOptions {
  readonly machine: Machine;
  readonly entry: FuncId;
  /** Steps of one execution. */
  readonly depth: number;
  readonly visible: ReadonlySet<string>;
  readonly time: "quiet" | "any";
}

/** A search under the assumptions, on the machine from its start. */
export function searchUnder(
  { counters, writers, orderly, tasks, threads }: Assumptions,
  { machine, entry, depth, visible, time }: AdaptiveOptions,
): OptimalSearch {
  machine.configure({
    ...asItRuns,
    visible,
    time,
    writerPreference: !writers,
    telling: false,
    ghosts: true,
    overlaps: false,
    wholeTasks: tasks,
  });
  machine.reset(entry);
  const strict = { counters: !counters, writers: !writers };
  return new OptimalSearch({ machine, depth, threads, strict, everything: !orderly });
}

/** What a search has come to. */
export interface Adapted {
  readonly tally: Tally;
  /** Under which no execution showed one of them to be wrong. */
  readonly assumptions: Assumptions;
}

/**
 * Runs to the end, with as few assumptions as it turns out to need. `begin` is called at the start of each attempt, `visit`
 * at the end of each execution of it; "stop" ends everything.
 */
export function searchAll(
  options: AdaptiveOptions,
  begin: () => void,
  visit: (search: OptimalSearch, halt: Halt | undefined) => "go on" | "stop",
): Adapted {
  let assumptions = cheapest;
  for (;;) {
    begin();
    try {
      const search = searchUnder(assumptions, options);
      let next = assumptions;
      search.run(
        () => false,
        (halt) => {
          next = kept(assumptions, search, options.machine);
          return holds(assumptions, next) ? visit(search, halt) : "stop";
        },
      );
      if (holds(assumptions, next)) return { tally: search.tally(), assumptions };
      assumptions = next;
    } catch (error) {
      if (!(error instanceof TooManyThreads)) throw error;
      assumptions = { ...assumptions, threads: Math.max(error.count, assumptions.threads * 2) };
    }
  }
}
