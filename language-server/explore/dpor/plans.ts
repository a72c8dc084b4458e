// A plan is what is known of an event whatever execution it is in: which threads, which way to go on, what it touches.
// Plans are interned, so that the search compares them by number and remembers how each two relate.

import { relate, relation, type Footprint, type Relation, type Strictness } from "../dependence.js";
import { everything, touches, type Touch } from "../vm/touch.js";

/** Number of a plan; 0 is none. */
export type PlanId = number;

/** A plain step has no arm; a select's default has -1. */
export const noArm = -2;
/** Nobody. */
export const noThread = -1;

export interface Plan {
  readonly id: PlanId;
  /** Canonical numbers, see `ThreadNames`. */
  readonly thread: number;
  readonly partner: number;
  readonly arm: number;
  readonly partnerArm: number;
  readonly prints: readonly Footprint[];
  /** It may do more than `prints` say, so it counts as conflicting with everything. */
  readonly open: boolean;
}

export type PlanShape = Omit<Plan, "id">;

const unknown = 255;

/** What stands between two plans. */
export const standing = {
  commuting: 0,
  /** They conflict, or are of one thread and differ. */
  apart: 1,
  /** They are the same operation going on in the same way. */
  same: 2,
  unknown,
} as const;

const t = touches;
const reads: ReadonlySet<number> = new Set([t.rlock, t.runlock, t.tryRlock, t.runlockOther]);
const inexact: ReadonlySet<number> = new Set([
  t.announce,
  t.wgAdd,
  t.wgWait,
  t.wgUnder,
  t.timer,
  t.timerFire,
]);
const communicates: ReadonlySet<number> = new Set([
  t.send,
  t.sendClosed,
  t.recv,
  t.recvClosed,
  t.rendezvous,
  t.close,
  t.closeClosed,
  t.poll,
]);

export class Plans {
  readonly #strict: Strictness;
  readonly #list: Plan[] = [];
  readonly #simple = new Map<number, PlanId>();
  readonly #other = new Map<string, PlanId>();
  /** Locks that have had readers. */
  readonly #readLocked = new Set<number>();
  /**
   * There has been a select with a default, or a timer was stopped, which takes back what it sent. What must have
   * happened for them to go one way or the other is not told exactly: from then on everything is tried wherever
   * communications meet.
   */
  inexactChannels = false;
  /** `rows[a][b]`: how a, which came first, relates to b; `unknown` where nobody has asked. */
  readonly #rows: Uint8Array[] = [];
  readonly #standings: Uint8Array[] = [];

  constructor(strict: Strictness) {
    this.#strict = strict;
    this.#list.push({ ...emptyShape, id: 0 });
    this.#rows.push(new Uint8Array(0));
    this.#standings.push(new Uint8Array(0));
  }

  get(id: PlanId): Plan {
    return this.#list[id] as Plan;
  }

  /** The plan of a step of one thread with no other way to go on. */
  ofStep(thread: number, done: readonly Touch[]): PlanId {
    if (done.length > 1) return this.of({ ...emptyShape, thread, ...printsOf(done) });
    const touch = done[0];
    const key = touch === undefined ? thread : keyOf(thread, touch);
    if (key < 0) return this.of({ ...emptyShape, thread, ...printsOf(done) });
    let id = this.#simple.get(key);
    if (id === undefined) {
      id = this.#add({ ...emptyShape, thread, ...printsOf(done) });
      this.#simple.set(key, id);
    }
    return id;
  }

  of(shape: PlanShape): PlanId {
    const prints = shape.prints.map((it) => `${it.object} ${it.kind} ${it.n} ${it.cap}`);
    const { thread, partner, arm, partnerArm, open } = shape;
    const key = [thread, partner, arm, partnerArm, open, ...prints].join(",");
    let id = this.#other.get(key);
    if (id === undefined) this.#other.set(key, (id = this.#add(shape)));
    return id;
  }

