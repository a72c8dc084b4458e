// May-happen-in-parallel of two points, each with what its goroutine knows there (see races.ts for the rules).

import type { AbstractObject, Instance, PointsTo } from "./points-to.js";
import type { Node } from "./solver.js";
import type { State } from "./state.js";
import type { Frame, Thread, Threads } from "./threads.js";
import { TokenSets } from "./token-sets.js";
import { freshToken, has, pausedToken, union, without, type Tokens } from "./tokens.js";

/** A point of one goroutine's execution. */
export interface Place {
  readonly frame: Frame;
  readonly state: State;
  readonly after: Tokens;
}

/** The place as if nothing had been ordered by one way in which goroutines are. */
export function ignoring<P extends Place>(place: P, token: number): P {
  const { state, after } = place;
  const live = new Map([...state.live].map(([id, it]) => [id, without(it, [token])]));
  return {
    ...place,
    state: { ...state, live, received: without(state.received, [token]) },
    after: without(after, [token]),
  };
}

export class Parallel {
  readonly #points: PointsTo;
  readonly #threads: Threads;
  /** What whoever receives a token may give afterwards: how order is passed on. */
  readonly #next = new Map<number, Tokens>();
  readonly #closures = new Map<Tokens, Tokens>();
  readonly #received = new Map<Instance, Tokens>();
  readonly #starters: ReadonlySet<Frame>;
  readonly #live = new Map<State["live"], Map<Thread, readonly Tokens[]>>();
  readonly #sets = new TokenSets();
  readonly #around = new Map<Frame, ReadonlySet<Frame>>();

  constructor(points: PointsTo, all: Threads) {
    this.#points = points;
    this.#threads = all;
    this.#starters = new Set(all.threads.flatMap(({ spawner }) => [...spawner.callers.keys()]));
    for (const { op, after, frame } of all.receives) {
      for (const token of op.tokens)
        this.#next.set(token, union(this.#next.get(token) ?? [], after));
      const { instance } = frame;
      this.#received.set(instance, union(this.#received.get(instance) ?? [], op.tokens));
    }
  }

  /** The tokens, and those that goroutines give after receiving one of them. */
  #passedOn(after: Tokens): Tokens {
    const known = this.#closures.get(after);
    if (known !== undefined) return known;
    const all = new Set(after);
    for (const token of all) for (const it of this.#next.get(token) ?? []) all.add(it);
    const closure = [...all].sort((a, b) => a - b);
    this.#closures.set(after, closure);
    return closure;
  }

  /**
   * What y's goroutine gives after y. Where a test runs in parallel, `t.Run`, which started it, has gone on when it
   * paused, and has not waited for its end.
   */
  #givenAfter({ after, state }: Place, { spawner }: Thread): Tokens {
    const given = this.#passedOn(after);
    if (!has(state.signalled, pausedToken)) return given;
    return this.#sets.without(given, this.#received.get(spawner.instance) ?? []);
  }

  /** Whether y is in a parallel test, and x in the function that started it: that one ends before. */
  #isInParent(x: Place, y: Place): boolean {
    if (!has(y.state.signalled, pausedToken)) return false;
    const around = this.#startersAround(x.frame);
    for (const { spawner } of this.#threads.threadsOf(y.frame)) {
      if (![...spawner.callers.keys()].some((it) => around.has(it))) return false;
    }
    return true;
  }

  /** Of the frames in which a frame is called, itself included, those that call what starts a goroutine. */
  #startersAround(frame: Frame): ReadonlySet<Frame> {
    const known = this.#around.get(frame);
    if (known !== undefined) return known;
    const around = new Set([frame]);
    for (const it of around) for (const caller of it.callers.keys()) around.add(caller);
    const starters = new Set([...around].filter((it) => this.#starters.has(it)));
    this.#around.set(frame, starters);
    return starters;
  }

  /** Whether two points may happen in parallel. */
  mayHappenInParallel(x: Place, y: Place): boolean {
    if (this.handedOver(x, y, null) || this.handedOver(y, x, null)) return false;
    return this.threadBeside(x, y, null) !== null || this.threadBeside(y, x, null) !== null;
  }

  /**
   * The thread of `y` that may run while `x` happens, as far as x's goroutine knows; "fresh" when whatever runs
   * then cannot have the object that x is about. `ignored`: tokens that order nothing here.
   */
  threadBeside(
    x: Place,
    y: Place,
    object: AbstractObject | null,
    ignored: Tokens = [],
  ): Thread | "fresh" | null {
    const fresh = object === null ? null : freshToken(object.base);
    let isFresh = false;
    for (const thread of this.#threads.threadsOf(y.frame)) {
      for (const tokens of this.#liveTokens(x.state.live, thread)) {
        if (fresh !== null && has(tokens, fresh)) {
          isFresh = true;
          continue;
        }
        const since = without(tokens, ignored);
        if (this.#sets.intersection(since, this.#givenAfter(y, thread)).length > 0) continue;
        return thread;
      }
    }
    return isFresh ? "fresh" : null;
  }

  /** What was received since the thread, or one of those that started it, was started. */
  #liveTokens(live: State["live"], thread: Thread): readonly Tokens[] {
    let ofLive = this.#live.get(live);
    if (ofLive === undefined) this.#live.set(live, (ofLive = new Map<Thread, readonly Tokens[]>()));
    let found = ofLive.get(thread);
    if (found === undefined) {
      found = [...this.#findLive(live, thread, new Set<Thread>())];
      ofLive.set(thread, found);
    }
    return found;
  }

  *#findLive(live: State["live"], thread: Thread, seen: Set<Thread>): Generator<Tokens> {
    if (seen.has(thread)) return;
    seen.add(thread);
    const tokens = live.get(thread.id);
    if (tokens !== undefined) {
      yield tokens;
      return;
    }
    for (const parent of this.#threads.threadsOf(thread.spawner))
      yield* this.#findLive(live, parent, seen);
  }

  /** Whether x comes before y because y's goroutine received what x's gives afterwards, or waits for x's function to end. */
  handedOver(x: Place, y: Place, object: AbstractObject | null, ignored: Tokens = []): boolean {
    if (this.#isInParent(x, y)) return true;
    if (y.state.received.length === 0 || x.after.length === 0) return false;
    const received = without(y.state.received, ignored);
    return this.#sets.intersection(received, this.#passedOn(x.after)).some((token) => {
      if (!has(x.state.signalled, token)) return true;
      return object !== null && this.#carries(token, object);
    });
  }

  /** Whether pointers to the object travel through the channel. */
  #carries(channel: Node, object: AbstractObject): boolean {
    const chan = this.#points.objectAt(channel);
    if (chan?.kind !== "chan") return false;
    const room = this.#points.room(chan.base);
    for (let slot = 1; slot < room; slot++) {
      for (const it of this.#points.contents(chan.base + slot)) {
        if (this.#points.objectAt(it)?.base === object.base) return true;
      }
    }
    return false;
  }
}
