// Pairs of accesses that conflict, may happen in parallel and share no lock, folded to one race per variable.
//
//   x ∥ y   one of the two goroutines was started while the other ran, and not
//     join       x's goroutine received, since it started y's, something y's gives after y (Wait, close, result)
//     hand-over  y's goroutine received something x's gives after x: the object itself, or for the first time
//     fresh      x's goroutine allocated the object since: y's has another one
//     disjoint   both index the same array by a variable that each goroutine has of its own
//
// Unsound on purpose where certainty costs false alarms: a token received once counts for all rounds of a loop.

import { throwIfCancelled } from "../../base/cancel.js";
import type { Span } from "../../../protocol/span.js";
import type { Program } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { Handoffs, type Handoff } from "./handoffs.js";
import { disjointIndices, type IndexSource } from "./indices.js";
import { pointsTo, type AbstractObject, type PointsTo } from "./points-to.js";
import { Parallel } from "./parallel.js";
import { others, type Held } from "./state.js";
import { threads, type Frame, type Happening, type Thread, type Threads } from "./threads.js";
import type { Node } from "./solver.js";
import { freshToken, has, meets } from "./tokens.js";
import { unsafeTypeOf } from "./unsafe-types.js";

export type AccessHappening = Happening<"access">;

export interface Conflict {
  /** The one in the goroutine `thread`. */
  readonly inThread: AccessHappening;
  readonly other: AccessHappening;
  readonly thread: Thread;
  /** By which one of the two had given the object to the other before. */
  readonly handoff: Handoff | null;
}

export interface Race {
  readonly object: AbstractObject;
  /** Slots from the start of the object. */
  readonly offset: number;
  /** The most telling conflict first. */
  readonly conflicts: readonly [Conflict, ...Conflict[]];
  /** Further ones between the same functions, on what is reached through the variable. */
  readonly consequences: readonly Conflict[];
}

/** One of an array's or variable's many accesses more than this are not compared. */
const mostAccesses = 300;
/** Nor are more pairs than this in all. */
const mostCompared = 3_000_000;
/** Further conflicts that come of a race, if one is found, are told by themselves. */
const mostUnpublished = 10_000;

export const races: Fact<readonly Race[]> = {
  name: "races",
  compute({ cancel, get, gap, program }) {
    const finder = new Finder(program, get(pointsTo), get(threads));
    const bySlot = new Map<Node, AccessHappening[]>();
    const bodies = new Set(
      get(threads).threads.flatMap((it) => [
        it.spawner.instance,
        ...it.targets.map((target) => target.instance),
      ]),
    );
    for (const access of get(threads).accesses) {
      // Bodies of this package are followed for what they order; what they share they guard themselves.
      if (access.frame.instance.func.pkg === "testing") continue;
      if (!get(threads).closed(access.frame) && !bodies.has(access.frame.instance)) continue;
      for (const slot of finder.slotsOf(access)) {
        const list = bySlot.get(slot);
        if (list === undefined) bySlot.set(slot, [access]);
        else list.push(access);
      }
    }
    const found = new Map<string, Race>();
    let partly: Span | undefined;
    for (const [slot, accesses] of [...bySlot].sort(([a], [b]) => a - b)) {
      throwIfCancelled(cancel);
      if (accesses.length > mostAccesses) partly ??= program.spans[accesses[0]?.op.instr.span ?? 0];
      if (finder.nCompared < mostCompared)
        finder.compare(slot, accesses.slice(0, mostAccesses), found);
      else partly ??= program.spans[accesses[0]?.op.instr.span ?? 0];
    }
    if (partly !== undefined) {
      gap({
        span: partly,
        reason: "races: variables with too many accesses were compared in part",
      });
    }
    return [...found.values()].map((race) => ({
      ...race,
      consequences: finder.consequencesOf(race),
    }));
  },
};