  #add(shape: PlanShape): PlanId {
    const id = this.#list.length;
    this.#list.push({ ...shape, id });
    this.#rows.push(new Uint8Array(0));
    this.#standings.push(new Uint8Array(0));
    for (const { object, kind } of shape.prints) if (reads.has(kind)) this.#readLocked.add(object);
    return id;
  }

  /**
   * Whether no sequence is inserted for all that conflicts with the plan, but everything tried instead: that it commutes
   * with a sequence does not mean then that the sequence is covered where the plan is explored first.
   */
  isInexact(id: PlanId): boolean {
    for (const { object, kind } of this.get(id).prints) {
      if (inexact.has(kind) || this.#readLocked.has(object)) return true;
      if (this.inexactChannels && communicates.has(kind)) return true;
    }
    return false;
  }

  /** Whether nothing that was planned so far makes `isInexact` depend on what else there has been. */
  get exact(): boolean {
    return !this.inexactChannels && this.#readLocked.size === 0;
  }

  /** How `second` relates to `first`, which came before it; by what they touch, not by their threads. */
  relation(first: PlanId, second: PlanId): Relation {
    let row = this.#rows[first] as Uint8Array;
    if (second >= row.length) row = this.#widen(first);
    const known = row[second] as number;
    if (known !== unknown) return known as Relation;
    const value = this.#relate(this.get(first), this.get(second));
    row[second] = value;
    return value;
  }

  #widen(first: PlanId): Uint8Array {
    const wider = new Uint8Array(Math.max(16, this.#list.length * 2)).fill(unknown);
    wider.set(this.#rows[first] as Uint8Array);
    this.#rows[first] = wider;
    return wider;
  }

  #relate(a: Plan, b: Plan): Relation {
    if (a.open || b.open) return relation.racing;
    let strongest: Relation = relation.independent;
    for (const x of a.prints) {
      for (const y of b.prints) {
        const value =
          x.object === everything || y.object === everything
            ? relation.racing
            : relate(x, y, this.#strict);
        if (stronger(value, strongest)) strongest = value;
      }
    }
    return strongest;
  }

  /** Whether two plans of different threads do not commute. */
  conflict(a: PlanId, b: PlanId): boolean {
    return this.relation(a, b) !== 0 || this.relation(b, a) !== 0;
  }

  /** What stands between the plan and each other one, by number (`standing`), for all numbers up to `last`. */
  standings(plan: PlanId, last: PlanId): Uint8Array {
    const row = this.#standings[plan] as Uint8Array;
    return last < row.length ? row : this.#widenStandings(plan);
  }

  #widenStandings(plan: PlanId): Uint8Array {
    const wider = new Uint8Array(Math.max(16, this.#list.length * 2)).fill(unknown);
    wider.set(this.#standings[plan] as Uint8Array);
    this.#standings[plan] = wider;
    return wider;
  }

  /** Fills in what `standings` did not know. */
  stands(plan: PlanId, other: PlanId): number {
    const value = this.#stands(plan, other);
    (this.#standings[plan] as Uint8Array)[other] = value;
    return value;
  }

  #stands(plan: PlanId, other: PlanId): number {
    if (this.shareThread(plan, other))
      return this.same(plan, other) ? standing.same : standing.apart;
    return this.conflict(other, plan) ? standing.apart : standing.commuting;
  }

  /** Whether they do not commute, or are of one thread and differ. */
  apart(plan: PlanId, other: PlanId): boolean {
    const known = this.standings(plan, other)[other] as number;
    return (known === standing.unknown ? this.stands(plan, other) : known) === standing.apart;
  }

  shareThread(first: PlanId, second: PlanId): boolean {
    const a = this.#list[first] as Plan;
    const b = this.#list[second] as Plan;
    if (a.thread === b.thread || a.thread === b.partner) return true;
    return a.partner !== noThread && (a.partner === b.thread || a.partner === b.partner);
  }

  /** Whether they are the same operation going on in the same way, whatever it touches. */
  same(first: PlanId, second: PlanId): boolean {
    const a = this.get(first);
    const b = this.get(second);
    return (
      a.thread === b.thread &&
      a.partner === b.partner &&
      a.arm === b.arm &&
      a.partnerArm === b.partnerArm
    );
  }
}

export const emptyShape: PlanShape = {
  thread: noThread,
  partner: noThread,
  arm: noArm,
  partnerArm: noArm,
  prints: [],
  open: false,
};

export function printsOf(done: readonly Touch[]): Pick<Plan, "prints"> {
  return {
    prints: done.map(({ object, kind, n, cap }) => ({ object, kind, n: numberOf(kind, n), cap })),
  };
}

/** The number, where it decides what the touch commutes with. */
function numberOf(kind: Touch["kind"], n: number): number {
  switch (kind) {
    case touches.send:
    case touches.recv:
    case touches.condPark:
    case touches.condSignal:
    case touches.condBroadcast:
      return n;
    default:
      return 0;
  }
}

/** A number for a touch of a thread that can be told apart by one; else -1. */
function keyOf(thread: number, { object, kind, n, cap }: Touch): number {
  const number = numberOf(kind, n);
  if (thread >= 1024 || number >= 1024 || cap >= 256 || object >= 2 ** 18) return -1;
  return ((((object + 1) * 64 + kind) * 1024 + number) * 256 + cap) * 1024 + thread;
}

/** Racing before enabling, so that a race is not hidden by what else the steps do; conservative before both. */
function stronger(a: Relation, b: Relation): boolean {
  const rank = [0, 2, 1, 3];
  return (rank[a] ?? 0) > (rank[b] ?? 0);
}
