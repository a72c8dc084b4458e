// What one goroutine knows at a point of its execution, over all ways to get there.
//
//   held       locks it surely holds
//   live       goroutines that may have been started and may still run; per goroutine the tokens this one has
//              surely received since (what may have ended or ordered it)
//   received   tokens surely received since the goroutine began
//   signalled  tokens that may have been given already
//
// `held` and `received` shrink, `live` and `signalled` grow where paths meet.

import type { SpanId } from "../../ir/ir.js";
import type { Node } from "./solver.js";
import { plainSets, type SetAlgebra, type TokenSets } from "./token-sets.js";
import { has, sameTokens, type Tokens } from "./tokens.js";

export interface Held {
  /** Where the lock may be; several when the analysis cannot tell instances apart. */
  readonly locks: readonly Node[];
  readonly shared: boolean;
  readonly span: SpanId;
}

export interface State {
  readonly held: readonly Held[];
  readonly live: ReadonlyMap<number, Tokens>;
  readonly received: Tokens;
  readonly signalled: Tokens;
}

/** In `live`: everybody else, whoever it is. Only what is allocated and kept to oneself matters for it. */
export const others = -1;

export const atStart: State = {
  held: [],
  live: new Map([[others, []]]),
  received: [],
  signalled: [],
};

/** How a goroutine begins when it is started in this state. */
export function beginning(state: State): State {
  return {
    ...state,
    held: [],
    live: new Map(state.live).set(others, []),
    received: [],
    signalled: [],
  };
}

/** Whether they are the same lock in the same mode, as far as can be told. */
export function sameLock(left: Held, right: Held): boolean {
  return left.shared === right.shared && sameTokens(left.locks, right.locks);
}

export function merge(left: State, right: State, sets: SetAlgebra = plainSets): State {
  if (left === right) return left;
  const held = left.held.filter((it) => right.held.some((other) => sameLock(it, other)));
  const merged: State = {
    held: held.length === left.held.length ? left.held : held,
    live: mergeLive(left.live, right.live, sets),
    received: sets.intersection(left.received, right.received),
    signalled: sets.union(left.signalled, right.signalled),
  };
  const unchanged =
    merged.held === left.held &&
    merged.live === left.live &&
    merged.received === left.received &&
    merged.signalled === left.signalled;
  return unchanged ? left : merged;
}

function mergeLive(
  left: ReadonlyMap<number, Tokens>,
  right: ReadonlyMap<number, Tokens>,
  sets: SetAlgebra,
): ReadonlyMap<number, Tokens> {
  if (left === right) return left;
  let merged: Map<number, Tokens> | undefined;
  for (const [thread, tokens] of right) {
    const known = left.get(thread);
    const both = known === undefined ? tokens : sets.intersection(known, tokens);
    if (both === known) continue;
    merged ??= new Map(left);
    merged.set(thread, both);
  }
  return merged ?? left;
}

/** Whether they have equal keys. */
export function sameState(left: State, right: State): boolean {
  if (left === right) return true;
  const { held } = right;
  const isSame = (it: Held, at: number): boolean => {
    const other = held[at];
    return other !== undefined && sameLock(it, other);
  };
  return left.held.length === held.length && left.held.every(isSame) && equal(left, right);
}

/** As `sameState`, in whatever order the locks were taken. */
export function equal(left: State, right: State): boolean {
  return (
    sameHeld(left.held, right.held) &&
    sameTokens(left.received, right.received) &&
    sameTokens(left.signalled, right.signalled) &&
    sameLive(left.live, right.live)
  );
}

function sameHeld(left: readonly Held[], right: readonly Held[]): boolean {
  if (left === right) return true;
  return left.length === right.length && left.every((it) => right.some((its) => sameLock(it, its)));
}

function sameLive(left: State["live"], right: State["live"]): boolean {
  if (left === right) return true;
  if (left.size !== right.size) return false;
  for (const [thread, tokens] of left) {
    const other = right.get(thread);
    if (other === undefined || !sameTokens(tokens, other)) return false;
  }
  return true;
}

/** Equal states have equal keys, as far as they are of one analysis. */
export class StateKeys {
  readonly #sets: TokenSets;
  readonly #keys = new WeakMap<State, string>();
  readonly #liveKeys = new WeakMap<State["live"], string>();

  constructor(sets: TokenSets) {
    this.#sets = sets;
  }

  of(state: State): string {
    const known = this.#keys.get(state);
    if (known !== undefined) return known;
    const { held, live, received, signalled } = state;
    const locks = held.map((it) => `${it.shared ? "r" : "w"}${it.locks.join(",")}`).join(";");
    const [of, given] = [this.#sets.number(received), this.#sets.number(signalled)];
    const key = `${locks}|${this.#ofLive(live)}|${of}|${given}`;
    this.#keys.set(state, key);
    return key;
  }

  #ofLive(live: State["live"]): string {
    const known = this.#liveKeys.get(live);
    if (known !== undefined) return known;
    const key = [...live]
      .sort(([a], [b]) => a - b)
      .map(([thread, tokens]) => `${thread}:${this.#sets.number(tokens)}`)
      .join(";");
    this.#liveKeys.set(live, key);
    return key;
  }
}

export function acquire(state: State, lock: Held): State {
  if (lock.locks.length === 0) return state;
  if (state.held.some((it) => sameLock(it, lock))) return state;
  return { ...state, held: [...state.held, lock] };
}

export function release(state: State, locks: readonly Node[]): State {
  const held = state.held.filter((it) => !it.locks.some((lock) => locks.includes(lock)));
  return held.length === state.held.length ? state : { ...state, held };
}

export function receive(state: State, tokens: Tokens, sets: SetAlgebra = plainSets): State {
  if (tokens.length === 0) return state;
  const live = mapLive(state.live, (it, thread) =>
    thread === others ? it : sets.union(it, tokens),
  );
  const received = sets.union(state.received, tokens);
  return live === state.live && received === state.received ? state : { ...state, live, received };
}

export function signal(state: State, tokens: Tokens, sets: SetAlgebra = plainSets): State {
  const signalled = sets.union(state.signalled, tokens);
  return signalled === state.signalled ? state : { ...state, signalled };
}

/** New objects: whatever runs already has others. `concerned`: the threads to which they can matter. */
export function allocate(
  state: State,
  tokens: Tokens,
  concerned: (thread: number) => boolean,
  sets: SetAlgebra = plainSets,
): State {
  const live = mapLive(state.live, (it, thread) =>
    concerned(thread) ? sets.union(it, tokens) : it,
  );
  return live === state.live ? state : { ...state, live };
}

/** Pointers to `what` are stored in `into`: seen by those to whom `into` is not new itself. */
export function publish(
  state: State,
  what: Tokens,
  into: Tokens,
  sets: SetAlgebra = plainSets,
): State {
  const hidden = (tokens: Tokens): boolean =>
    into.length > 0 && into.every((it) => has(tokens, it));
  const live = mapLive(state.live, (it) => (hidden(it) ? it : sets.without(it, what)));
  return live === state.live ? state : { ...state, live };
}

export function start(state: State, thread: number): State {
  return { ...state, live: new Map(state.live).set(thread, []).set(others, []) };
}

function mapLive(
  live: ReadonlyMap<number, Tokens>,
  change: (tokens: Tokens, thread: number) => Tokens,
): ReadonlyMap<number, Tokens> {
  let changed: Map<number, Tokens> | undefined;
  for (const [thread, tokens] of live) {
    const next = change(tokens, thread);
    if (next === tokens) continue;
    changed ??= new Map(live);
    changed.set(thread, next);
  }
  return changed ?? live;
}
