// TypeScript: how a lock that a function has taken with `acquire` is given back.

import type { Instr, Reg } from "../../ir/ir.js";
import type { Taking } from "./async-locks.js";
import type { SharedPlaces } from "./shared-places.js";

export class LockReturns {
  readonly #places: SharedPlaces;
  /** Registers that hold the way to give it back. */
  readonly ways: ReadonlySet<Reg>;

  constructor(places: SharedPlaces, { given }: Taking) {
    this.#places = places;
    this.ways = given === null ? new Set() : aliasesOf(places, given);
  }

  /** `release()`, or `mutex.release()`. */
  gives(instr: Instr): boolean {
    if (instr.op !== "call" || instr.callee.kind !== "dynamic") return false;
    if (this.ways.has(instr.callee.value)) return true;
    const method = this.#places.definitions.get(instr.callee.value)?.instr;
    return method?.op === "get-prop" && this.#places.constant(method.key) === "release";
  }
}

/** Whoever is given the lock through a local variable, or as the second of a pair. */
function aliasesOf({ func }: SharedPlaces, given: Reg): ReadonlySet<Reg> {
  const known = new Set<Reg>([given]);
  let size = 0;
  while (size < known.size) {
    size = known.size;
    for (const { instrs } of func.blocks) for (const it of instrs) addAlias(it, known);
  }
  return known;
}

/** What holds the same after an instruction. */
function addAlias(instr: Instr, known: Set<Reg>): void {
  if (instr.op === "store" && known.has(instr.value)) known.add(instr.addr);
  if (instr.op === "load" && known.has(instr.addr)) known.add(instr.dst);
  const unpacks = instr.op === "prim" && instr.fn.startsWith("js.iter-");
  if (unpacks && instr.args.some((it) => known.has(it))) known.add(instr.dst);
}
