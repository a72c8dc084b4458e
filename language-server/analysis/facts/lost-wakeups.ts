// How somebody who waits for a sync.Cond may never be woken although what he waits for has come: nobody wakes him, he waits
// without looking, it comes between his look and Wait, or one of several is woken.

import type { Instr, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { condUses, type CondUses, type CondWait, type CondWake } from "./cond-uses.js";
import { graphOf } from "./graph.js";
import { orders } from "./orders.js";
import { outside, type Outside } from "./outside.js";
import type { Parallel } from "./parallel.js";
import { pointsTo, type PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import { threads, type Happening, type Threads } from "./threads.js";

export interface LostWakeup {
  readonly kind: "nobody" | "no test" | "unlocked" | "one of several";
  readonly wait: CondWait;
  readonly wakes: readonly CondWake[];
  /** Of "unlocked" the write of what is tested. */
  readonly write: SpanId;
}

export const lostWakeups: Fact<readonly LostWakeup[]> = {
  name: "lost-wakeups",
  compute({ get }) {
    const uses = get(condUses);
    const all = get(threads);
    return uses.waits.flatMap((wait) => {
      const wakes = wakesFor(uses, wait);
      if (wakes.length > 0) return lostAt(all, get(orders), uses, { wait, wakes }) ?? [];
      if (isOutside(get(pointsTo), get(outside), wait)) return [];
      return [{ kind: "nobody", wait, wakes, write: nowhere }];
    });
  },
};

type Access = Happening<"access">;

const nowhere = 0 as SpanId;

function wakesFor({ wakes }: CondUses, { conds }: CondWait): readonly CondWake[] {
  return wakes.filter((it) => it.conds.some((cond) => conds.includes(cond)));
}

/** Whether code that is not looked at may wake: a method that the library calls, of a writer say. */
function isOutside(points: PointsTo, reach: Outside, { conds }: CondWait): boolean {
  return conds.some((it) => {
    const object = points.objectAt(it);
    return object !== undefined && reach.has(object);
  });
}

/** How those that wake may do so in vain. */
function lostAt(
  all: Threads,
  parallel: Parallel,
  uses: CondUses,
  { wait, wakes }: Pick<LostWakeup, "wait" | "wakes">,
): LostWakeup | null {
  if (wait.tested === "nothing") return { kind: "no test", wait, wakes, write: nowhere };
  const writes = writesOfTested(all, parallel, wait);
  const open = writes.find((it) => !isLocked(it, wait) && isAnnounced(it, wakes));
  if (open !== undefined) {
    return { kind: "unlocked", wait, wakes, write: all.spanOf(open.frame, open.op.instr) };
  }
  const isOnce = ({ all: everybody, instance, instr }: CondWake): boolean => {
    const graph = graphOf(instance.func);
    const point = graph.pointOf(instr);
    return !everybody && point !== undefined && !graph.inLoop(point);
  };
  const isFlag = writes.length > 0 && writes.every(setsConstant);
  if (!isFlag || !wakes.every(isOnce) || !hasOthers(parallel, uses, wait)) return null;
  return { kind: "one of several", wait, wakes, write: nowhere };
}

/** Writes of what the loop around Wait reads, by others. */
function writesOfTested(
  all: Threads,
  parallel: Parallel,
  { instance, loop }: CondWait,
): readonly Access[] {
  const graph = graphOf(instance.func);
  const isInLoop = (instr: Instr): boolean => {
    const point = graph.pointOf(instr);
    return point !== undefined && loop.has(point.block);
  };
  const reads = all.accesses.filter(
    ({ frame, op }) => frame.instance === instance && !op.write && isInLoop(op.instr),
  );
  return all.accesses.filter(
    (it) =>
      it.op.write &&
      all.closed(it.frame) &&
      reads.some(
        (read) =>
          read.op.locations.some((at) => it.op.locations.includes(at)) &&
          parallel.mayHappenInParallel(read, it),
      ),
  );
}

/** Whether several goroutines may wait for it at once. */
function hasOthers(parallel: Parallel, { waits }: CondUses, { conds, places }: CondWait): boolean {
  const all = waits.filter((it) => it.conds.some((cond) => conds.includes(cond)));
  const others = all.flatMap((it) => it.places);
  return places.some((it) => others.some((other) => parallel.mayHappenInParallel(it, other)));
}

function isLocked({ state }: Access, { locks }: CondWait): boolean {
  return state.held.some((it) => it.locks.some((lock) => locks.includes(lock)));
}

/** Whether the function wakes somebody afterwards. */
function isAnnounced({ frame, op }: Access, wakes: readonly CondWake[]): boolean {
  const after = new Set(graphOf(frame.instance.func).instrsAfter(op.instr));
  return wakes.some(({ instr }) => after.has(instr));
}

function setsConstant({ frame, op: { instr } }: Access): boolean {
  const value =
    instr.op === "store" ? instr.value : instr.op === "atomic" ? instr.args[0] : undefined;
  return value !== undefined && definitionsOf(frame.instance.func).get(value)?.op === "const";
}
