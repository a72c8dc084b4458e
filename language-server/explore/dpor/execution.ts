// The execution that the search is in: its events with their vector clocks, and which earlier events each of them is in
// a race with. Grows and shrinks by one event at a time.

import type { Choice } from "../../../protocol/witness.js";
import { relation } from "../dependence.js";
import type { Event } from "../vm/machine.js";
import { everything, touches, type Offers, type Touch } from "../vm/touch.js";
import { noArm, noThread, printsOf, type PlanId, type Plans } from "./plans.js";
import type { ThreadNames } from "./thread-names.js";
import { mayRunShort } from "./wait-groups.js";

/** By canonical thread: how many of its events happen before. */
export type Clock = Int32Array;

/** One event; the objects are used again for later events of the same position. */
export class Done {
  plan: PlanId = 0;
  thread = 0;
  partner = noThread;
  /** It is the n-th event of its thread, from 1; and of its partner. */
  n = 0;
  partnerN = 0;
  clock: Clock;
  /** Clocks of the threads before it: arrays of earlier events. */
  before: Clock;
  partnerBefore: Clock;
  touches: readonly Touch[] = [];
  offers: Offers | null = null;
  partnerOffers: Offers | null = null;
  /** Positions of events that it is in an immediate race with, latest first. */
  readonly races: number[] = [];
  /** As the machine takes it. */
  choice: Choice = { thread: 0 };
  advanced = false;
  values = 0;
  /** Canonical threads that it started, and who of its threads did. */
  readonly spawned: number[] = [];
  readonly parents: number[] = [];
  /** The clock of the last advance of time before it. */
  barrierBefore: Clock | null = null;

  constructor(threads: number) {
    this.clock = new Int32Array(threads);
    this.before = this.clock;
    this.partnerBefore = this.clock;
  }
}

/** An operation of a thread, done or only waited for. */
export interface Attempt {
  readonly thread: number;
  readonly plan: PlanId;
  readonly touches: readonly Touch[];
  /** Clock of the thread before it. */
  readonly before: Clock;
}

/** More threads than the clocks have room for: the search begins again with larger ones. */
export class TooManyThreads extends Error {
  override readonly name = "TooManyThreads";
  readonly count: number;

  constructor(count: number) {
    super(`${count} threads`);
    this.count = count;
  }
}

export class Execution {
  length = 0;
  readonly #plans: Plans;
  readonly #names: ThreadNames;
  readonly #threads: number;
  readonly #events: Done[] = [];
  readonly #current: Clock[];
  /** Positions of the events that touch an object, by its number. */
  readonly #byObject: number[][] = [[]];
  readonly #late: Done[] = [];
  /** Objects that have been a wait group in any execution. */
  readonly #waitGroups = new Set<number>();
  readonly #scratch: Clock;
  /** Of threads that are not there. */
  readonly #zero: Clock;
  #barrier: Clock | null = null;
  /**
   * Two threads have started, stopped or reset one timer in an order that could be another, or somebody has ended the
   * reading of another. What a timer that was stopped would have done, and whose reading it was, is nobody's attempt, so
   * no reduction is exact then.
   */
  unruly = false;
  /** Somebody has waited for time, or set a timer, in some execution. */
  hasTime = false;

  constructor(plans: Plans, names: ThreadNames, threads: number) {
    this.#plans = plans;
    this.#names = names;
    this.#threads = threads;
    this.#zero = new Int32Array(threads);
    this.#current = Array.from({ length: threads }, () => this.#zero);
    this.#scratch = new Int32Array(threads);
  }

  /** Threads that are there before the first event; their numbers come first. */
  get atStart(): number {
    return this.#names.atStart;
  }

  get names(): ThreadNames {
    return this.#names;
  }

  at(position: number): Done {
    return this.#events[position] as Done;
  }

  clockOf(thread: number): Clock {
    return this.#current[thread] as Clock;
  }

  /** Positions of events that touch the object, in order. */
  touching(object: number): readonly number[] {
    return this.#byObject[object] ?? [];
  }

  /** Whether the event at `position` happens after `earlier`, or is it. */
  isAfter(position: number, earlier: Done): boolean {
    return ((this.#events[position] as Done).clock[earlier.thread] as number) >= earlier.n;
  }

  /** Whether the counter of a wait group could become negative in another order. */
  mayRunShort(): boolean {
    return this.#waitGroups.size > 0 && mayRunShort(this, this.#waitGroups);
  }

  push(event: Event, choice: Choice): Done {
    const done = (this.#events[this.length] ??= new Done(this.#threads));
    const names = this.#names;
    const thread = names.ofMachine(event.thread);
    const partner = event.partner === null ? noThread : names.ofMachine(event.partner);
    const before = this.#current[thread] as Clock;
    done.thread = thread;
    done.partner = partner;
    done.touches = event.touches;
    done.offers = event.offers;
    done.partnerOffers = event.partnerOffers;
    done.choice = choice;
    done.advanced = event.advanced;
    done.values = event.values;
    if (event.timed || event.sleeps === true) this.hasTime = true;
    done.before = before;
    done.plan = this.#planOf(thread, partner, event, choice);
    const { clock } = done;
    clock.set(before);
    done.n = (before[thread] as number) + 1;
    clock[thread] = done.n;
    if (partner !== noThread) this.#meet(done, partner);
    done.barrierBefore = this.#barrier;
    if (event.advanced) this.#advance(clock);
    else if (event.timed && this.#barrier !== null) join(clock, this.#barrier);
    this.#findRaces(done.plan, event.touches, clock, done.races);
    this.#current[thread] = clock;
    if (partner !== noThread) this.#current[partner] = clock;
    this.#started(done, event);
    for (const touch of event.touches) {
      this.#listOf(touch.object).push(this.length);
      if (touch.kind === touches.runlockOther) this.unruly = true;
      if (touch.kind === touches.timer) this.hasTime = true;
      if (touch.kind === touches.wgDone || touch.kind === touches.wgUnder) {
        this.#waitGroups.add(touch.object);
      }
    }
    this.length++;
    return done;
  }

  #planOf(thread: number, partner: number, event: Event, choice: Choice): PlanId {
    if (choice.arm === undefined && partner === noThread) {
      return this.#plans.ofStep(thread, event.touches);
    }
    return this.#plans.of({
      thread,
      partner,
      arm: choice.arm ?? noArm,
      partnerArm: choice.partnerArm ?? noArm,
      ...printsOf(event.touches),
      open: false,
    });
  }

  #meet(done: Done, partner: number): void {
    const before = this.#current[partner] as Clock;
    done.partnerBefore = before;
    join(done.clock, before);
    done.partnerN = (before[partner] as number) + 1;
    done.clock[partner] = done.partnerN;
  }

