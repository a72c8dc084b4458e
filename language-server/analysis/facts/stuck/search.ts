// Looks through the states of a few sliced goroutines for those in which nobody can go on: explicit-state search,
// breadth first, so that the first such state is reached by the fewest events. Beyond the bound nothing is said.

import type { SpanId } from "../../../ir/ir.js";
import type { Instance } from "../points-to.js";
import type { Event, Primitive } from "./events.js";
import { ended, type Slice, type Step } from "./slice.js";

export interface Blocked {
  /** 0: the entry. */
  readonly thread: number;
  readonly step: Step;
}

interface Done {
  readonly thread: number;
  readonly span: SpanId;
}

/** A state in which nobody can go on. */
export interface Stuck {
  readonly blocked: readonly Blocked[];
  /** What is done on the way there; of a handover the send. */
  readonly order: readonly Done[];
}

export type Answer = { readonly states: number } & (
  | { readonly kind: "stuck"; readonly all: readonly Stuck[] }
  | { readonly kind: "none" | "cut" }
);

const mostThreads = 6;
const mostBuffered = 2;
/** Ways to be stuck that are told apart. */
const mostStuck = 6;

interface Thread {
  readonly slice: Slice;
  readonly at: number;
}

/** Channel: values in the buffer, or -1 when closed. Lock: readers, or -1 when locked. Wait group: its count. */
type Values = ReadonlyMap<Primitive, number>;

interface State {
  readonly threads: readonly Thread[];
  readonly values: Values;
  readonly way: Way | null;
}

/** The last thing that was done, and what came before. */
interface Way extends Done {
  readonly before: Way | null;
}

export interface Searching {
  slice(instance: Instance): Slice | null;
  capacity(channel: Primitive): number;
  /** States that may be looked at. */
  readonly most: number;
}

class Cut extends Error {}

/** States in which several goroutines wait and nobody can go on, at different places, the first to come to first. */
export function search(searching: Searching, entry: Instance): Answer {
  const all = new Search(searching);
  try {
    const stuck = all.run(entry);
    const states = all.seen.size;
    return stuck.length === 0 ? { kind: "none", states } : { kind: "stuck", all: stuck, states };
  } catch (error) {
    if (error instanceof Cut) return { kind: "cut", states: all.seen.size };
    throw error;
  }
}

class Search {
  readonly seen = new Set<string>();
  readonly #searching: Searching;
  readonly #ids = new Map<Slice, number>();

  constructor(searching: Searching) {
    this.#searching = searching;
  }

  run(entry: Instance): readonly Stuck[] {
    const stuck = new Map<string, Stuck>();
    const { seen } = this;
    const work: State[] = [];
    const add = (state: State): void => {
      const key = this.#keyOf(state);
      if (seen.has(key)) return;
      if (seen.size >= this.#searching.most) throw new Cut();
      seen.add(key);
      work.push(state);
    };
    for (const it of this.#started(entry, { threads: [], values: new Map(), way: null })) add(it);
    for (const state of work) {
      const next = this.#next(state);
      for (const it of next.states) add(it);
      if (next.goesOn) continue;
      const blocked = state.threads.flatMap(({ slice, at }, thread): Blocked[] => {
        const step = slice.steps[at];
        return step === undefined ? [] : [{ thread, step }];
      });
      const key = [...new Set(blocked.map((it) => it.step.event.span))].sort().join(" ");
      if (blocked.length > 1 && !stuck.has(key))
        stuck.set(key, { blocked, order: orderOf(state.way) });
    }
    return [...stuck.values()].slice(0, mostStuck);
  }

  #keyOf({ threads, values }: State): string {
    const [first, ...others] = threads.map(({ slice, at }) => {
      let id = this.#ids.get(slice);
      if (id === undefined) this.#ids.set(slice, (id = this.#ids.size));
      return `${id}.${at}`;
    });
    const cells = [...values].sort(([a], [b]) => a - b).map(([on, value]) => `${on}=${value}`);
    return `${first} ${others.sort().join(" ")};${cells.join(" ")}`;
  }

  #started(instance: Instance, { threads, ...rest }: State): readonly State[] {
    const slice = this.#searching.slice(instance);
    if (slice === null || threads.length >= mostThreads) throw new Cut();
    return slice.starts.map((at) => ({ ...rest, threads: [...threads, { slice, at }] }));
  }

