// Where the property over random programs meets the search: the one place to connect.

import type { Program } from "../../language-server/ir/ir.js";
import type { Choice } from "../../protocol/witness.js";

export interface AllTraces {
  /** One execution of each trace, from the start until nothing can happen any more. */
  readonly choices: readonly (readonly Choice[])[];
  /** The search was not cut anywhere. */
  readonly complete: boolean;
}

/**
 * Panics, fatal errors and main's end end only their own thread, writers do not announce themselves, and the clock moves
 * only when nothing else can happen.
 */
export function tracesOf(program: Program): AllTraces {
  throw new Error(`not connected: the search of ${program.funcs.length} functions`);
}
