// The easiest way from here to an end: round by round with one preemption more (iterative context bounding, Musuvathi and
// Qadeer, PLDI'07), every state by its cheapest way.

import type { PlayEnd, Turn, Way } from "../../../protocol/play.js";
import type { Choice, ThreadId } from "../../../protocol/witness.js";
import { spanOf } from "../../ir/access.js";
import type { Program } from "../../ir/ir.js";
import { smaller, type Size } from "../size.js";
import { afterKey, grown, ordered } from "../smallest.js";
import { continues, isPreemption } from "../strategy.js";
import type { Machine } from "../vm/machine.js";
import type { Position } from "./position.js";
import type { LookLimits } from "./reach.js";

/** A way to an end, if one was found. */
export interface Looked {
  readonly choices: readonly Choice[] | null;
  readonly size: Size;
  /** With a way, none has fewer preemptions; without, there is none. */
  readonly complete: boolean;
}

interface Place {
  readonly mark: number;
  readonly length: number;
  readonly enabled: readonly Choice[];
  readonly size: Size;
  next: number;
}

/** Preemptions, switches and steps in one number that compares as they do. */
const [switchUnit, preemptionUnit] = [2 ** 16, 2 ** 32];

const nothing: Size = [0, 0, 0];

/** Leaves the position as it was. */
export function wayTo(position: Position, wanted: PlayEnd, limits: LookLimits): Looked {
  let states = 0;
  for (let allowed = 0; ; allowed++) {
    const round = new Round(position, wanted, allowed, {
      ...limits,
      states: limits.states - states,
    });
    round.run();
    states += round.states;
    if (round.best !== null) return { ...round.best, complete: !round.cut };
    if (round.cut || !round.refused) return { choices: null, size: nothing, complete: !round.cut };
  }
}

class Round {
  readonly #position: Position;
  readonly #wanted: string;
  readonly #allowed: number;
  readonly #limits: LookLimits;
  readonly #start: number;
  /** By state and who ran last, which decides what costs a switch: the least cost. */
  readonly #seen = new Map<string, number>();
  best: { readonly choices: readonly Choice[]; readonly size: Size } | null = null;
  states = 0;
  /** A bound ended it. */
  cut = false;
  /** There was more to see with one preemption more. */
  refused = false;

  constructor(position: Position, wanted: PlayEnd, allowed: number, limits: LookLimits) {
    this.#position = position;
    this.#wanted = JSON.stringify([wanted.kind, wanted.label]);
    this.#allowed = allowed;
    this.#limits = limits;
    this.#start = position.choices.length;
  }

  run(): void {
    const position = this.#position;
    const path: Place[] = [];
    let place = this.#enter(nothing);
    for (;;) {
      if (this.states >= this.#limits.states || this.#limits.interrupted() !== null) {
        this.cut = true;
      }
      const choice = this.cut ? undefined : place?.enabled[place.next];
      if (place === null || choice === undefined) {
        const above = path.pop();
        if (above === undefined) return;
        position.upTo(above.mark, above.length);
        place = above;
        continue;
      }
      place.next++;
      const { last } = position;
      const preempts = isPreemption(choice, place.enabled, last);
      if (preempts && place.size[0] >= this.#allowed) {
        this.refused = true;
        continue;
      }
      const switched = last !== undefined && !continues(choice, last);
      const size = grown(place.size, preempts, switched);
      position.down(choice);
      path.push(place);
      place = this.#enter(size);
    }
  }

  /** Null where there is nothing more to see: an end, or a state that was reached as cheaply before. */
  #enter(size: Size): Place | null {
    const position = this.#position;
    const { machine, choices, last } = position;
    const end = position.end();
    const better = this.best === null || smaller(size, this.best.size);
    if (end !== null) {
      const isWanted = JSON.stringify([end.kind, end.label]) === this.#wanted;
      if (isWanted && better) this.best = { choices: choices.slice(this.#start), size };
      return null;
    }
    if (!better) return null;
    if (choices.length >= this.#limits.depth) {
      this.cut = true;
      return null;
    }
    const key = `${position.key()} ${afterKey(last)}`;
    const cost = size[0] * preemptionUnit + size[1] * switchUnit + size[2];
    const known = this.#seen.get(key);
    if (known !== undefined && known <= cost) return null;
    this.#seen.set(key, cost);
    this.states++;
    const enabled = ordered(machine.enabled(), last);
    return { mark: machine.mark(), length: choices.length, enabled, size, next: 0 };
  }
}

/** The choices put in words; the machine stands where they begin. */
export function told(
  program: Program,
  machine: Machine,
  { choices, size }: { readonly choices: readonly Choice[]; readonly size: Size },
): Way {
  const turns: Turn[] = [];
  let steps = 0;
  choices.forEach((choice, index) => {
    machine.step(choice);
    steps++;
    const next = choices[index + 1];
    if (next !== undefined && next.thread === choice.thread) return;
    const { thread } = choice;
    const name = machine.threads()[thread]?.name ?? `thread ${thread}`;
    turns.push({ thread, name, steps, until: untilOf(program, machine, thread) });
    steps = 0;
  });
  return { choices, turns, preemptions: size[0], switches: size[1] };
}

function untilOf(program: Program, machine: Machine, thread: ThreadId): Turn["until"] {
  if (machine.blocked().some((it) => it.thread === thread)) return "wait";
  if (machine.halted() !== undefined) return "end";
  const pending = machine.pending(thread);
  if (pending === null) return "end";
  if (machine.choicesOf(thread).length === 0) return "wait";
  return spanOf(program, pending.span);
}
