import type { Instr } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { atomicSelfAssigns } from "./atomic-self-assigns.js";
import { earlyDones } from "./early-dones.js";
import { lockCopies } from "./lock-copies.js";
import { races, type Race } from "./races.js";

/** Races that a check other than the race checks tells by their cause. */
export const explained: Fact<ReadonlySet<Race>> = {
  name: "explained-races",
  compute: ({ get }) => {
    const told = new Set<Instr | null>([
      ...get(lockCopies).map((it) => it.instr),
      ...get(atomicSelfAssigns).map((it) => it.store),
    ]);
    const isTold = ({ conflicts }: Race): boolean =>
      conflicts.some((it) => told.has(it.inThread.op.instr) || told.has(it.other.op.instr));
    return new Set<Race>([...get(earlyDones).keys(), ...get(races).filter(isTold)]);
  },
};
