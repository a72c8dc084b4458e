// TypeScript: what a local variable may hold where it is read.

import type { Instr, Reg } from "../../ir/ir.js";
import type { SharedPlaces } from "./shared-places.js";

/** The values that may be in a variable when it is loaded: on each way back to the last store. */
export function storedBefore(
  places: SharedPlaces,
  load: Extract<Instr, { readonly op: "load" }>,
): readonly Reg[] {
  const { func, stored, definitions } = places;
  const all = stored.get(load.addr) ?? [];
  const at = definitions.get(load.dst)?.point;
  if (all.length < 2 || at === undefined) return all;
  const found = new Set<Reg>();
  const seen = new Set<number>();
  const work = [at];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const { block, index } = next;
    const instrs = func.blocks[block]?.instrs.slice(0, index) ?? [];
    const store = instrs.findLast((it) => it.op === "store" && it.addr === load.addr);
    if (store?.op === "store") {
      found.add(store.value);
      continue;
    }
    const before = func.blocks.flatMap((_, from) =>
      places.successors(from).includes(block) ? [from] : [],
    );
    // Handlers of exceptions are come to from anywhere.
    if (before.length === 0 && block !== 0) return all;
    for (const from of before) {
      if (seen.has(from)) continue;
      seen.add(from);
      work.push({ block: from, index: func.blocks[from]?.instrs.length ?? 0 });
    }
  }
  return [...found];
}
