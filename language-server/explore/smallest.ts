// The smallest schedules: every state is visited by its cheapest way first, one more preemption allowed in each round
// (iterative context bounding, Musuvathi and Qadeer, PLDI'07, over hashed states). A round that was not cut proves that
// nothing needs fewer preemptions than what it found, and of that nothing fewer switches and steps.

import type { Choice } from "../../protocol/witness.js";
import type { FuncId } from "../ir/ir.js";
import { relate, strictest } from "./dependence.js";
import { smaller, type Size } from "./size.js";
import { continues, isPreemption, type Execution } from "./strategy.js";
import type { Event, Machine } from "./vm/machine.js";
import type { Touch } from "./vm/touch.js";

export interface SmallestOptions {
  /** As the program runs, told in no words. */
  readonly machine: Machine;
  readonly entry: FuncId;
  /** Steps of one execution. */
  readonly depth: number;
  /** States to look at, in all rounds together. */
  readonly states: number;
  readonly interrupted: () => boolean;
  /** Called at the end of an execution that is smaller than all that led to the same state before. */
  readonly ended: (execution: Execution, size: Size) => void;
  /**
   * Called where two threads stand before conflicting accesses, the machine still there: going on with the last two of
   * `choices` is a race.
   */
  readonly meeting: (choices: readonly Choice[], size: Size) => void;
  /**
   * When everything that is looked for has been found: the largest of the sizes. Nothing as large is of interest then, and
   * the search ends with the round.
   */
  readonly bound: () => Size | null;
}

export interface SmallestEnd {
  /** Rounds that were done wholly: nothing with fewer preemptions than this was missed. */
  readonly preemptions: number;
  /** Every state of the program was seen. */
  readonly all: boolean;
  readonly states: number;
}

interface Place {
  readonly mark: number;
  readonly enabled: readonly Choice[];
  next: number;
  readonly last: Event | undefined;
  readonly size: Size;
}

/** Preemptions, switches and steps in one number that compares as they do. */
const [switchUnit, preemptionUnit] = [2 ** 16, 2 ** 32];

export function smallest(options: SmallestOptions): SmallestEnd {
  let states = 0;
  for (let allowed = 0; ; allowed++) {
    const round = new Round(options, allowed, options.states - states);
    round.run();
    states += round.states;
    if (round.cut) return { preemptions: allowed, all: false, states };
    if (!round.refused) return { preemptions: allowed + 1, all: true, states };
    if (options.bound() !== null) return { preemptions: allowed + 1, all: false, states };
  }
}

class Round {
  readonly #options: SmallestOptions;
  readonly #allowed: number;
  readonly #most: number;
  /** By who ran last, which decides what costs a switch: the least cost of each state. */
  readonly #seen = new Map<number, Map<number, number>>();
  readonly #choices: Choice[] = [];
  readonly #events: Event[] = [];
  readonly #preempts: boolean[] = [];
  states = 0;
  /** A bound ended it. */
  cut = false;
  /** There was more to see with one preemption more. */
  refused = false;

  constructor(options: SmallestOptions, allowed: number, most: number) {
    this.#options = options;
    this.#allowed = allowed;
    this.#most = most;
  }

  run(): void {
    const { machine, entry } = this.#options;
    machine.reset(entry);
    const path: Place[] = [];
    let place = this.#enter(undefined, [0, 0, 0]);
    for (;;) {
      if (this.#options.interrupted() || this.states >= this.#most) {
        this.cut = true;
        return;
      }
      const choice = place?.enabled[place.next];
      if (place === null || choice === undefined) {
        const above = path.pop();
        if (above === undefined) return;
        place = above;
        machine.undoTo(place.mark);
        this.#choices.pop();
        this.#events.pop();
        this.#preempts.pop();
        continue;
      }
      place.next++;
      const preempts = isPreemption(choice, place.enabled, place.last);
      if (preempts && place.size[0] >= this.#allowed) {
        this.refused = true;
        continue;
      }
      const size = grown(
        place.size,
        preempts,
        place.last !== undefined && !continues(choice, place.last),
      );
      const event = machine.step(choice);
      this.#choices.push(choice);
      this.#events.push(event);
      this.#preempts.push(preempts);
      path.push(place);
      place = this.#enter(event, size);
    }
  }

  /** Null where there is nothing more to see: the end, or a state that was reached as cheaply before. */
  #enter(last: Event | undefined, size: Size): Place | null {
    const { machine, depth } = this.#options;
    const halt = machine.halted();
    if (halt !== undefined) {
      this.#ended(size);
      return null;
    }
    const bound = this.#options.bound();
    if (bound !== null && !smaller(size, bound)) return null;
    if (size[2] >= depth) {
      this.cut = true;
      return null;
    }
    const seen = this.#seenAfter(last);
    const key = machine.hashNumber();
    const cost = size[0] * preemptionUnit + size[1] * switchUnit + size[2];
    const known = seen.get(key);
    if (known !== undefined && known <= cost) return null;
    seen.set(key, cost);
    this.states++;
    const enabled = ordered(machine.enabled(), last);
    this.#meetings(enabled, last, size);
    return { mark: machine.mark(), enabled, next: 0, last, size };
  }

  #seenAfter(last: Event | undefined): Map<number, number> {
    const key = afterKey(last);
    const seen = this.#seen.get(key) ?? new Map<number, number>();
    this.#seen.set(key, seen);
    return seen;
  }

  #ended(size: Size): void {
    const halt = this.#options.machine.halted();
    const [choices, events, preempts] = [
      [...this.#choices],
      [...this.#events],
      [...this.#preempts],
    ];
    this.#options.ended({ choices, events, halt, preempts }, size);
  }

  /** Pairs of threads that stand before accesses of which one is plain and one writes. */
  #meetings(enabled: readonly Choice[], last: Event | undefined, size: Size): void {
    const { machine, meeting } = this.#options;
    for (const first of enabled) {
      const a = machine.standing(first.thread);
      if (a === null || a.access === 0) continue;
      for (const second of enabled) {
        if (second.thread === first.thread) continue;
        const b = machine.standing(second.thread);
        if (b === null || !conflict(a.touches, b.touches)) continue;
        const preempts = isPreemption(first, enabled, last);
        const turn = grown(size, preempts, last !== undefined && !continues(first, last));
        meeting([...this.#choices, first, second], grown(turn, true, true));
        meeting([...this.#choices, second, first], grown(turn, true, true));
      }
    }
  }
}

/** All of the last step that decides what the next one costs. */
export function afterKey(last: Event | undefined): number {
  if (last === undefined) return 0;
  const partner = last.partner === null ? 0 : last.partner + 1;
  return ((last.thread + 1) * 2 ** 20 + partner) * 2 + (last.yielded ? 1 : 0);
}

function conflict(a: readonly Touch[], b: readonly Touch[]): boolean {
  return a.some((x) => b.some((y) => relate(x, y, strictest) !== 0));
}

/** The size of a schedule with one step more. */
export function grown(
  [preemptions, switches, steps]: Size,
  preempts: boolean,
  switched: boolean,
): Size {
  return [preemptions + (preempts ? 1 : 0), switches + (switched ? 1 : 0), steps + 1];
}

/** The thread that runs first. */
export function ordered(enabled: readonly Choice[], last: Event | undefined): readonly Choice[] {
  if (last === undefined || enabled.length < 2) return enabled;
  const same = enabled.filter((it) => continues(it, last));
  if (same.length === 0 || same.length === enabled.length) return enabled;
  return [...same, ...enabled.filter((it) => !continues(it, last))];
}
