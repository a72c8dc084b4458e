// Schedules that leave a given one late: by one choice made otherwise, or for another schedule.

import type { Choice } from "../../protocol/witness.js";
import type { FuncId } from "../ir/ir.js";
import { sameChoice } from "./strategy.js";
import type { Machine } from "./vm/machine.js";

export interface OtherWay {
  /** The choice that is made otherwise. */
  readonly at: number;
  /** To be followed as far as it goes. */
  readonly choices: readonly Choice[];
}

/**
 * Each choice that was possible instead, the latest first; where several were, the thread that was running goes on. The
 * machine may be used for something else as soon as the first is there.
 */
export function* otherWays(
  machine: Machine,
  entry: FuncId,
  choices: readonly Choice[],
): Iterable<OtherWay> {
  machine.reset(entry);
  const possible: (readonly Choice[])[] = [];
  for (const it of choices) {
    possible.push(machine.enabled());
    machine.step(it);
  }
  for (let at = choices.length - 1; at >= 0; at--) {
    const taken = choices[at] as Choice;
    const running = choices[at - 1]?.thread;
    const others = (possible[at] ?? []).filter((it) => !sameChoice(it, taken));
    const goesOn = (it: Choice): boolean => it.thread === running;
    for (const other of [...others.filter(goesOn), ...others.filter((it) => !goesOn(it))]) {
      const rest = choices.slice(other.thread === taken.thread ? at + 1 : at);
      yield { at, choices: [...choices.slice(0, at), other, ...rest] };
    }
  }
}

/** The beginning of one schedule, as long as possible, and then what the other has left to do. */
export function* sharedStarts(
  choices: readonly Choice[],
  other: readonly Choice[],
): Iterable<readonly Choice[]> {
  for (let length = choices.length - 1; length > 0; length--) {
    const start = choices.slice(0, length);
    const done = new Map<number, number>();
    for (const it of start) done.set(it.thread, (done.get(it.thread) ?? 0) + 1);
    const rest = other.filter(({ thread }) => {
      const left = done.get(thread) ?? 0;
      if (left > 0) done.set(thread, left - 1);
      return left === 0;
    });
    yield [...start, ...rest];
  }
}