  /** What can come next, and whether anything can, if only a panic. */
  #next(state: State): { readonly states: readonly State[]; readonly goesOn: boolean } {
    const states: State[] = [];
    let goesOn = false;
    for (const [thread, { slice, at }] of state.threads.entries()) {
      if (at === ended) continue;
      const step = slice.steps[at];
      if (step === undefined) continue;
      const moves = this.#moves(state, thread, step);
      if (moves === null) goesOn = true;
      else if (moves.length > 0) {
        goesOn = true;
        // Starting a goroutine concerns nobody else: it comes first.
        if (step.event.kind === "spawn" || step.event.kind === "make")
          return { states: moves, goesOn };
        const way = { thread, span: step.event.span, before: state.way };
        states.push(...moves.map((it) => ({ ...it, way })));
      }
    }
    return { states, goesOn };
  }

  /** Empty: blocked; null: a panic, or a channel made again, beyond which nothing is looked at. */
  #moves(state: State, thread: number, { event, next }: Step): readonly State[] | null {
    const then = (to: number, values: Values): readonly State[] =>
      (next[to] ?? []).map((at) => moved({ ...state, values }, thread, at));
    switch (event.kind) {
      case "spawn":
        return then(0, state.values).flatMap((it) =>
          event.targets.length === 0
            ? [it]
            : event.targets.flatMap((target) => this.#started(target, it)),
        );
      case "make":
        if (state.values.has(event.on)) return null;
        return then(0, withValue(state.values, event.on, 0));
      case "send":
      case "recv":
        return this.#communicates(state, thread, event, (to) => next[to] ?? []);
      case "close": {
        if (valueOf(state, event.on) === -1) return null;
        // What is in the buffer is left out: it is received or not.
        return then(0, withValue(state.values, event.on, -1));
      }
      case "select":
        return this.#selects(state, thread, event, next);
      default:
        return locksAndCounts(state, event, then);
    }
  }

  #communicates(
    state: State,
    thread: number,
    { kind, on }: { readonly kind: "send" | "recv"; readonly on: Primitive },
    after: (to: number) => readonly number[],
    offset = 0,
  ): readonly State[] | null {
    const value = valueOf(state, on);
    const capacity = Math.min(this.#searching.capacity(on), mostBuffered);
    const go = (to: number, values: Values): State[] =>
      after(to + offset).map((at) => moved({ ...state, values }, thread, at));
    if (kind === "send") {
      if (value === -1) return null;
      const handed = this.#handsOver(state, thread, on, after(offset));
      const buffered = value < capacity ? go(0, withValue(state.values, on, value + 1)) : [];
      return [...handed, ...buffered];
    }
    if (value === -1) return [...go(0, state.values), ...(offset === 0 ? go(1, state.values) : [])];
    return value > 0 ? go(0, withValue(state.values, on, value - 1)) : [];
  }

  /** A sender meets a receiver; each pair once, as a move of the sender. */
  #handsOver(
    state: State,
    thread: number,
    on: Primitive,
    mine: readonly number[],
  ): readonly State[] {
    if (this.#searching.capacity(on) > 0) return [];
    return state.threads.flatMap(({ slice, at }, other) => {
      const step = slice.steps[at];
      if (other === thread || step === undefined) return [];
      return receivesOf(step, on).flatMap((theirs) =>
        mine.map((it) => moved(moved(state, thread, it), other, theirs)),
      );
    });
  }

  #selects(
    state: State,
    thread: number,
    event: Extract<Event, { kind: "select" }>,
    next: Step["next"],
  ): readonly State[] | null {
    const states: State[] = [];
    let panics = false;
    const after = (to: number): readonly number[] => next[to] ?? [];
    for (const [index, { kind, on }] of event.cases.entries()) {
      if (on === null) states.push(...after(index).map((at) => moved(state, thread, at)));
      else {
        const moves = this.#communicates(state, thread, { kind, on }, after, index);
        if (moves === null) panics = true;
        else states.push(...moves);
      }
    }
    if (!event.blocking) {
      states.push(...after(event.cases.length).map((at) => moved(state, thread, at)));
    }
    return panics && states.length === 0 ? null : states;
  }
}

function orderOf(way: Way | null): readonly Done[] {
  const order: Done[] = [];
  for (let it = way; it !== null; it = it.before) order.push(it);
  return order.reverse();
}

/** Where a goroutine goes on that receives from the channel. */
function receivesOf({ event, next }: Step, on: Primitive): readonly number[] {
  if (event.kind === "recv") return event.on === on ? (next[0] ?? []) : [];
  if (event.kind !== "select") return [];
  return event.cases.flatMap((it, index) =>
    it.kind === "recv" && it.on === on ? (next[index] ?? []) : [],
  );
}

function locksAndCounts(
  state: State,
  event: Extract<Event, { kind: "lock" | "unlock" | "rlock" | "runlock" | "add" | "wait" }>,
  then: (to: number, values: Values) => readonly State[],
): readonly State[] | null {
  const value = valueOf(state, event.on);
  const become = (now: number): readonly State[] => then(0, withValue(state.values, event.on, now));
  switch (event.kind) {
    case "lock":
      return value === 0 ? become(-1) : [];
    case "rlock":
      return value >= 0 ? become(value + 1) : [];
    case "unlock":
      return value === -1 ? become(0) : null;
    case "runlock":
      return value > 0 ? become(value - 1) : null;
    case "add":
      return value + event.delta < 0 ? null : become(value + event.delta);
    case "wait":
      return value === 0 ? then(0, state.values) : [];
  }
}

function valueOf({ values }: State, on: Primitive): number {
  return values.get(on) ?? 0;
}

function withValue(values: Values, on: Primitive, value: number): Values {
  return new Map(values).set(on, value);
}

function moved(state: State, thread: number, at: number): State {
  return {
    ...state,
    threads: state.threads.map((it, index) => (index === thread ? { ...it, at } : it)),
  };
}
