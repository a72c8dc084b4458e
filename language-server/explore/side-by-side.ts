// Puts the two accesses of a race next to each other: what does not have to come before them is left out, and what
// only the second needs comes before both.

import type { Choice } from "../../protocol/witness.js";
import type { FuncId } from "../ir/ir.js";
import type { Machine } from "./vm/machine.js";

interface Moment {
  readonly choice: Choice;
  readonly thread: number;
  /** The how-manieth step of its thread. */
  readonly nth: number;
  readonly clock: readonly number[];
}

/** Choices that lead to `second` right after `first`, both steps of the execution of `choices`. */
export function sideBySide(
  machine: Machine,
  entry: FuncId,
  choices: readonly Choice[],
  [first, second]: readonly [number, number],
): readonly Choice[] {
  const moments = run(machine, entry, choices.slice(0, second + 1));
  const [a, b] = [moments[first], moments[second]];
  if (a === undefined || b === undefined) return choices;
  const before = moments.filter(
    (it) => it !== a && it !== b && (comesFirst(it, a) || comesFirst(it, b)),
  );
  return [...before, a, b].map((it) => it.choice);
}

function run(machine: Machine, entry: FuncId, choices: readonly Choice[]): readonly Moment[] {
  machine.reset(entry);
  const counts = new Map<number, number>();
  return choices.map((choice) => {
    const { thread, partner } = machine.step(choice);
    for (const it of partner === null ? [thread] : [thread, partner]) {
      counts.set(it, (counts.get(it) ?? 0) + 1);
    }
    return { choice, thread, nth: counts.get(thread) ?? 0, clock: machine.clock(thread) };
  });
}

function comesFirst(earlier: Moment, later: Moment): boolean {
  return (later.clock[earlier.thread] ?? 0) >= earlier.nth;
}
