// Which steps must not be swapped, said pair by pair. `clocks.ts` says the same once more, incrementally; the tests hold
// the two against each other, and swap what is said to commute.

import type { Manner, Occurrence, Touch } from "./occurrence.js";

export interface Relation {
  /** Capacity of each channel. */
  readonly channels: readonly number[];
  /**
   * Some order takes a wait group's counter below zero. Then it matters in which order the counter moves; otherwise
   * only whether a wait comes before an addition.
   */
  readonly strict: boolean;
}

/** Pairs of channel operations that are ordered; the others commute, but for a value and its slot. */
const ordered: ReadonlySet<string> = new Set([
  "send send",
  "recv recv",
  "send close",
  "close send-closed",
  "close recv-closed",
  "close close-closed",
  "recv recv-closed",
  "rendezvous close",
  // Whatever may make the channel ready or not.
  "probe send",
  "send probe",
  "probe recv",
  "recv probe",
  "probe close",
  "close probe",
]);

const channelManners: ReadonlySet<Manner> = new Set<Manner>([
  "send",
  "recv",
  "recv-closed",
  "send-closed",
  "rendezvous",
  "close",
  "close-closed",
  "probe",
]);

export function isChannelTouch(touch: Touch): boolean {
  return channelManners.has(touch.manner);
}

/** Whether `a`, which came first, and `b` do not commute, their threads and the time left aside. */
export function dependent(relation: Relation, a: Occurrence, b: Occurrence): boolean {
  return a.touches.some((x) => b.touches.some((y) => conflicting(relation, x, y)));
}

function conflicting(relation: Relation, a: Touch, b: Touch): boolean {
  if (a.object !== b.object || isChannelTouch(a) !== isChannelTouch(b)) return false;
  if (isChannelTouch(a)) return onChannel(relation, a, b);
  if (a.manner !== b.manner) return !isHarmless(a, b) && !isHarmless(b, a);
  return a.manner === "write" || (a.manner === "count" && relation.strict);
}

/** Neither changes the counter. */
function isHarmless(a: Touch, b: Touch): boolean {
  return a.manner === "undercount" && b.manner === "wait";
}

function onChannel({ channels }: Relation, a: Touch, b: Touch): boolean {
  if (ordered.has(`${a.manner} ${b.manner}`)) return true;
  if (a.manner === "send" && b.manner === "recv") return a.n === b.n;
  const capacity = channels[a.object] ?? 0;
  return a.manner === "recv" && b.manner === "send" && b.n === a.n + capacity;
}
