// WaitGroup, Once and Cond.

import type { Effect } from "./effect.js";
import type { Objects } from "./objects.js";
import { outcome, type Manner, type Touch } from "./occurrence.js";
import type { WaitOperation } from "./program.js";
import type { State } from "./state.js";

type OnceOperation = Extract<WaitOperation, { once: number }>;
type CondOperation = Extract<WaitOperation, { cond: number }>;

const untouched = 0;
const running = 1;
const returned = 2;

export class Waits {
  readonly #state: State;
  readonly #objects: Objects;

  constructor(state: State, objects: Objects) {
    this.#state = state;
    this.#objects = objects;
  }

  /** Whether a thread that would wait need not. */
  isOver(thread: number, operation: WaitOperation): boolean {
    const { memory, counters, onces } = this.#state;
    if ("group" in operation) return memory.get(counters + operation.group) === 0;
    if ("once" in operation) return memory.get(onces + operation.once) !== running;
    return memory.get(this.#state.wake(operation.cond, thread)) > 0;
  }

  perform(thread: number, operation: WaitOperation): Effect {
    if ("once" in operation) return this.#once(thread, operation);
    if ("cond" in operation) return this.#cond(thread, operation);
    const object = this.#objects.group + operation.group;
    if (operation.kind === "wg-wait") return { label: outcome(0), touches: touch("wait", object) };
    return this.#add(thread, operation.group, operation.delta);
  }

  #add(thread: number, group: number, delta: number): Effect {
    const { memory, counters } = this.#state;
    const object = this.#objects.group + group;
    const counter = memory.get(counters + group) + delta;
    if (counter < 0) {
      this.#state.end(thread);
      return { label: outcome(delta, { manner: "panic" }), touches: touch("undercount", object) };
    }
    memory.set(counters + group, counter);
    return { label: outcome(delta), touches: touch("count", object) };
  }

  #once(thread: number, operation: OnceOperation): Effect {
    const { memory, onces } = this.#state;
    const at = onces + operation.once;
    const object = this.#objects.once + operation.once;
    if (operation.kind === "once-end") {
      memory.set(at, returned);
      return { label: outcome(0), touches: touch("write", object) };
    }
    const isFirst = memory.get(at) === untouched;
    if (isFirst) memory.set(at, running);
    this.#state.give(thread, operation.dst, isFirst ? 1 : 0);
    return { label: outcome(isFirst ? 1 : 0), touches: touch(isFirst ? "write" : "read", object) };
  }

  #cond(thread: number, operation: CondOperation): Effect {
    const { memory, queued } = this.#state;
    const { cond } = operation;
    const touches = touch("write", this.#objects.cond + cond);
    switch (operation.kind) {
      case "cond-enqueue": {
        const position = memory.get(queued + cond);
        memory.set(this.#state.place(cond, position), thread);
        memory.set(queued + cond, position + 1);
        return { label: outcome(0), touches };
      }
      case "cond-park": {
        const at = this.#state.wake(cond, thread);
        const wokenBy = memory.get(at) - 1;
        memory.set(at, 0);
        return { label: outcome(0), touches: [], wokenBy };
      }
      case "cond-signal":
        this.#wakeUpTo(cond, 1);
        return { label: outcome(0), touches };
      case "cond-broadcast":
        this.#wakeUpTo(cond, Infinity);
        return { label: outcome(0), touches };
    }
  }

  /** Those who queued first are woken first. */
  #wakeUpTo(cond: number, most: number): void {
    const { memory, queued, woken, steps } = this.#state;
    const first = memory.get(woken + cond);
    const end = Math.min(memory.get(queued + cond), first + most);
    for (let position = first; position < end; position++) {
      const waiter = memory.get(this.#state.place(cond, position));
      memory.set(this.#state.wake(cond, waiter), memory.get(steps) + 1);
    }
    memory.set(woken + cond, end);
  }
}

function touch(manner: Manner, object: number): readonly Touch[] {
  return [{ manner, object, n: 0 }];
}
