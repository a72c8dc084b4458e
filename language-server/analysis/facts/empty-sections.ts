// `mu.Lock(); mu.Unlock()` with nothing in between: a barrier, which waits for who holds the lock, or a slip.

import type { Func, Instr, Reg } from "../../ir/ir.js";
import { uses } from "../../ir/shape.js";
import { graphOf } from "./graph.js";
import type { PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import type { Node } from "./solver.js";
import type { Happening } from "./threads.js";

type Release = Extract<Instr, { op: "acquire" | "release" }>;

export interface EmptySection {
  readonly locks: readonly Node[];
}

/** Empty critical sections that every way to an access comes by, of locks that it does not hold. */
export function emptySections(
  points: PointsTo,
  { frame, op, state }: Happening<"access">,
): readonly EmptySection[] {
  const { instance } = frame;
  const { func } = instance;
  const graph = graphOf(func);
  const at = graph.pointOf(op.instr);
  if (at === undefined) return [];
  return func.blocks.flatMap(({ instrs }, block) =>
    instrs.flatMap((acquire, index): EmptySection[] => {
      if (acquire.op !== "acquire" || !graph.dominates({ block, index }, at)) return [];
      const locks = [...points.locations(instance, acquire.lock)];
      const next = nextRelease(func, instrs.slice(index + 1));
      if (next === null) return [];
      const released = points.locations(instance, next.lock);
      if (!locks.every((it) => released.has(it))) return [];
      const isHeld = state.held.some((it) => it.locks.some((lock) => locks.includes(lock)));
      return isHeld ? [] : [{ locks }];
    }),
  );
}

/** The first instruction that does more than come to the lock that it releases. */
function nextRelease(func: Func, instrs: readonly Instr[]): Release | null {
  const index = instrs.findIndex((it) => it.op === "release");
  const release = instrs[index];
  if (release?.op !== "release") return null;
  const definitions = definitionsOf(func);
  const needed = new Set<Reg>([release.lock]);
  for (const reg of needed) {
    const definition = definitions.get(reg);
    if (definition !== undefined) for (const it of uses(definition)) needed.add(it);
  }
  const leads = instrs
    .slice(0, index)
    .every((it) => "dst" in it && it.dst !== null && needed.has(it.dst));
  return leads ? release : null;
}