  /** Time goes on only when nothing else can: after all that has happened. */
  #advance(clock: Clock): void {
    const all = new Int32Array(this.#threads);
    for (const it of this.#current) join(all, it);
    this.#barrier = all;
    join(clock, all);
  }

  #started(done: Done, event: Event): void {
    done.spawned.length = 0;
    done.parents.length = 0;
    for (const { by } of event.spawned) {
      const parent = this.#names.ofMachine(by);
      const child = this.#names.started(parent);
      if (child >= this.#threads) throw new TooManyThreads(child + 1);
      done.spawned.push(child);
      done.parents.push(parent);
      this.#current[child] = done.clock;
    }
  }

  pop(): Done {
    const done = this.#events[--this.length] as Done;
    for (const touch of done.touches) this.#listOf(touch.object).pop();
    for (let index = done.spawned.length - 1; index >= 0; index--) {
      this.#current[done.spawned[index] as number] = this.#zero;
      this.#names.takeBack(done.parents[index] as number);
    }
    this.#current[done.thread] = done.before;
    if (done.partner !== noThread) this.#current[done.partner] = done.partnerBefore;
    this.#barrier = done.barrierBefore;
    return done;
  }

  #listOf(object: number): number[] {
    let list = this.#byObject[object];
    while (list === undefined) {
      this.#byObject.push([]);
      list = this.#byObject[object];
    }
    return list;
  }

  /** Immediate races of an operation that has not happened, latest first. */
  racesOf(attempt: Attempt, into: number[]): void {
    this.#scratch.set(attempt.before);
    this.#findRaces(attempt.plan, attempt.touches, this.#scratch, into);
  }

  /** Joins into `clock` what happens before through objects; lists what is in a race. */
  #findRaces(plan: PlanId, touched: readonly Touch[], clock: Clock, races: number[]): void {
    races.length = 0;
    this.#late.length = 0;
    for (const { object } of touched) {
      if (object === everything) this.#scanAll(plan, clock, races);
      else this.#scan(this.#byObject[object], plan, clock, races);
    }
    this.#scan(this.#byObject[everything], plan, clock, races);
    for (const it of this.#late) join(clock, it.clock);
  }

  #scanAll(plan: PlanId, clock: Clock, races: number[]): void {
    for (let position = this.length - 1; position >= 0; position--) {
      this.#compare(position, plan, clock, races);
    }
  }

  #scan(list: number[] | undefined, plan: PlanId, clock: Clock, races: number[]): void {
    if (list === undefined) return;
    for (let index = list.length - 1; index >= 0; index--) {
      const earlier = this.#compare(list[index] as number, plan, clock, races);
      // All that touched the object before it is before it.
      if (ordersAll(earlier) && (clock[earlier.thread] as number) >= earlier.n) return;
    }
  }

  #noteTimers({ touches: done }: Done, plan: PlanId): void {
    const both = done.some(isTimer) && this.#plans.get(plan).prints.some(isTimer);
    if (both) this.unruly = true;
  }

  #compare(position: number, plan: PlanId, clock: Clock, races: number[]): Done {
    const earlier = this.#events[position] as Done;
    if ((clock[earlier.thread] as number) >= earlier.n) return earlier;
    const how = this.#plans.relation(earlier.plan, plan);
    if (how === relation.enabling) this.#late.push(earlier);
    else if (how !== relation.independent) {
      races.push(position);
      join(clock, earlier.clock);
      if (how === relation.conservative) this.#noteTimers(earlier, plan);
    }
    return earlier;
  }
}

export function join(into: Clock, from: Clock): void {
  for (let index = 0; index < from.length; index++) {
    const value = from[index] as number;
    if (value > (into[index] as number)) into[index] = value;
  }
}

function isTimer({ kind }: { readonly kind: number }): boolean {
  return kind === touches.timer;
}

function ordersAll({ touches: done }: Done): boolean {
  if (done.length !== 1) return false;
  const { kind } = done[0] as Touch;
  return kind === touches.write || kind === touches.lock || kind === touches.unlock;
}
