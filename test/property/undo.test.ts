// Going back in time three ways, on random programs: by undo, by running again from the start, and by other machines that
// run the same steps. The state is the same after every step, as a search runs the program and as it runs by itself.

import { describe, expect, it } from "vitest";
import {
  asItRuns,
  type Machine,
  type MachineOptions,
} from "../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { FuncId, Program } from "../../language-server/ir/ir.js";
import type { Choice } from "../../protocol/witness.js";
import { features, type Feature } from "../harness/oracle/fragments.js";
import { randomProgram } from "../harness/oracle/random-program.js";
import { toIr } from "../harness/oracle/to-ir.js";
import { Random } from "../harness/random.js";

/** Programs of each kind. */
const programs = 112;
const mostSteps = 60;

const modes: Readonly<Record<string, MachineOptions>> = {
  "as a search runs them": {
    ...asItRuns,
    telling: false,
    ghosts: true,
    writerPreference: false,
    overlaps: false,
  },
  "with announcements and any delay": {
    ...asItRuns,
    telling: false,
    ghosts: true,
    time: "any",
  },
  "as they run": asItRuns,
};

interface Path {
  readonly choices: readonly Choice[];
  readonly marks: readonly number[];
  /** Before each step, and at the end. */
  readonly hashes: readonly string[];
}

function entryOf({ entries }: Program): FuncId {
  const [entry] = entries;
  if (entry === undefined) throw new Error("no entry");
  return entry.func;
}

function started(program: Program, options: MachineOptions): Machine {
  const machine = makeMachine(program);
  machine.configure(options);
  machine.reset(entryOf(program));
  return machine;
}

/** Any way to the end, with a step to the side at every place. */
function walked(machine: Machine, random: Random): Path {
  const choices: Choice[] = [];
  const marks: number[] = [];
  const hashes = [machine.hash()];
  while (machine.halted() === undefined && choices.length < mostSteps) {
    const mark = machine.mark();
    machine.step(random.pick(machine.enabled()));
    machine.undoTo(mark);
    const choice = random.pick(machine.enabled());
    marks.push(machine.mark());
    choices.push(choice);
    machine.step(choice);
    hashes.push(machine.hash());
  }
  return { choices, marks, hashes };
}

function ranAgain(machine: Machine, choices: readonly Choice[]): readonly string[] {
  const hashes = [machine.hash()];
  for (const it of choices) {
    machine.step(it);
    hashes.push(machine.hash());
  }
  return hashes;
}

function undone(machine: Machine, { marks, hashes }: Path): readonly string[] {
  const back = marks.toReversed().map((mark) => {
    machine.undoTo(mark);
    return machine.hash();
  });
  return [...back.toReversed(), ...hashes.slice(-1)];
}

/** For each state the first that is the same. */
function equals(hashes: readonly string[]): readonly number[] {
  return hashes.map((it) => hashes.indexOf(it));
}

/** The number of steps of all programs. */
function compare(feature: Feature, options: MachineOptions): number {
  let steps = 0;
  for (let seed = 1; seed <= programs; seed++) {
    const program = toIr(randomProgram(feature, seed));
    const machine = started(program, options);
    const path = walked(machine, new Random(seed));
    const { choices, hashes } = path;
    expect({ seed, undone: undone(machine, path) }).toEqual({ seed, undone: hashes });
    expect({ seed, forward: ranAgain(machine, choices) }).toEqual({ seed, forward: hashes });
    machine.reset(entryOf(program));
    expect({ seed, again: ranAgain(machine, choices) }).toEqual({ seed, again: hashes });
    // Objects have numbers by when a machine first saw them, so hashes compare where two have seen the same.
    const [one, other] = [0, 1].map(() => ranAgain(started(program, options), choices));
    expect({ seed, other }).toEqual({ seed, other: one });
    expect({ seed, equal: equals(one ?? []) }).toEqual({ seed, equal: equals(hashes) });
    steps += choices.length;
  }
  return steps;
}

describe.each(Object.entries(modes))("states of random programs %s", (_name, options) => {
  it.each(features)("are the same by undo, again and elsewhere: %s", (feature) => {
    expect(compare(feature, options)).toBeGreaterThan(programs * 4);
  });
});
