// Sends and receives that can never find a partner.

import type { Fact } from "../check.js";
import { channels, type Channels, type ChannelUse } from "./channels.js";
import { graphOf } from "./graph.js";
import type { AbstractObject } from "./points-to.js";

export interface Lonely {
  readonly use: ChannelUse;
  readonly channel: AbstractObject;
  /** Uses that would be partners, were they in another goroutine. */
  readonly others: readonly ChannelUse[];
  /** There are such uses, all in the one call that waits. */
  readonly isAlone: boolean;
  /** Nothing else is done with the channel. */
  readonly isOnlyUse: boolean;
}

/** Those of known channels, each place once. */
export const lonely: Fact<readonly Lonely[]> = {
  name: "lonely",
  compute: ({ get }) => {
    const all = get(channels);
    const found = new Map<number, Lonely>();
    // A function that is run for several channels waits forever only if it does for each of them.
    const spoilt = new Set<number>();
    for (const use of all.uses) {
      if (use.kind === "close" || use.hasOtherWay) continue;
      const it = lonelyUse(all, use);
      if (it === null) spoilt.add(use.span);
      else if (!found.has(use.span)) found.set(use.span, it);
    }
    return [...found].filter(([span]) => !spoilt.has(span)).map(([, it]) => it);
  },
};

function lonelyUse(all: Channels, use: ChannelUse): Lonely | null {
  const [channel] = use.channels;
  if (channel === undefined || !use.channels.every((it) => all.isKnown(it))) return null;
  const isEach = (holds: (it: AbstractObject) => boolean): boolean => use.channels.every(holds);
  const partners = (it: AbstractObject): readonly ChannelUse[] =>
    all.usesOf(it).filter(({ kind }) => isPartner(use.kind, kind));
  if (use.kind === "send" && !isEach((it) => it.capacity === 0)) return null;
  const isOnlyUse = isEach((it) => all.usesOf(it).length === 1);
  if (isEach((it) => partners(it).length === 0))
    return { use, channel, others: [], isAlone: false, isOnlyUse };
  if (use.channels.length > 1 || channel.capacity !== 0) return null;
  // Each call makes a channel of its own and nobody else has it.
  if (!all.usesOf(channel).every((it) => it.instance === channel.instance)) return null;
  const others = partners(channel);
  const earlier = all.usesOf(channel).find((it) => it.kind !== "close" && !it.hasOtherWay);
  // What comes after the first is not reached.
  if (earlier !== use) return null;
  const graph = graphOf(use.instance.func);
  const isClosedBefore = others.some(
    (it) => it.kind === "close" && graph.reaches(it.point, use.point),
  );
  return isClosedBefore ? null : { use, channel, others, isAlone: true, isOnlyUse };
}

function isPartner(kind: ChannelUse["kind"], other: ChannelUse["kind"]): boolean {
  return kind === "send" ? other === "recv" : other !== "recv" && kind === "recv";
}
