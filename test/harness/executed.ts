// An execution as the search keeps it, of a program whose threads step in a given order.

import { strictest } from "../../language-server/explore/dependence.js";
import { Execution } from "../../language-server/explore/dpor/execution.js";
import { Plans } from "../../language-server/explore/dpor/plans.js";
import { ThreadNames } from "../../language-server/explore/dpor/thread-names.js";
import { asItRuns, type Machine } from "../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../language-server/ir/ir.js";

export interface Executed {
  readonly machine: Machine;
  readonly execution: Execution;
}

/** As a search runs it: `order` first, then whoever may go on, the lowest first. */
export function executed(program: Program, order: readonly number[]): Executed {
  const machine = makeMachine(program);
  machine.configure({ ...asItRuns, telling: false, ghosts: true, overlaps: false });
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  machine.reset(entry.func);
  const execution = new Execution(new Plans(strictest), new ThreadNames(), 16);
  const left = [...order];
  while (machine.halted() === undefined) {
    const thread = left.shift();
    const [choice] = thread === undefined ? machine.enabled() : machine.choicesOf(thread);
    if (choice === undefined) throw new Error(`thread ${String(thread)} cannot go on`);
    execution.push(machine.step(choice), choice);
  }
  return { machine, execution };
}
