// Where the property over random programs meets the search.

import { searchAll } from "../../language-server/explore/dpor/adaptive.js";
import type { Tally } from "../../language-server/explore/dpor/optimal.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../language-server/ir/ir.js";
import type { Choice } from "../../protocol/witness.js";

export interface AllTraces {
  /** One execution of each trace, from the start until nothing can happen any more. */
  readonly choices: readonly (readonly Choice[])[];
  /** The search was not cut anywhere. */
  readonly complete: boolean;
  readonly tally: Tally;
  /** Writers announced themselves: a reader may have to wait. */
  readonly announcements: boolean;
  /** Somebody ended another's reading or stopped another's timer: then more steps count as ordered than are. */
  readonly unruly: boolean;
}

/** Panics, fatal errors and main's end end only their own thread, and the clock moves only when nothing else can happen. */
export function tracesOf(program: Program): AllTraces {
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  const machine = makeMachine(program);
  let choices: (readonly Choice[])[] = [];
  let complete = true;
  const { tally, assumptions } = searchAll(
    { machine, entry: entry.func, depth: 1000, visible: new Set(), time: "quiet" },
    () => {
      choices = [];
      complete = true;
    },
    ({ execution }, halt) => {
      if (halt?.kind !== "finished") complete = false;
      choices.push(Array.from({ length: execution.length }, (_, at) => execution.at(at).choice));
      return "go on";
    },
  );
  return {
    choices,
    complete,
    tally,
    announcements: !assumptions.writers,
    unruly: !assumptions.orderly,
  };
}
