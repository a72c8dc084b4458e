// Finds accesses that nothing orders, after FastTrack: each cell remembers its last accesses by thread and time.
// An access is described by the time of its thread (`tick`); it happens before another thread's present when that
// thread's clock has reached the tick.

import type { Shadow } from "./beside.js";
import type { Trail } from "./core.js";
import type { RaceAccess } from "./machine.js";
import type { Clock } from "./vector-clock.js";

export interface Access extends RaceAccess {
  readonly tick: number;
  readonly atomic: boolean;
}

export interface Conflict {
  readonly first: Access;
  readonly second: Access;
}

const none: readonly Conflict[] = [];

/** Records an access by a thread whose clock is `clock`; returns the earlier accesses it races with. */
export function recordAccess(
  trail: Trail,
  shadow: Shadow,
  clock: Clock,
  now: Access,
): readonly Conflict[] {
  const { last } = shadow;
  if (sameAsBefore(last, now)) return none;
  let conflicts = none;
  for (const first of last) {
    if (conflict(first, now) && first.tick > (clock[first.thread] ?? 0)) {
      conflicts = [...conflicts, { first, second: now }];
    }
  }
  const kept: Access[] = [];
  for (const it of last) if (!subsumes(now, it, clock)) kept.push(it);
  kept.push(now);
  trail.own(shadow).last = kept;
  return conflicts;
}

/** The same thread did the same at the same time: nothing new to learn. */
function sameAsBefore(last: readonly Access[], now: Access): boolean {
  for (const it of last) {
    const same = it.thread === now.thread && it.tick === now.tick && it.span === now.span;
    if (same && it.atomic === now.atomic && it.write === now.write) return true;
  }
  return false;
}

function conflict(a: Access, b: Access): boolean {
  return a.thread !== b.thread && (a.write || b.write) && !(a.atomic && b.atomic);
}

/** Whether a later access that races with `old` also races with `now`, or comes after it. */
function subsumes(now: Access, old: Access, clock: Clock): boolean {
  const ordered = old.thread === now.thread || old.tick <= (clock[old.thread] ?? 0);
  if (!ordered) return false;
  if (now.write && !now.atomic) return true;
  return old.thread === now.thread && old.atomic === now.atomic && old.write === now.write;
}

/** Names a place for `Race` without the detector's own fields. */
export function plainAccess(access: Access): RaceAccess {
  const { thread, span, func, write, does, step } = access;
  return { thread, span, func, write, ...(does === undefined ? {} : { does }), step };
}