class Finder {
  readonly #program: Program;
  readonly #points: PointsTo;
  readonly #threads: Threads;
  readonly #parallel: Parallel;
  readonly #handoffs: Handoffs;
  /**
   * Conflicts about an object that one of the two had not shown to anybody: they come of the race on the variable
   * it was shown through, and are told with that one.
   */
  readonly #unpublished: {
    readonly conflict: Conflict;
    readonly object: AbstractObject;
    readonly funcs: string;
  }[] = [];
  /** Pairs looked at so far. */
  nCompared = 0;

  constructor(program: Program, points: PointsTo, all: Threads) {
    this.#program = program;
    this.#points = points;
    this.#parallel = new Parallel(points, all);
    this.#handoffs = new Handoffs(program, points);
    this.#threads = all;
  }

  *slotsOf({ op }: AccessHappening): Generator<Node> {
    for (const location of op.locations) {
      const width = Math.min(op.width, this.#points.room(location));
      for (let index = 0; index < width; index++) yield location + index;
    }
  }

  compare(slot: Node, accesses: readonly AccessHappening[], found: Map<string, Race>): void {
    const object = this.#points.objectAt(slot);
    if (object === undefined || !accesses.some((it) => it.op.write)) return;
    const conflicts = new Map<string, Conflict>();
    accesses.forEach((left, index) => {
      for (const right of accesses.slice(index)) {
        if (!left.op.write && !right.op.write) continue;
        if (left.op.atomic && right.op.atomic) continue;
        this.nCompared++;
        const conflict = this.#conflict(left, right, object);
        if (conflict === null) continue;
        const key = [left, right]
          .map((it) => spanKey(this.#threads, it))
          .sort()
          .join(" ");
        const known = conflicts.get(key);
        if (known === undefined || telling(conflict) > telling(known)) conflicts.set(key, conflict);
      }
    });
    const [first, ...rest] = [...conflicts.values()].sort((a, b) => telling(b) - telling(a));
    if (first === undefined) return;
    const offset = slot - object.base;
    const key = this.#subject(object, offset);
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, { object, offset, conflicts: [first, ...rest], consequences: [] });
      return;
    }
    found.set(key, { ...known, conflicts: [...known.conflicts, first, ...rest] });
  }

  /** Conflicts about what the racing variable points to, or between the functions that race. */
  consequencesOf({ object, offset, conflicts }: Race): readonly Conflict[] {
    const shown = new Set<AbstractObject | undefined>();
    for (const it of this.#points.contents(object.base + offset))
      shown.add(this.#points.objectAt(it));
    const funcs = new Set(conflicts.map(funcsOf));
    return this.#unpublished
      .filter((it) => shown.has(it.object) || funcs.has(it.funcs))
      .map((it) => it.conflict);
  }

  /**
   * Two races with the same subject have one cause: the same variable, or the same field of a type. What fields a
   * library's type has is its own business.
   */
  #subject(object: AbstractObject, offset: number): string {
    const field =
      object.type !== null &&
      this.#points.slots.width(object.type) > 1 &&
      unsafeTypeOf(this.#program, object.type) === "";
    return field ? `${object.type} ${offset}` : `${object.span} ${object.name} ${object.kind}`;
  }

  #conflict(
    left: AccessHappening,
    right: AccessHappening,
    object: AbstractObject,
  ): Conflict | null {
    if (protectedBoth(left.state.held, right.state.held)) return null;
    const handoff = this.#handoff(left, right) ?? this.#handoff(right, left);
    const ignored = handoff?.tokens ?? [];
    if (this.#parallel.handedOver(left, right, object, ignored)) return null;
    if (this.#parallel.handedOver(right, left, object, ignored)) return null;
    const beside = this.#parallel.threadBeside(left, right, object, ignored);
    const reverse = this.#parallel.threadBeside(right, left, object, ignored);
    if (beside === "fresh" || reverse === "fresh") {
      const inThread = beside === "fresh" ? right : left;
      const [thread] = this.#threads.threadsOf(inThread.frame);
      const other = inThread === right ? left : right;
      if (thread !== undefined) this.#keep({ inThread, other, thread, handoff }, object);
      return null;
    }
    const conflict =
      beside !== null
        ? { inThread: right, other: left, thread: beside, handoff }
        : reverse !== null
          ? { inThread: left, other: right, thread: reverse, handoff }
          : null;
    if (conflict === null || !this.#plausible(conflict, object)) return null;
    if (this.#disjoint(left, right)) return null;
    if (!isKept(left, object) && !isKept(right, object)) return conflict;
    this.#keep(conflict, object);
    return null;
  }

  /** The send by which `sender` had given what it accesses to the goroutine of `receiver`. */
  #handoff(sender: AccessHappening, receiver: AccessHappening): Handoff | null {
    const handoff = this.#handoffs.before(sender.frame.instance, sender.op.instr);
    return handoff !== null && meets(receiver.state.received, handoff.channels) ? handoff : null;
  }

  #keep(conflict: Conflict, object: AbstractObject): void {
    if (this.#unpublished.length >= mostUnpublished) return;
    this.#unpublished.push({ conflict, object, funcs: funcsOf(conflict) });
  }

  /**
   * Where callers are unknown, only what one function does with a variable of its own and the goroutines it
   * starts itself is believed: everything else depends on who calls when.
   */
  #plausible({ inThread, other, thread }: Conflict, object: AbstractObject): boolean {
    if (this.#threads.closed(inThread.frame) && this.#threads.closed(other.frame)) return true;
    const body = (frame: Frame): boolean =>
      thread.targets.some((it) => it.instance === frame.instance) ||
      thread.spawner.instance === frame.instance;
    const own = object.instance !== null && object.instance === thread.spawner.instance;
    return own && object.kind !== "unknown" && body(inThread.frame) && body(other.frame);
  }

  #disjoint(left: AccessHappening, right: AccessHappening): boolean {
    const source = (it: AccessHappening): IndexSource => ({
      instance: it.frame.instance,
      through: it.op.through,
      threads: [...this.#threads.threadsOf(it.frame)],
    });
    return disjointIndices(this.#points, source(left), source(right));
  }
}

/** Equal for conflicts between the same two functions. */
function funcsOf({ inThread, other }: Conflict): string {
  const [left, right] = [inThread.frame.instance.func.id, other.frame.instance.func.id];
  return left < right ? `${left},${right}` : `${right},${left}`;
}

/** Whether the goroutine has allocated the object and shown it to nobody yet. */
function isKept({ state }: AccessHappening, object: AbstractObject): boolean {
  return has(state.live.get(others) ?? [], freshToken(object.base));
}

/** Whether a lock that both hold keeps them apart. */
export function protectedBoth(left: readonly Held[], right: readonly Held[]): boolean {
  return left.some((a) =>
    right.some((b) => !(a.shared && b.shared) && a.locks.some((it) => b.locks.includes(it))),
  );
}

function spanKey(all: Threads, it: AccessHappening): string {
  return `${all.spanOf(it.frame, it.op.instr)}${it.op.write ? "w" : "r"}`;
}

/** Writes by both say more than a write and a read; a write in the goroutine more than one beside it. */
function telling({ inThread, other }: Conflict): number {
  return (inThread.op.write ? 2 : 0) + (other.op.write ? 1 : 0) - depth(inThread.frame) * 0.01;
}

function depth(frame: Frame): number {
  return frame.instance.depth;
}
