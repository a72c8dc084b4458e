// Finds accesses that nothing orders, after FastTrack: each cell remembers its last accesses by thread and time.
// An access is described by the time of its thread (`tick`); it happens before another thread's present when that
// thread's clock has reached the tick.

import type { SpanId } from "../../ir/ir.js";
import type { Trail } from "./core.js";
import type { RaceAccess } from "./machine.js";
import type { Clock } from "./vector-clock.js";

export interface Access extends RaceAccess {
  readonly tick: number;
  readonly atomic: boolean;
}

/** What is remembered of one cell, or of one map. */
class Shadow {
  last: readonly Access[] = [];
}

export interface Conflict {
  readonly first: Access;
  readonly second: Access;
}

export class RaceDetector {
  readonly #trail: Trail;
  readonly #cells = new WeakMap<object, (Shadow | undefined)[]>();

  constructor(trail: Trail) {
    this.#trail = trail;
  }

  /** Records an access by a thread whose clock is `clock`; returns the earlier accesses it races with. */
  access(owner: object, off: number, clock: Clock, now: Access): readonly Conflict[] {
    const shadow = this.#shadow(owner, off);
    const { last } = shadow;
    if (sameAsBefore(last, now)) return [];
    const conflicts: Conflict[] = [];
    for (const first of last) {
      if (conflict(first, now) && first.tick > (clock[first.thread] ?? 0)) {
        conflicts.push({ first, second: now });
      }
    }
    const kept = last.filter((it) => !subsumes(now, it, clock));
    this.#trail.set(shadow, "last", [...kept, now]);
    return conflicts;
  }

  #shadow(owner: object, off: number): Shadow {
    let row = this.#cells.get(owner);
    if (row === undefined) this.#cells.set(owner, (row = []));
    return (row[off] ??= new Shadow());
  }
}

/** The same thread did the same at the same time: nothing new to learn. */
function sameAsBefore(last: readonly Access[], now: Access): boolean {
  return last.some(
    (it) =>
      it.thread === now.thread &&
      it.tick === now.tick &&
      it.atomic === now.atomic &&
      it.write === now.write &&
      it.span === now.span,
  );
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
  const { thread, span, func, write, step } = access;
  return { thread, span, func, write, step };
}

/** Key of the pair of places, the same for both orders. */
export function pairKey(a: SpanId, b: SpanId): string {
  return a < b ? `${a}-${b}` : `${b}-${a}`;
}
