// Virtual time, sleeping and timers that send on a channel once.

import { unreachable } from "../../../language-server/base/assert.js";
import type { Channels } from "./channels.js";
import type { Effect } from "./effect.js";
import { outcome, type Touch } from "./occurrence.js";
import type { TimeOperation } from "./program.js";
import type { State } from "./state.js";

export class Timers {
  readonly #state: State;
  readonly #channels: Channels;
  readonly #objects: number;

  /** Timers are numbered, as objects, from the given number on. */
  constructor(state: State, channels: Channels, objects: number) {
    this.#state = state;
    this.#channels = channels;
    this.#objects = objects;
  }

  get now(): number {
    return this.#state.memory.get(this.#state.now);
  }

  /** Until when the thread sleeps; 0 when it does not. */
  sleeps(thread: number): number {
    return this.#state.memory.get(this.#state.asleep + thread);
  }

  /** When the timer fires; 0 when it does not run, or could not send. */
  fires(timer: number): number {
    const deadline = this.#state.memory.get(this.#state.deadlines + timer);
    return deadline > 0 && this.#channels.isFull(this.#channel(timer)) ? 0 : deadline;
  }

  #channel(timer: number): number {
    return this.#state.program.timers[timer] ?? 0;
  }

  /** Whether the clock had to go on. */
  advanceTo(time: number): boolean {
    if (time <= this.now) return false;
    this.#state.memory.set(this.#state.now, time);
    return true;
  }

  wake(thread: number): Effect {
    this.#state.memory.set(this.#state.asleep + thread, 0);
    return { label: outcome(1), touches: [] };
  }

  fire(timer: number): Effect {
    this.#state.memory.set(this.#state.deadlines + timer, 0);
    const sent = this.#channels.put(this.#channel(timer), 0);
    return { label: outcome(0), touches: [this.#touch(timer), sent] };
  }

  #touch(timer: number): Touch {
    return { manner: "write", object: this.#objects + timer, n: 0 };
  }

  perform(thread: number, operation: TimeOperation): Effect {
    const { memory, asleep } = this.#state;
    switch (operation.kind) {
      case "sleep":
        memory.set(asleep + thread, this.now + operation.duration);
        return { label: outcome(0), touches: [], stays: true };
      case "timer-start":
        return this.#start(operation.timer, operation.duration);
      case "timer-stop":
        return this.#stop(thread, operation.timer, operation.dst);
      default:
        return unreachable(operation);
    }
  }

  #start(timer: number, duration: number): Effect {
    const { memory, deadlines, started, program } = this.#state;
    const isNew = memory.get(started + timer) === 0;
    memory.set(started + timer, 1);
    memory.set(deadlines + timer, this.now + duration);
    const lane = isNew ? { spawned: program.threads.length + timer } : {};
    return { label: outcome(0), touches: [this.#touch(timer)], ...lane };
  }

  /** A value that nobody has received is taken back. */
  #stop(thread: number, timer: number, dst: number): Effect {
    const { memory, deadlines } = this.#state;
    const channel = this.#channel(timer);
    const isEmpty = this.#channels.count(channel) === 0;
    const wasActive = memory.get(deadlines + timer) > 0 || !isEmpty;
    const drained = isEmpty ? this.#channels.probe(channel) : this.#channels.take(channel);
    memory.set(deadlines + timer, 0);
    this.#state.give(thread, dst, wasActive ? 1 : 0);
    return { label: outcome(wasActive ? 1 : 0), touches: [this.#touch(timer), drained] };
  }
}
