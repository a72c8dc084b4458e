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
  /** Undefined when the bound on steps cut it, or somebody interrupted it. */
  readonly halt: Halt | undefined;
  /** By step: whether the thread of the step before could have gone on. */
  readonly preempts: readonly boolean[];
}

/** Runs from the start; `interrupted` is polled between any two steps. */
export function execute(
  machine: Machine,
  entry: FuncId,
  strategy: Strategy,
  depth: number,
  interrupted: () => boolean = () => false,
): Execution {
  machine.reset(entry);
  const choices: Choice[] = [];
  const events: Event[] = [];
  const preempts: boolean[] = [];
  while (machine.halted() === undefined && choices.length < depth && !interrupted()) {
    const enabled = machine.enabled();
    const last = events.at(-1);
    const choice = strategy.pick(enabled, last);
    preempts.push(isPreemption(choice, enabled, last));
    choices.push(choice);
    events.push(machine.step(choice));
  }
  return { choices, events, halt: machine.halted(), preempts };
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
export function continues(
  choice: Choice,
  last: Pick<Event, "thread" | "partner"> | undefined,
): boolean {
  if (last === undefined) return true;
  const { thread, partner } = choice;
  if (thread === last.thread || thread === last.partner) return true;
  return partner !== undefined && (partner === last.thread || partner === last.partner);
}

/** Whether the processor is taken from a thread that could have gone on. */
export function isPreemption(
  choice: Choice,
  enabled: readonly Choice[],
  last: Pick<Event, "thread" | "partner" | "yielded"> | undefined,
): boolean {
  if (last === undefined || last.yielded || continues(choice, last)) return false;
  return enabled.some((it) => continues(it, last));
}

/** How often the processor changes hands. */
export function switches(choices: readonly Choice[]): number {
  let count = 0;
  choices.forEach((choice, index) => {
    const before = choices[index - 1];
    if (before === undefined) return;
    const last = { thread: before.thread, partner: before.partner ?? null };
    if (!continues(choice, last)) count++;
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

/** Steps of one thread in a row that are taken for waiting by asking again and again. */
const patience = 50;

/** `natural`, but for a thread that spins: the others go first for once. For one execution. */
export function fair(): Strategy {
  let spins = 0;
  let before: Event | undefined;
  return {
    pick(enabled, last) {
      spins = last?.thread === before?.thread && changesNothing(last) ? spins + 1 : 0;
      before = last;
      const choice = natural.pick(enabled, last);
      if (spins < patience || !continues(choice, last)) return choice;
      spins = 0;
      return enabled.find((it) => !continues(it, last)) ?? choice;
    },
  };
}

/** A step after which nothing is other than before for anybody else, as far as can be told. */
function changesNothing(event: Event | undefined): boolean {
  return event !== undefined && event.spawned.length === 0 && event.partner === null;
}

/** The variant of an access in which another thread's falls into it, which only a search asks for. */
function overlaps(choice: Choice, enabled: readonly Choice[]): boolean {
  return (
    choice.partner !== undefined &&
    enabled.some((it) => it.thread === choice.thread && it.partner === undefined)
  );
}
