// Runs a program step by step, as Go would. It shares nothing with the machine of the product; only the form of a choice is
// the same, with threads by their number in the program and timers after them.
//
// A panic or a fatal error ends only its thread, and so does main's end. The clock moves only when nothing else can happen.

import { unreachable } from "../../../language-server/base/assert.js";
import type { Choice } from "../../../protocol/witness.js";
import { Channels } from "./channels.js";
import type { Effect } from "./effect.js";
import { Locks } from "./locks.js";
import { Objects } from "./objects.js";
import type { Occurrence, Touch } from "./occurrence.js";
import { outcome } from "./occurrence.js";
import type { Operand, OracleProgram, VisibleOperation } from "./program.js";
import { State } from "./state.js";
import { Timers } from "./timers.js";
import { Waits } from "./waits.js";

export class Interpreter {
  readonly program: OracleProgram;
  /** Threads, then timers. */
  readonly lanes: number;
  readonly #state: State;
  readonly #locks: Locks;
  readonly #channels: Channels;
  readonly #waits: Waits;
  readonly #timers: Timers;
  readonly #alone: readonly Choice[];

  constructor(program: OracleProgram) {
    this.program = program;
    this.lanes = program.threads.length + program.timers.length;
    this.#state = new State(program);
    const objects = new Objects(program);
    this.#locks = new Locks(this.#state, objects.mutex, objects.rwmutex);
    this.#channels = new Channels(this.#state);
    this.#waits = new Waits(this.#state, objects);
    this.#timers = new Timers(this.#state, this.#channels, objects.timer);
    this.#alone = Array.from({ length: this.lanes }, (_, lane) => ({ thread: lane }));
    this.#state.memory.set(this.#state.alive, 1);
    this.#goOn(0);
  }

  mark(): number {
    return this.#state.memory.mark();
  }

  undoTo(mark: number): void {
    this.#state.memory.undoTo(mark);
  }

  /** Whether the thread was spawned and has nothing left to do. */
  hasEnded(thread: number): boolean {
    const isAlive = this.#state.memory.get(this.#state.alive + thread) === 1;
    return isAlive && this.#state.standing(thread) === undefined;
  }

