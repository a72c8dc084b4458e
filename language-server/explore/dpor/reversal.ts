// Races turned round: the sequence that leads from the place before `first` to `second` without what comes after
// `first` (`notdep` of POPL'14, §5), with the outcome that the second operation then has.

import { relation } from "../dependence.js";
import { touches, type Touch, type TouchKind } from "../vm/touch.js";
import type { Attempt, Clock, Done, Execution } from "./execution.js";
import { emptyShape, printsOf, type PlanId, type Plans } from "./plans.js";
import { Sequence } from "./sequence.js";

export interface Frames {
  /** Explores `sequence` from the place before the event at `position`, unless that is covered already. */
  insert(position: number, sequence: Sequence): void;
  /** Explores everything that may run there: what the sequences do not tell exactly. */
  tryAll(position: number): void;
}

export class Reversals {
  readonly #plans: Plans;
  readonly #execution: Execution;
  readonly #frames: Frames;
  readonly #sequence: Sequence;
  /** Positions of the events that come before the operation, `#length` of them. */
  #positions = new Int32Array(64);
  #length = 0;
  /** Which gathered events the operation may come after is not told exactly. */
  #unsure = false;

  constructor(plans: Plans, execution: Execution, frames: Frames) {
    this.#plans = plans;
    this.#execution = execution;
    this.#frames = frames;
    this.#sequence = new Sequence(plans);
  }

  /**
   * `second` before the event at `position`. Where it would have to wait there, before the next earlier event that it is
   * in conflict with.
   */
  reverse(position: number, second: Attempt): void {
    let at = position;
    while (at >= 0) {
      const first = this.#execution.at(at);
      if (this.#plans.relation(first.plan, second.plan) === relation.conservative) {
        // Where it has to wait here too, it may not have to before an earlier event.
        this.#frames.tryAll(at);
      } else if (this.#place(at, second, null) || this.#place(at, second, second.before)) return;
      at = this.#earlier(at, first, second);
    }
  }

  /** The next earlier event that conflicts with `second`, does not come before it anyway, and comes before `first`. */
  #earlier(at: number, first: Done, second: Attempt): number {
    for (let position = at - 1; position >= 0; position--) {
      const other = this.#execution.at(position);
      const known = (second.before[other.thread] as number) >= other.n;
      const before = (first.clock[other.thread] as number) >= other.n;
      if (known || !before) continue;
      const how = this.#plans.relation(other.plan, second.plan);
      if (how === relation.racing || how === relation.conservative) return position;
    }
    return -1;
  }

  /** `only`: nothing but what happens before this clock comes first. False when the operation would have to wait. */
  #place(at: number, second: Attempt, only: Clock | null): boolean {
    const first = this.#execution.at(at);
    this.#gather(at, first, only);
    const plan = this.#outcome(at, second);
    if (this.#unsure) this.#frames.tryAll(at);
    if (plan === 0) return this.#unsure;
    if (!this.#plans.conflict(first.plan, plan)) return true;
    const sequence = this.#sequence;
    sequence.clear();
    for (let index = 0; index < this.#length; index++) sequence.push(this.#at(index).plan);
    sequence.push(plan);
    this.#frames.insert(at, sequence);
    return true;
  }

  #at(index: number): Done {
    return this.#execution.at(this.#positions[index] as number);
  }

  /** Events after `at` that do not happen after `first`. */
  #gather(at: number, first: Done, only: Clock | null): void {
    const execution = this.#execution;
    if (this.#positions.length < execution.length) {
      this.#positions = new Int32Array(execution.length * 2);
    }
    this.#length = 0;
    const { thread, n } = first;
    for (let position = at + 1; position < execution.length; position++) {
      const event = execution.at(position);
      if ((event.clock[thread] as number) >= n) continue;
      if (only !== null && (only[event.thread] as number) < event.n) continue;
      this.#positions[this.#length++] = position;
    }
  }

