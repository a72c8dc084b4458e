// Closes after which a send or a second close of the same channel may come: both panic.

import { spanOf } from "../../ir/access.js";
import type { Fact } from "../check.js";
import { channels, type ChannelUse } from "./channels.js";
import { graphOf } from "./graph.js";
import type { AbstractObject } from "./points-to.js";
import { startedCode, type StartedCode } from "./started-code.js";

export interface AfterClose {
  /** The close that comes first; for a second run of the same place, that place. */
  readonly close: ChannelUse;
  readonly use: ChannelUse;
  readonly channel: AbstractObject;
  /** In every run that comes to the second. */
  readonly isCertain: boolean;
}

/** Each panicking place once, with the close that shows it best. */
export const closings: Fact<readonly AfterClose[]> = {
  name: "closings",
  compute: ({ program, get }) => {
    const all = get(channels);
    const code = get(startedCode);
    const found = new Map<string, AfterClose>();
    const made = new Set(all.uses.flatMap((it) => it.channels));
    for (const channel of made) {
      if (channel.site?.op !== "make" || channel.instance === null) continue;
      const uses = all.usesOf(channel);
      const closes = uses.filter((it) => it.kind === "close");
      for (const close of closes) {
        for (const use of uses) {
          if (use.kind === "recv") continue;
          if (use.span === 0 || spanOf(program, use.span).uri === "") continue;
          const isCertain = followsAlways(channel, close, use);
          if (!isCertain && !mayFollow(code, channel, close, use)) continue;
          const key = `${use.kind} ${use.span}`;
          if (found.get(key)?.isCertain !== true && (isCertain || !found.has(key)))
            found.set(key, { close, use, channel, isCertain });
        }
      }
    }
    return [...found.values()];
  },
};

/** In one call of a function that has the channel for itself, the close is before the use on every path. */
function followsAlways(channel: AbstractObject, close: ChannelUse, use: ChannelUse): boolean {
  const { instance } = use;
  if (use === close || close.instance !== instance || instance !== channel.instance) return false;
  if (use.channels.length !== 1 || close.channels.length !== 1 || use.hasOtherWay) return false;
  const graph = graphOf(instance.func);
  const made = channel.site === null ? undefined : graph.pointOf(channel.site);
  if (made === undefined || graph.inLoop(made)) return false;
  return graph.dominates(close.point, use.point);
}

/** As far as the order within one function tells. */
function mayFollow(
  code: StartedCode,
  channel: AbstractObject,
  close: ChannelUse,
  use: ChannelUse,
): boolean {
  if (use.instance !== close.instance || !code.isOnce(use.instance, channel)) return true;
  const graph = graphOf(use.instance.func);
  const made = channel.site === null ? undefined : graph.pointOf(channel.site);
  if (made === undefined) return graph.reaches(close.point, use.point);
  // Made again before, it is another channel.
  return graph.reachesAvoiding(close.point, use.point, made);
}
