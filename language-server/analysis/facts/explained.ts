import type { Fact } from "../check.js";
import { earlyDones } from "./early-dones.js";
import type { Race } from "./races.js";

/** Races that a check other than the race checks tells by their cause. */
export const explained: Fact<ReadonlySet<Race>> = {
  name: "explained-races",
  compute: ({ get }) => new Set<Race>(get(earlyDones).keys()),
};
