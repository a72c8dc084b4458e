// How an execution goes on: a strategy picks one of the enabled choices, over and over.

import type { Choice } from "../../protocol/witness.js";
import type { FuncId } from "../ir/ir.js";
import type { Event, Halt, Machine } from "./vm/machine.js";

export interface Strategy {
  /** One of `enabled`, which is not empty. `last`: the step before. */
  pick(enabled: readonly Choice[], last: Event | undefined): Choice;
}

/** One execution as it went. */
export interface Execution {
  readonly choices: readonly Choice[];
  readonly events: readonly Event[];
  /** Undefined when the bound on steps cut it. */
  readonly halt: Halt | undefined;
}

/** Runs from the start. */
export function execute(
  machine: Machine,
  entry: FuncId,
  strategy: Strategy,
  depth: number,
): Execution {
  machine.reset(entry);
  const choices: Choice[] = [];
  const events: Event[] = [];
  while (machine.halted() === undefined && choices.length < depth) {
    const choice = strategy.pick(machine.enabled(), events.at(-1));
    choices.push(choice);
    events.push(machine.step(choice));
  }
  return { choices, events, halt: machine.halted() };
}

export function sameChoice(a: Choice, b: Choice): boolean {
  return (
    a.thread === b.thread &&
    a.arm === b.arm &&
    a.partner === b.partner &&
    a.partnerArm === b.partnerArm
  );
}

/** Whether the choice goes on with (one of) the thread(s) of the step before. */
export function continues(choice: Choice, last: Event | undefined): boolean {
  if (last === undefined) return true;
  const ran = [last.thread, last.partner];
  return (
    ran.includes(choice.thread) || (choice.partner !== undefined && ran.includes(choice.partner))
  );
}

/** How often the processor changes hands. */
export function switches(choices: readonly Choice[]): number {
  let count = 0;
  choices.forEach((choice, index) => {
    const before = choices[index - 1];
    if (before === undefined) return;
    const ran = [before.thread, before.partner ?? before.thread];
    if (!ran.includes(choice.thread) && !ran.includes(choice.partner ?? choice.thread)) count++;
  });
  return count;
}

/**
 * Order of the program: a thread runs until it waits, ends or yields, then the next one. The first
 * execution, and how others go on when they have nothing better to do.
 */
export const natural: Strategy = {
  pick(enabled, last) {
    const yields = last?.yielded === true;
    const choices = enabled.filter((it) => !overlaps(it, enabled));
    const same = choices.find((it) => continues(it, last));
    const others = choices.filter((it) => !continues(it, last));
    const after = others.find((it) => last !== undefined && it.thread > last.thread) ?? others[0];
    const chosen = yields ? (after ?? same) : (same ?? after);
    return chosen ?? (enabled[0] as Choice);
  },
};

/** Steps at one place in a row that are taken for waiting by asking again and again. */
const patience = 50;

/** `natural`, but for a thread that spins: the others go first for once. For one execution. */
export function fair(): Strategy {
  let spins = 0;
  let before: Event | undefined;
  return {
    pick(enabled, last) {
      const same = last?.thread === before?.thread && last?.span === before?.span;
      spins = same ? spins + 1 : 0;
      before = last;
      const choice = natural.pick(enabled, last);
      if (spins < patience || !continues(choice, last)) return choice;
      spins = 0;
      return enabled.find((it) => !continues(it, last)) ?? choice;
    },
  };
}

/** The variant of an access in which another thread's falls into it, which only a search asks for. */
function overlaps(choice: Choice, enabled: readonly Choice[]): boolean {
  return (
    choice.partner !== undefined &&
    enabled.some((it) => it.thread === choice.thread && it.partner === undefined)
  );
}
