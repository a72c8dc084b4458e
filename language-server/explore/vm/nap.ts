// Threads that ask again and again and sleep in between. In quiet time they are not parked, because when they ask next is
// when they wake; but where all who wait for time do nothing else, and nobody can change what they look at, time goes on in
// vain.

import type { Goroutine } from "./goroutine.js";
import { isUnchanged, merged, type Watch } from "./watch.js";
import { allocatedAfter, imageOf, isBack, type ThreadImage } from "./thread-image.js";
import type { World } from "./world.js";

export interface Nap {
  /** Where it fell asleep. */
  readonly from: ThreadImage;
  /** What it has looked at since. */
  readonly watches: readonly Watch[];
  /** What it looked at on the way here from where it fell asleep before, which was here; null: it was elsewhere. */
  readonly round: readonly Watch[] | null;
}

/** After a step that nobody can notice; `looked`: what it looked at. */
export function noteNap(world: World, g: Goroutine, looked: () => readonly Watch[]): void {
  const isAsleep = g.intent?.kind === "sleeping";
  const before = g.nap;
  if (before === null && !isAsleep) return;
  const watches = before === null ? [] : merged(before.watches, looked());
  if (!isAsleep) {
    if (before !== null) world.own(g).nap = { ...before, watches };
    return;
  }
  const round = before !== null && isBack(g, before.from) ? watches : null;
  world.own(g).nap = { from: imageOf(g, allocatedAfter(g, g.known)), watches: [], round };
}

/** Whether the thread sleeps, and will do so again and again until something it looks at changes. */
export function dozes({ nap, intent }: Goroutine): boolean {
  return (
    intent?.kind === "sleeping" && nap !== null && nap.round !== null && isUnchanged(nap.round)
  );
}