  /** What the operation does when it comes after the events before `at` and the gathered ones; 0 when it waits. */
  #outcome(at: number, { thread, plan, touches: done, before }: Attempt): PlanId {
    this.#unsure = false;
    const [touch] = done;
    if (touch === undefined) return plan;
    const kind = this.#kind(at, touch, before);
    if (kind === null) return 0;
    if (done.length > 1) {
      return this.#plans.of({ ...emptyShape, thread, ...printsOf(done), open: true });
    }
    if (kind === touch.kind) return plan;
    return this.#plans.ofStep(thread, [{ ...touch, kind }]);
  }

  #kind(at: number, touch: Touch, before: Clock): TouchKind | null {
    switch (touch.kind) {
      case touches.read:
      case touches.write:
        return touch.n === 0 ? touch.kind : this.#compareAndSwap(at, touch);
      case touches.lock:
      case touches.rlock:
        if (touch.kind === touches.lock) this.#unsure = this.#readsBetween(touch, before);
        return this.#lock(at, touch);
      case touches.trylock:
      case touches.trylockFailed:
        return this.#free(at, touch.object, false) ? touches.trylock : touches.trylockFailed;
      case touches.tryRlock:
      case touches.tryRlockFailed:
        return this.#free(at, touch.object, true) ? touches.tryRlock : touches.tryRlockFailed;
      case touches.unlock:
      case touches.unlockFree:
        return this.#holder(at, touch.object, true) === -1 ? touches.unlockFree : touches.unlock;
      case touches.wgWait:
        return this.#sum(at, touch.object) === 0 ? touch.kind : null;
      case touches.wgDone:
      case touches.wgUnder:
        return this.#sum(at, touch.object) + touch.n < 0 ? touches.wgUnder : touches.wgDone;
      case touches.onceFirst:
      case touches.onceLater:
        return this.#once(at, touch.object);
      case touches.close:
      case touches.closeClosed:
        return this.#count(at, touch.object, touches.close) > 0
          ? touches.closeClosed
          : touches.close;
      case touches.condPark:
        return null;
      default:
        return touch.kind;
    }
  }

  #compareAndSwap(at: number, touch: Touch): TouchKind {
    let value: unknown = valueBefore(this.#execution.at(at), touch.object);
    for (let index = 0; index < this.#length; index++) {
      for (const it of this.#at(index).touches) {
        if (it.object === touch.object && it.kind === touches.write) ({ value } = it);
      }
    }
    return sameValue(value, touch.expects) ? touches.write : touches.read;
  }

  /** Whether readers come and go that a writer need not come after. */
  #readsBetween({ object }: Touch, before: Clock): boolean {
    for (let index = 0; index < this.#length; index++) {
      const event = this.#at(index);
      if ((before[event.thread] as number) >= event.n) continue;
      if (event.touches.some((it) => it.object === object && it.kind === touches.rlock))
        return true;
    }
    return false;
  }

  /** Gathered events that hold the lock to the end, and what comes after them, cannot come first. */
  #lock(at: number, touch: Touch): TouchKind | null {
    const shared = touch.kind === touches.rlock;
    for (;;) {
      const holder = this.#holder(at, touch.object, shared);
      if (holder === -1) return touch.kind;
      if (holder < at) return null;
      this.#unsure = true;
      this.#cut(this.#execution.at(holder));
    }
  }

  /** Leaves the event and what happens after it out of the gathered ones. */
  #cut(event: Done): void {
    let kept = 0;
    for (let index = 0; index < this.#length; index++) {
      const position = this.#positions[index] as number;
      if (!this.#execution.isAfter(position, event)) this.#positions[kept++] = position;
    }
    this.#length = kept;
  }

  #free(at: number, object: number, shared: boolean): boolean {
    return this.#holder(at, object, shared) === -1;
  }

  /** Position of an acquisition that is in force and keeps others out; -1 when there is none. */
  #holder(at: number, object: number, shared: boolean): number {
    const writers: number[] = [];
    const readers: number[] = [];
    this.#each(at, object, (touch, position) => {
      switch (touch.kind) {
        case touches.lock:
        case touches.trylock:
          writers.push(position);
          return;
        case touches.rlock:
        case touches.tryRlock:
          readers.push(position);
          return;
        case touches.unlock:
        case touches.runlock:
        case touches.runlockOther:
          this.#release(writers, readers, position);
          return;
        default:
      }
    });
    return writers.at(-1) ?? (shared ? -1 : (readers.at(-1) ?? -1));
  }

  #release(writers: number[], readers: number[], position: number): void {
    if (writers.length > 0) {
      writers.pop();
      return;
    }
    const { thread } = this.#execution.at(position);
    const own = readers.findIndex((it) => this.#execution.at(it).thread === thread);
    readers.splice(Math.max(own, 0), 1);
  }

  #sum(at: number, object: number): number {
    let sum = 0;
    this.#each(at, object, ({ kind, n }) => {
      if (kind !== touches.wgUnder) sum += n;
    });
    return sum;
  }

  #count(at: number, object: number, kind: TouchKind): number {
    let count = 0;
    this.#each(at, object, (touch) => {
      if (touch.kind === kind) count++;
    });
    return count;
  }

  #once(at: number, object: number): TouchKind | null {
    if (this.#count(at, object, touches.onceFirst) === 0) return touches.onceFirst;
    return this.#count(at, object, touches.onceEnd) > 0 ? touches.onceLater : null;
  }

  /** Touches of the object before `at` and in the gathered events, in order. */
  #each(at: number, object: number, visit: (touch: Touch, position: number) => void): void {
    for (const position of this.#execution.touching(object)) {
      if (position >= at) break;
      this.#touchesAt(position, object, visit);
    }
    for (let index = 0; index < this.#length; index++) {
      this.#touchesAt(this.#positions[index] as number, object, visit);
    }
  }

  #touchesAt(
    position: number,
    object: number,
    visit: (touch: Touch, position: number) => void,
  ): void {
    for (const it of this.#execution.at(position).touches) {
      if (it.object === object) visit(it, position);
    }
  }
}

function valueBefore({ touches: done }: Done, object: number): unknown {
  return done.find((it) => it.object === object)?.was;
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [x, y] = [a as Address, b as Address];
  return x.obj !== undefined && x.obj === y.obj && x.off === y.off;
}

/** Pointers are compared by where they point. */
interface Address {
  readonly obj?: object;
  readonly off?: number;
}
