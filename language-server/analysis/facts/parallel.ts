// May-happen-in-parallel of two points, each with what its goroutine knows there (see races.ts for the rules).

import type { AbstractObject, PointsTo } from "./points-to.js";
import type { Node } from "./solver.js";
import type { State } from "./state.js";
import type { Frame, Thread, Threads } from "./threads.js";
import { freshToken, has, meets, type Tokens } from "./tokens.js";

/** A point of one goroutine's execution. */
export interface Place {
  readonly frame: Frame;
  readonly state: State;
  readonly after: Tokens;
}

export class Parallel {
  readonly #points: PointsTo;
  readonly #threads: Threads;

  constructor(points: PointsTo, all: Threads) {
    this.#points = points;
    this.#threads = all;
  }

  /** Whether two points may happen in parallel. */
  mayHappenInParallel(x: Place, y: Place): boolean {
    if (this.handedOver(x, y, null) || this.handedOver(y, x, null)) return false;
    return this.threadBeside(x, y, null) !== null || this.threadBeside(y, x, null) !== null;
  }

  /** The thread of `y` that may run while `x` happens, as far as x's goroutine knows. */
  threadBeside(x: Place, y: Place, object: AbstractObject | null): Thread | null {
    const fresh = object === null ? null : freshToken(object.base);
    for (const thread of this.#threads.threadsOf(y.frame)) {
      for (const tokens of this.#liveTokens(x.state, thread)) {
        if ((fresh !== null && has(tokens, fresh)) || meets(tokens, y.after)) continue;
        return thread;
      }
    }
    return null;
  }

  /** What was received since the thread, or one of those that started it, was started. */
  *#liveTokens(state: State, thread: Thread, seen = new Set<Thread>()): Generator<Tokens> {
    if (seen.has(thread)) return;
    seen.add(thread);
    const tokens = state.live.get(thread.id);
    if (tokens !== undefined) {
      yield tokens;
      return;
    }
    for (const parent of this.#threads.threadsOf(thread.spawner)) yield* this.#liveTokens(state, parent, seen);
  }

  /** Whether x comes before y because y's goroutine received what x's gives afterwards. */
  handedOver(x: Place, y: Place, object: AbstractObject | null): boolean {
    return y.state.received.some((token) => {
      if (!has(x.after, token)) return false;
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
