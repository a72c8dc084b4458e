// Loops over a channel that is closed only after a Wait for the loops' own goroutines.

import type { SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { channels, type ChannelUse } from "./channels.js";
import { graphOf } from "./graph.js";
import type { AbstractObject, Instance } from "./points-to.js";
import type { Node } from "./solver.js";
import { startedCode } from "./started-code.js";
import { waitGroups, type WaitGroups } from "./wait-groups.js";

export interface NeverEndingPool {
  readonly range: ChannelUse;
  readonly close: ChannelUse;
  readonly wait: SpanId;
  readonly channel: AbstractObject;
}

/** Each loop once. */
export const neverEndingPools: Fact<readonly NeverEndingPool[]> = {
  name: "never-ending-pools",
  compute: ({ get }) => {
    const all = get(channels);
    const groups = get(waitGroups);
    const code = get(startedCode);
    const found = new Map<number, NeverEndingPool>();
    const workers = groups.users.filter((it) => code.isStarted(it));
    for (const range of all.uses) {
      const [channel, ...others] = range.channels;
      if (!range.commaOk || channel === undefined || others.length > 0) continue;
      if (!all.isKnown(channel) || found.has(range.span)) continue;
      if (!graphOf(range.instance.func).inLoop(range.point)) continue;
      const counted = workers
        .filter((it) => code.run([it]).has(range.instance))
        .flatMap((it) => doneAtEnd(groups, it));
      const closes = all.usesOf(channel).filter((it) => it.kind === "close");
      const [close] = closes;
      if (close === undefined || counted.length === 0) continue;
      const waits = closes.map((it) => waitBefore(groups, it, counted));
      const [wait] = waits;
      if (wait !== undefined && wait !== null && !waits.includes(null))
        found.set(range.span, { range, close, wait, channel });
    }
    return [...found.values()];
  },
};

/** Groups that a goroutine leaves once, when it ends. */
function doneAtEnd(groups: WaitGroups, worker: Instance): readonly Node[] {
  const graph = graphOf(worker.func);
  return groups
    .usesOf(worker)
    .filter((it) => it.kind === "done" && (it.deferred || !graph.inLoop(it.point)))
    .map((it) => it.group);
}

/** The Wait for one of the groups that comes before the close on every path. */
function waitBefore(
  groups: WaitGroups,
  { instance, point }: ChannelUse,
  counted: readonly Node[],
): SpanId | null {
  const graph = graphOf(instance.func);
  const wait = groups
    .usesOf(instance)
    .find(
      (it) =>
        it.kind === "wait" &&
        !it.deferred &&
        counted.includes(it.group) &&
        graph.dominates(it.point, point),
    );
  return wait === undefined ? null : wait.span;
}
