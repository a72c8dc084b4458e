import type { Fact } from "../check.js";
import { Parallel } from "./parallel.js";
import { pointsTo } from "./points-to.js";
import { threads } from "./threads.js";

/** Who may run beside whom, for checks. */
export const orders: Fact<Parallel> = {
  name: "orders",
  compute: ({ get }) => new Parallel(get(pointsTo), get(threads)),
};
