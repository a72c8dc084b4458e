// The passing run nearest to a failing one: one race turned round, and everything else as it was. That race is what the
// failure hangs on.

import type { Choice } from "../../protocol/witness.js";
import type { FuncId } from "../ir/ir.js";
import { reversals } from "./predict.js";
import { following } from "./shorten.js";
import { execute, type Execution } from "./strategy.js";
import type { Machine } from "./vm/machine.js";

export interface Contrasting {
  readonly choices: readonly Choice[];
  /** Steps of the failing run that come the other way round. */
  readonly steps: readonly [number, number];
}

export interface ContrastOptions {
  readonly machine: Machine;
  readonly entry: FuncId;
  readonly depth: number;
  /** Runs to try. */
  readonly most: number;
  readonly passes: (execution: Execution) => boolean;
  readonly interrupted: () => boolean;
}

/** Of the schedule's own steps, the race as late as possible; null when no single reversal passes. */
export function contrast(choices: readonly Choice[], options: ContrastOptions): Contrasting | null {
  const { machine, entry, depth, most, passes, interrupted } = options;
  machine.reset(entry);
  let runs = 0;
  for (const { steps, choices: turned } of reversals(machine, choices)) {
    if (runs++ >= most || interrupted()) return null;
    const execution = execute(machine, entry, following(turned), depth, interrupted);
    if (passes(execution)) return { choices: execution.choices, steps };
  }
  return null;
}
