import type { Instr } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { atomicSelfAssigns } from "./atomic-self-assigns.js";
import { earlyDones } from "./early-dones.js";
import { lockCopies } from "./lock-copies.js";
import { orderViolations } from "./order-violations.js";
import { pointsTo } from "./points-to.js";
import { poolUses } from "./pool-uses.js";
import { races, type Race } from "./races.js";

/** Races that a check other than the race checks tells by their cause, or that is left to the explorer. */
export const explained: Fact<ReadonlySet<Race>> = {
  name: "explained-races",
  compute: ({ get }) => {
    const told = new Set<Instr | null>([
      ...get(lockCopies).map((it) => it.instr),
      ...get(atomicSelfAssigns).map((it) => it.store),
    ]);
    const isTold = ({ conflicts }: Race): boolean =>
      conflicts.some((it) => told.has(it.inThread.op.instr) || told.has(it.other.op.instr));
    const orderly = get(orderViolations).flatMap((it) => it.race ?? []);
    const points = get(pointsTo);
    // What goes through a pool belongs to who has got it last: who uses it after Put is told by that check.
    const pooled = new Set(
      get(poolUses).given.flatMap(({ func, value }) =>
        points.instances
          .filter((it) => it.func === func)
          .flatMap((it) => [...points.locations(it, value)].map((at) => points.objectAt(at)?.base)),
      ),
    );
    const isPooled = ({ object }: Race): boolean => pooled.has(object.base);
    return new Set<Race>([
      ...get(earlyDones).keys(),
      ...get(races).filter((it) => isTold(it) || isPooled(it)),
      ...orderly,
    ]);
  },
};
