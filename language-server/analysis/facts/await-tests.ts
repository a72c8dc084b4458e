// TypeScript: branches that are decided by what a shared place holds.

import type { Reg, SpanId } from "../../ir/ir.js";
import { uses } from "../../ir/shape.js";
import type { Point, SharedPlaces } from "./shared-places.js";

/** A branch, and a read of a shared place that decides it. */
export interface Test {
  readonly block: number;
  readonly read: Point;
  readonly span: SpanId;
}

export function testsOf(places: SharedPlaces, place: string): readonly Test[] {
  return places.func.blocks.flatMap(({ exit }, block): readonly Test[] => {
    if (exit.op !== "branch") return [];
    return readsOf(places, exit.cond, place).map((it) => ({ block, ...it }));
  });
}

/** Reads of the place that a condition is computed from without a wait in between. */
function readsOf(
  places: SharedPlaces,
  cond: Reg,
  place: string,
): readonly { readonly read: Point; readonly span: SpanId }[] {
  const found: { readonly read: Point; readonly span: SpanId }[] = [];
  const seen = new Set<Reg>();
  const work = [cond];
  for (let reg = work.pop(); reg !== undefined; reg = work.pop()) {
    if (seen.has(reg)) continue;
    seen.add(reg);
    work.push(...(places.incoming.get(reg) ?? []));
    const definition = places.definitions.get(reg);
    if (definition === undefined || definition.instr.op === "await") continue;
    const { instr, point } = definition;
    if (places.placeTested(instr) === place) found.push({ read: point, span: instr.span });
    else if (instr.op === "prim" || instr.op === "get-prop") work.push(...uses(instr));
  }
  return found;
}
