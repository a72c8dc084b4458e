// Instructions of a function by what they can do, found once for all its instances: what asks every instance of a program
// about its calls does not have to walk over everything else, least of all over the initialisers of a library's tables.

import { instrsOf } from "../../ir/access.js";
import type { Func, Instr } from "../../ir/ir.js";

/** A function of functions, worked out when first asked for. */
function perFunc(wanted: (instr: Instr) => boolean): (func: Func) => readonly Instr[] {
  const known = new WeakMap<Func, readonly Instr[]>();
  return (func) => {
    let found = known.get(func);
    if (found === undefined) known.set(func, (found = instrsOf(func).filter(wanted)));
    return found;
  };
}

/** Those that may run functions of the program: all for which points-to has targets. */
export const callsOf = perFunc(
  ({ op }) => op === "call" || op === "spawn" || op === "defer" || op === "sync",
);

const synchronises: ReadonlySet<Instr["op"]> = new Set<Instr["op"]>([
  "make",
  "send",
  "recv",
  "close",
  "acquire",
  "release",
  "try-acquire",
  "select",
  "sync",
]);

/** Operations on channels, locks and wait groups, and what makes them. */
export const synchronisesIn = perFunc(({ op }) => synchronises.has(op));

/** Those that may read or write memory, by themselves or in a library. */
export const accessesIn = perFunc(
  ({ op }) =>
    op === "load" ||
    op === "store" ||
    op === "atomic" ||
    op === "map" ||
    op === "bulk" ||
    op === "call",
);