  /** All that can happen next; a rendezvous is listed with its sender. */
  moves(): readonly Choice[] {
    const found: Choice[] = [];
    const count = this.program.threads.length;
    let earliest = Infinity;
    for (let lane = 0; lane < this.lanes; lane++) {
      const deadline = lane < count ? this.#timers.sleeps(lane) : this.#timers.fires(lane - count);
      if (deadline === 0) {
        if (lane < count) this.#collect(lane, found);
      } else if (deadline <= this.#timers.now) found.push(this.#only(lane));
      else earliest = Math.min(earliest, deadline);
    }
    return found.length > 0 || earliest === Infinity ? found : this.#later(earliest);
  }

  /** Those whose time is next. */
  #later(time: number): readonly Choice[] {
    const count = this.program.threads.length;
    return this.#alone.filter(({ thread }) => {
      const deadline =
        thread < count ? this.#timers.sleeps(thread) : this.#timers.fires(thread - count);
      return deadline === time;
    });
  }

  #only(lane: number): Choice {
    return this.#alone[lane] ?? { thread: lane };
  }

  #collect(thread: number, found: Choice[]): void {
    const operation = this.#state.standing(thread);
    if (operation === undefined) return;
    switch (operation.kind) {
      case "send":
      case "recv":
      case "select":
        this.#channels.collect(thread, operation, found);
        return;
      case "lock":
      case "rlock":
      case "wlock":
        if (this.#locks.mayGoOn(thread, operation)) found.push(this.#only(thread));
        return;
      case "wg-wait":
      case "once-begin":
      case "cond-park":
        if (this.#waits.isOver(thread, operation)) found.push(this.#only(thread));
        return;
      case "choose":
        for (let arm = 0; arm < operation.values; arm++) found.push({ thread, arm });
        return;
      default:
        found.push(this.#only(thread));
    }
  }

  step(move: Choice): Occurrence {
    const { memory, steps } = this.#state;
    const lane = move.thread;
    const timed = this.#isTimed(lane);
    const advanced = timed && this.#timers.advanceTo(this.#deadline(lane));
    const effect = timed ? this.#wake(lane) : this.#operate(lane, move);
    const partner = effect.partner ?? -1;
    if (lane < this.program.threads.length && effect.stays !== true) this.#past(lane);
    if (partner >= 0) this.#past(partner);
    memory.set(steps, memory.get(steps) + 1);
    return {
      lane,
      partner,
      label: effect.label,
      partnerLabel: effect.partnerLabel ?? 0,
      touches: effect.touches,
      spawned: effect.spawned ?? -1,
      wokenBy: effect.wokenBy ?? -1,
      timed,
      advanced,
    };
  }

  #isTimed(lane: number): boolean {
    return lane >= this.program.threads.length || this.#timers.sleeps(lane) > 0;
  }

  #deadline(lane: number): number {
    const count = this.program.threads.length;
    return lane < count ? this.#timers.sleeps(lane) : this.#timers.fires(lane - count);
  }

  #wake(lane: number): Effect {
    const count = this.program.threads.length;
    return lane < count ? this.#timers.wake(lane) : this.#timers.fire(lane - count);
  }

  /** The thread goes on to the operation after the one it stands before, or ends when that made it panic. */
  #past(thread: number): void {
    const { memory, pc } = this.#state;
    if (this.#state.standing(thread) === undefined) return;
    memory.set(pc + thread, memory.get(pc + thread) + 1);
    this.#goOn(thread);
  }

  /** Does what nobody sees. */
  #goOn(thread: number): void {
    const { memory, pc } = this.#state;
    for (;;) {
      const operation = this.#state.standing(thread);
      if (operation?.kind === "sum") {
        const { left, right } = operation;
        this.#give(thread, operation.dst, this.#value(thread, left) + this.#value(thread, right));
        memory.set(pc + thread, memory.get(pc + thread) + 1);
      } else if (operation?.kind === "unless") {
        const held = memory.get(this.#state.register(thread, operation.register));
        const next = memory.get(pc + thread) + 1;
        memory.set(pc + thread, held === operation.is ? next : operation.to);
      } else return;
    }
  }

  #value(thread: number, operand: Operand): number {
    return this.#state.value(thread, operand);
  }

  #give(thread: number, dst: number, value: number): void {
    this.#state.give(thread, dst, value);
  }

  #operate(thread: number, move: Choice): Effect {
    const operation = this.#state.standing(thread);
    if (operation === undefined || operation.kind === "sum" || operation.kind === "unless") {
      throw new Error(`thread ${thread} stands before nothing`);
    }
    return this.#perform(thread, operation, move);
  }

  #perform(thread: number, operation: VisibleOperation, move: Choice): Effect {
    switch (operation.kind) {
      case "load":
      case "store":
      case "add":
      case "cas":
        return this.#access(thread, operation);
      case "lock":
      case "unlock":
      case "trylock":
        return this.#locks.mutex(thread, operation);
      case "rlock":
      case "runlock":
      case "wlock":
      case "wunlock":
      case "tryrlock":
      case "trywlock":
        return this.#locks.rwmutex(thread, operation);
      case "send":
      case "recv":
      case "close":
      case "select":
        return this.#channels.perform(thread, operation, move);
      case "wg-add":
      case "wg-wait":
      case "once-begin":
      case "once-end":
      case "cond-enqueue":
      case "cond-park":
      case "cond-signal":
      case "cond-broadcast":
        return this.#waits.perform(thread, operation);
      case "sleep":
      case "timer-start":
      case "timer-stop":
        return this.#timers.perform(thread, operation);
      case "spawn":
        return this.#spawn(operation.thread);
      case "choose":
        this.#give(thread, operation.dst, move.arm ?? 0);
        return { label: outcome(move.arm ?? 0), touches: [] };
      default:
        return unreachable(operation);
    }
  }

  #spawn(child: number): Effect {
    const { memory, alive } = this.#state;
    if (memory.get(alive + child) === 1) throw new Error(`thread ${child} is spawned twice`);
    memory.set(alive + child, 1);
    this.#goOn(child);
    return { label: outcome(0), touches: [], spawned: child };
  }

  #access(
    thread: number,
    operation: Extract<VisibleOperation, { kind: "load" | "store" | "add" | "cas" }>,
  ): Effect {
    const { memory, cells } = this.#state;
    const at = cells + operation.cell;
    const found = memory.get(at);
    const touch = (manner: "read" | "write"): readonly Touch[] => [
      { manner, object: operation.cell, n: 0 },
    ];
    switch (operation.kind) {
      case "load":
        this.#give(thread, operation.dst, found);
        return { label: outcome(found), touches: touch("read") };
      case "store": {
        const value = this.#value(thread, operation.value);
        memory.set(at, value);
        return { label: outcome(value), touches: touch("write") };
      }
      case "add": {
        const value = found + this.#value(thread, operation.delta);
        memory.set(at, value);
        this.#give(thread, operation.dst, value);
        return { label: outcome(value), touches: touch("write") };
      }
      case "cas": {
        const swaps = found === this.#value(thread, operation.old);
        if (swaps) memory.set(at, this.#value(thread, operation.put));
        this.#give(thread, operation.dst, swaps ? 1 : 0);
        return { label: outcome(swaps ? 1 : 0), touches: touch(swaps ? "write" : "read") };
      }
      default:
        return unreachable(operation);
    }
  }
}
