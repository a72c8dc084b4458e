// Mutex and RWMutex. Whoever has a lock, anybody may release it.

import { unreachable } from "../../../language-server/base/assert.js";
import type { Effect } from "./effect.js";
import { outcome, type Manner, type Touch } from "./occurrence.js";
import type { LockOperation } from "./program.js";
import type { State } from "./state.js";

type MutexOperation = Extract<LockOperation, { mutex: number }>;
type RwmutexOperation = Extract<LockOperation, { rwmutex: number }>;

export class Locks {
  readonly #state: State;
  readonly #mutexes: number;
  readonly #rwmutexes: number;

  /** Objects are numbered from the given numbers on. */
  constructor(state: State, mutexes: number, rwmutexes: number) {
    this.#state = state;
    this.#mutexes = mutexes;
    this.#rwmutexes = rwmutexes;
  }

  /** Whether the thread can take the lock, or at least announce that it wants to. */
  mayGoOn(thread: number, operation: LockOperation): boolean {
    const { memory, mutexes } = this.#state;
    if ("mutex" in operation) return memory.get(mutexes + operation.mutex) === 0;
    return this.#isFree(thread, operation) || this.#mayAnnounce(operation);
  }

  #isFree(thread: number, { kind, rwmutex }: RwmutexOperation): boolean {
    const { memory, readers, writers, announced } = this.#state;
    const announcer = memory.get(announced + rwmutex) - 1;
    if (memory.get(writers + rwmutex) === 1) return false;
    if (kind === "rlock" || kind === "tryrlock") return announcer < 0;
    return memory.get(readers + rwmutex) === 0 && (announcer < 0 || announcer === thread);
  }

  #mayAnnounce({ kind, rwmutex }: RwmutexOperation): boolean {
    const { memory, program, readers, announced } = this.#state;
    if (kind !== "wlock" || !program.announcements) return false;
    return memory.get(readers + rwmutex) > 0 && memory.get(announced + rwmutex) === 0;
  }

  mutex(thread: number, operation: MutexOperation): Effect {
    const { memory, mutexes } = this.#state;
    const at = mutexes + operation.mutex;
    const object = this.#mutexes + operation.mutex;
    switch (operation.kind) {
      case "lock":
        memory.set(at, 1);
        return done(1, touch("write", object));
      case "unlock":
        if (memory.get(at) === 0) return this.#fatal(thread, touch("write", object));
        memory.set(at, 0);
        return done(0, touch("write", object));
      case "trylock": {
        const taken = memory.get(at) === 0;
        memory.set(at, 1);
        this.#state.give(thread, operation.dst, taken ? 1 : 0);
        return done(taken ? 1 : 0, touch(taken ? "write" : "read", object));
      }
      default:
        return unreachable(operation);
    }
  }

  rwmutex(thread: number, operation: RwmutexOperation): Effect {
    const object = this.#rwmutexes + operation.rwmutex;
    switch (operation.kind) {
      case "rlock":
        this.#enter(thread, operation.rwmutex);
        return done(1, touch("share", object));
      case "wlock":
        return this.#write(thread, operation, object);
      case "runlock":
        return this.#leave(thread, operation.rwmutex, object);
      case "wunlock": {
        const { memory, writers } = this.#state;
        const at = writers + operation.rwmutex;
        if (memory.get(at) === 0) return this.#fatal(thread, touch("write", object));
        memory.set(at, 0);
        return done(0, touch("write", object));
      }
      case "tryrlock":
      case "trywlock":
        return this.#attempt(thread, operation, object);
      default:
        return unreachable(operation);
    }
  }

  #enter(thread: number, rwmutex: number): void {
    const { memory, readers } = this.#state;
    const inside = this.#state.inside(rwmutex, thread);
    memory.set(readers + rwmutex, memory.get(readers + rwmutex) + 1);
    memory.set(inside, memory.get(inside) + 1);
  }

  #write(thread: number, operation: RwmutexOperation, object: number): Effect {
    const { memory, writers, announced } = this.#state;
    if (!this.#isFree(thread, operation)) {
      memory.set(announced + operation.rwmutex, thread + 1);
      return { ...done(0, touch("write", object)), stays: true };
    }
    memory.set(announced + operation.rwmutex, 0);
    memory.set(writers + operation.rwmutex, 1);
    return done(1, touch("write", object));
  }

  /** Readers that leave commute, but for one that never came: whether there is another to leave for it matters then. */
  #leave(thread: number, rwmutex: number, object: number): Effect {
    const { memory, readers } = this.#state;
    const left = memory.get(readers + rwmutex) - 1;
    if (left < 0) return this.#fatal(thread, touch("write", object));
    const own = this.#state.inside(rwmutex, thread);
    const isInside = memory.get(own) > 0;
    const leaves = isInside ? own : this.#anyInside(rwmutex);
    memory.set(readers + rwmutex, left);
    memory.set(leaves, memory.get(leaves) - 1);
    return done(0, touch(isInside ? "share" : "write", object));
  }

  #anyInside(rwmutex: number): number {
    const { program, memory } = this.#state;
    const holder = program.threads.findIndex(
      (_, thread) => memory.get(this.#state.inside(rwmutex, thread)) > 0,
    );
    return this.#state.inside(rwmutex, holder);
  }

  #attempt(
    thread: number,
    operation: Extract<RwmutexOperation, { kind: "tryrlock" | "trywlock" }>,
    object: number,
  ): Effect {
    const taken = this.#isFree(thread, operation);
    const isShared = operation.kind === "tryrlock";
    if (taken && isShared) this.#enter(thread, operation.rwmutex);
    else if (taken) this.#state.memory.set(this.#state.writers + operation.rwmutex, 1);
    this.#state.give(thread, operation.dst, taken ? 1 : 0);
    if (!taken) return done(0, touch("peek", object));
    return done(1, touch(isShared ? "share" : "write", object));
  }

  #fatal(thread: number, touches: readonly Touch[]): Effect {
    this.#state.end(thread);
    return { label: outcome(0, { manner: "panic" }), touches };
  }
}

function touch(manner: Manner, object: number): readonly Touch[] {
  return [{ manner, object, n: 0 }];
}

function done(value: number, touches: readonly Touch[]): Effect {
  return { label: outcome(value), touches };
}
