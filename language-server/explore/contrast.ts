// The passing run nearest to a failing one: one race turned round and everything else as it was, or one choice made
// otherwise, as late as possible. That is what the failure hangs on.

import type { Choice, ThreadId } from "../../protocol/witness.js";
import type { FuncId } from "../ir/ir.js";
import { otherWays, sharedStarts } from "./other-ways.js";
import { reversals, type Reversed } from "./predict.js";
import { following } from "./shorten.js";
import { execute, sameChoice, type Execution } from "./strategy.js";
import type { Machine } from "./vm/machine.js";

export interface Contrasting {
  readonly choices: readonly Choice[];
  /**
   * Steps of the failing run that come the other way round; the second is the number of its steps where it has not
   * happened. Twice the same: the passing run chooses otherwise there.
   */
  readonly steps: readonly [number, number];
  /** Whose step the second would be, where it has not happened. */
  readonly waiting?: ThreadId;
  /** There is a race in the run. */
  readonly races?: true;
}

export interface ContrastOptions {
  readonly machine: Machine;
  readonly entry: FuncId;
  readonly depth: number;
  /** Runs to try of each kind. */
  readonly most: number;
  readonly passes: (execution: Execution) => boolean;
  readonly interrupted: () => boolean;
  /** A run that is known to pass, however far away it is; null: none is known. */
  readonly known: readonly Choice[] | null;
}

/** Steps that all runs of one kind may take together. */
const mostSteps = 40_000;

/** Null when nothing that was tried passes. */
export function contrast(choices: readonly Choice[], options: ContrastOptions): Contrasting | null {
  return oneReversal(choices, options) ?? oneChoice(choices, options) ?? towards(choices, options);
}

/** Of the schedule's own steps, the race as late as possible that is turned round. */
function oneReversal(choices: readonly Choice[], options: ContrastOptions): Contrasting | null {
  const { machine, entry } = options;
  const trial = trialOf(options);
  machine.reset(entry);
  for (const reversed of reversals(machine, choices)) {
    const passing = trial(reversed.choices);
    if (passing === "over") return null;
    if (passing === null) continue;
    const atOnce = trial(secondAtOnce(reversed));
    const nearest = atOnce === null || atOnce === "over" ? passing : atOnce;
    const { steps, moved } = reversed;
    const waiting = steps[1] < choices.length ? undefined : reversed.choices[moved]?.thread;
    return { choices: nearest, steps, ...(waiting === undefined ? {} : { waiting }) };
  }
  return null;
}

/** The thread of the second goes on alone until it has done it: the others' steps between the two can wait. */
function secondAtOnce({ steps: [first], choices, moved }: Reversed): readonly Choice[] {
  const thread = choices[moved]?.thread;
  const between = choices.slice(first, moved + 1);
  const its = (it: Choice): boolean => it.thread === thread || it.partner === thread;
  return [
    ...choices.slice(0, first),
    ...between.filter(its),
    ...between.filter((it) => !its(it)),
    ...choices.slice(moved + 1),
  ];
}

/** Another choice as late as possible, after which all goes on as it did. */
function oneChoice(choices: readonly Choice[], options: ContrastOptions): Contrasting | null {
  const trial = trialOf(options);
  for (const { at, choices: other } of otherWays(options.machine, options.entry, choices)) {
    const passing = trial(other);
    if (passing === "over") return null;
    if (passing !== null) return { choices: passing, steps: [at, at] };
  }
  return null;
}

/** As much of the failing run as possible, then as in the run that is known to pass. */
function towards(choices: readonly Choice[], options: ContrastOptions): Contrasting | null {
  if (options.known === null) return null;
  const trial = trialOf(options);
  for (const candidate of sharedStarts(choices, options.known)) {
    const passing = trial(candidate);
    if (passing === "over") break;
    if (passing !== null) return { choices: passing, steps: parting(choices, passing) };
  }
  const passing = trialOf(options)(options.known);
  if (passing === null || passing === "over") return null;
  return { choices: passing, steps: parting(choices, passing) };
}

/** Where two schedules part. */
function parting(a: readonly Choice[], b: readonly Choice[]): readonly [number, number] {
  const first = a.findIndex((it, at) => {
    const other = b[at];
    return other === undefined || !sameChoice(it, other);
  });
  const at = first < 0 ? a.length : first;
  return [at, at];
}

/** Runs a schedule as far as it goes and then naturally: its choices if it passes, null if not, "over" beyond the limits. */
function trialOf(
  options: ContrastOptions,
): (choices: readonly Choice[]) => readonly Choice[] | null | "over" {
  const { machine, entry, depth, most, passes, interrupted } = options;
  let runs = 0;
  let steps = 0;
  return (choices) => {
    if (runs++ >= most || steps >= mostSteps || interrupted()) return "over";
    const execution = execute(machine, entry, following(choices), depth, interrupted);
    steps += execution.choices.length;
    return passes(execution) ? execution.choices : null;
  };
}
