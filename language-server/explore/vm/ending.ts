// How executions end: a deadlock when nothing can run, a leak when main is over and somebody waits for ever.

import type { Blocked, Choice, Outcome } from "../../../protocol/witness.js";
import type { Goroutine } from "./goroutine.js";
import type { Failure } from "./machine.js";
import { dozes } from "./nap.js";
import { forsaken } from "./reach.js";
import { blockedOf, lockCycle } from "./waiting.js";
import { isParked } from "./spin.js";
import { opOf, waits, type World } from "./world.js";

/** What looking beyond main's end needs of the machine. */
export interface Ending {
  choices(): readonly Choice[];
  step(choice: Choice): unknown;
  /** Something not modelled, or a bound, ended the look. */
  stopped(): boolean;
}

/** Steps that goroutines get after main's end to wake those that wait. */
const patience = 2000;

/** Go's words; the goroutines that wait are told one by one. Where some go round in circles Go says nothing. */
export function stuckOutcome(world: World): Outcome {
  const waiting = world.threads.filter((it) => waits(it) || dozes(it));
  const spinning = waiting.filter((it) => isParked(it) || dozes(it));
  const left = spinning.length > 0 ? forsakenNow(world) : null;
  if (left !== null) return left;
  if (spinning.length > 0) {
    const verb = spinning.length === 1 ? "spins" : "spin";
    const message = `${names(spinning)} ${verb} forever`;
    return { kind: "livelock", blocked: blockedAll(world, waiting), message };
  }
  const message =
    waiting.length === 0
      ? "no goroutines (main called runtime.Goexit) - deadlock!"
      : "all goroutines are asleep - deadlock!";
  return { kind: "deadlock", blocked: blockedAll(world, waiting), message };
}

/** Who waits for what nobody who goes on can reach; null when nobody does. */
export function forsakenNow(world: World): Extract<Outcome, { kind: "leak" | "deadlock" }> | null {
  const left = forsaken(world);
  if (left.length === 0) return null;
  const [is, it] = left.length === 1 ? ["is", "it"] : ["are", "them"];
  return {
    kind: left.some(({ id }) => id === 0) ? "deadlock" : "leak",
    blocked: blockedAll(world, left),
    message: `${names(left)} ${is} blocked forever, and nobody who goes on can wake ${it}`,
  };
}

export function outcomeOf({ kind, step, message }: Failure): Outcome {
  return { kind, step, message };
}

/**
 * Who is left behind for good when main ends; null when nobody is. Late is not left behind, nor is who asks again and again
 * for what nobody changes: programs end with such loops in the background.
 */
export function atMainEnd(world: World, ending: Ending): Outcome | null {
  const before = waitingNow(world, ending).filter((it) => !isParked(it));
  if (before.length === 0) return null;
  const mark = world.core.trail.mark();
  const left = afterwards(world, ending, before);
  world.core.trail.undoTo(mark);
  if (left.length === 0) return null;
  const cycle = lockCycle(world, left);
  const blocked = blockedAll(world, left);
  if (cycle.length > 0) {
    return { kind: "deadlock", blocked, message: `${names(cycle)} ${cycleWords(cycle)}` };
  }
  const verb = left.length === 1 ? "is" : "are";
  return {
    kind: "leak",
    blocked,
    message: `${names(left)} ${verb} blocked forever when main ends`,
  };
}

/** Lets everybody else run; those of `before` that still wait where they did, or none when we cannot tell. */
function afterwards(
  world: World,
  ending: Ending,
  before: readonly Goroutine[],
): readonly Goroutine[] {
  world.own(world).looking = true;
  const stood = before.map(opOf);
  for (let step = 0; step < patience; step++) {
    const [choice] = ending.choices();
    if (choice === undefined) {
      const waiting = waitingNow(world, ending);
      return before.filter((it, at) => waiting.includes(it) && opOf(it) === stood[at]);
    }
    ending.step(choice);
    if (ending.stopped()) return [];
  }
  return [];
}

function waitingNow(world: World, ending: Ending): readonly Goroutine[] {
  const able = new Set(ending.choices().flatMap((it) => [it.thread, it.partner ?? it.thread]));
  return world.threads.filter((it) => waits(it) && !able.has(it.id));
}

export function blockedAll(world: World, threads: readonly Goroutine[]): readonly Blocked[] {
  return threads.flatMap((it) => blockedOf(world, it) ?? []);
}

export function names(threads: readonly Goroutine[]): string {
  const all = threads.map((it) => it.name);
  const last = all.pop() ?? "";
  return all.length === 0 ? last : `${all.join(", ")} and ${last}`;
}

export function cycleWords(cycle: readonly Goroutine[]): string {
  return cycle.length === 1
    ? "waits for a lock it holds itself"
    : "wait for each other's locks forever";
}
