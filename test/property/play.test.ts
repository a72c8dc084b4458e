// What may still be reached from a position equals what plain enumeration of all schedules from there gives: the same ends,
// and the same number of schedules for each; and no schedule to an end has fewer switches than the way that is shown.

import { describe, expect, it } from "vitest";
import { present } from "../../language-server/base/assert.js";
import { uncontrolled } from "../../language-server/explore/explorer.js";
import { look, type Look, type LookJob } from "../../language-server/explore/play/look.js";
import { smaller, type Size } from "../../language-server/explore/size.js";
import { continues, isPreemption } from "../../language-server/explore/strategy.js";
import { asItRuns, type Event, type Machine } from "../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../language-server/ir/ir.js";
import type { PlayEnd } from "../../protocol/play.js";
import type { Choice, Schedule } from "../../protocol/witness.js";
import { everyEnd, type Ended } from "../harness/every-end.js";
import { features, type Feature } from "../harness/oracle/fragments.js";
import { randomProgram } from "../harness/oracle/random-program.js";
import { toIr } from "../harness/oracle/to-ir.js";
import { Random } from "../harness/random.js";
import { explored, jobOf, threads } from "../unit/explore/programs.js";

/** Programs of each kind that have few enough schedules. */
const programs = 8;
const most = 3000;
const depth = 80;

interface Small {
  readonly seed: number;
  readonly program: Program;
  readonly schedule: Schedule;
  /** A complete exploration has seen no race. */
  readonly raceFree: boolean;
  readonly all: readonly Ended[];
}

function machineFor(program: Program, { visible, draws }: Schedule): Machine {
  const machine = makeMachine(program);
  machine.configure({
    ...asItRuns,
    visible: new Set(visible),
    draws: draws === true,
    telling: false,
  });
  return machine;
}

/** All schedules from a position; null when there are too many. */
function bruteForce(program: Program, schedule: Schedule): readonly Ended[] | null {
  const machine = machineFor(program, schedule);
  const { entry } = jobOf(program);
  return everyEnd({ machine, entry, prefix: schedule.choices, most, depth });
}

function* small(make: (seed: number) => Program): Iterable<Small> {
  let found = 0;
  for (let seed = 1; found < programs && seed < 4000; seed++) {
    const program = make(seed);
    const { natural, summary } = explored(program, 2000);
    const schedule = { ...natural, choices: [] };
    const all = bruteForce(program, schedule);
    if (all === null || all.length < 2) continue;
    found++;
    const raceFree = summary.complete && summary.outcomes.every((it) => it.kind !== "race");
    yield { seed, program, schedule, raceFree, all };
  }
}

function asked(
  { program, raceFree }: Small,
  schedule: Schedule,
  end: PlayEnd | null,
  states = 1_000_000,
): Look {
  const { entry } = jobOf(program);
  const limits = { depth: 200, states, millis: 100_000 };
  const job: LookJob = { program, entry, schedule, raceFree, limits, end };
  return look(job, makeMachine, uncontrolled);
}

/** By end, the number of schedules. */
function counted(all: readonly Ended[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { end } of all) counts[end] = (counts[end] ?? 0) + 1;
  return counts;
}

function reached(it: Look): Readonly<Record<string, number>> {
  if (it.kind !== "reach") throw new Error(JSON.stringify(it));
  expect(it.reach.limit).toBe(null);
  return Object.fromEntries(
    it.reach.ends.map(({ kind, label, ways }) => [`${kind ?? ""} ${label}`, ways]),
  );
}

/** Positions to look at: the start, and two on the way of some schedule. */
function prefixes({ all }: Small, random: Random): readonly (readonly Choice[])[] {
  const some = (): readonly Choice[] => {
    const { choices } = random.pick(all);
    return choices.slice(0, random.below(choices.length + 1));
  };
  return [[], some(), some()];
}

/** Preemptions, switches and steps after the prefix. */
function sizeAfter(program: Program, schedule: Schedule, choices: readonly Choice[]): Size {
  const machine = machineFor(program, schedule);
  machine.reset(jobOf(program).entry);
  let [preemptions, switches] = [0, 0];
  let last: Event | undefined;
  choices.forEach((choice, index) => {
    const enabled = machine.enabled();
    if (index >= schedule.choices.length) {
      if (isPreemption(choice, enabled, last)) preemptions++;
      if (last !== undefined && !continues(choice, last)) switches++;
    }
    last = machine.step(choice);
  });
  return [preemptions, switches, choices.length - schedule.choices.length];
}

function smallestTo(
  { program }: Small,
  schedule: Schedule,
  all: readonly Ended[],
  end: string,
): Size {
  const sizes = all
    .filter((it) => it.end === end)
    .map((it) => sizeAfter(program, schedule, it.choices));
  return sizes.reduce((a, b) => (smaller(b, a) ? b : a));
}

/** Compares from some positions; the number of positions. */
function compare(it: Small): number {
  const random = new Random(it.seed);
  const positions = prefixes(it, random);
  for (const choices of positions) {
    const schedule = { ...it.schedule, choices };
    const all = present(bruteForce(it.program, schedule), "all schedules");
    const said = { seed: it.seed, choices };
    const reach = asked(it, schedule, null);
    expect({ ...said, ends: reached(reach) }).toEqual({ ...said, ends: counted(all) });
    if (reach.kind !== "reach") continue;
    for (const end of reach.reach.ends) {
      const found = asked(it, schedule, end);
      if (found.kind !== "way" || found.way === null) throw new Error("no way");
      expect(found.complete).toBe(true);
      const key = `${end.kind ?? ""} ${end.label}`;
      const whole = [...choices, ...found.way.choices];
      expect(all).toContainEqual({ end: key, choices: whole });
      const { preemptions, switches } = found.way;
      const size = smallestTo(it, schedule, all, key);
      expect({ ...said, key, size: [preemptions, switches, found.way.choices.length] }).toEqual({
        ...said,
        key,
        size,
      });
    }
  }
  return positions.length;
}

const threadSets: Readonly<Record<string, readonly string[]>> = {
  "lost updates": ["inc x", "write x", "read x", "inc y"],
  "locks in any order": ["lock a", "unlock a", "lock b", "unlock b", "inc x"],
  "accesses that only a lock orders": ["write x", "read x", "lock a; unlock a", "lock a; unlock a"],
  channels: ["send c", "recv c", "send d", "recv d", "close c", "inc x"],
};

function randomThreads(seed: number, operations: readonly string[]): Program {
  const random = new Random(seed);
  const texts = Array.from({ length: 2 }, () =>
    Array.from({ length: 1 + random.below(3) }, () => random.pick(operations)).join("; "),
  );
  return threads(texts, { channels: { c: 1 }, waits: random.below(3) > 0 });
}

describe("what may still be reached, and the easiest way there, equal brute force", () => {
  it.each(features)("on random programs: %s", (feature: Feature) => {
    let count = 0;
    let positions = 0;
    for (const it of small((seed) => toIr(randomProgram(feature, seed)))) {
      positions += compare(it);
      count++;
    }
    expect({ count, positions }).toEqual({ count: programs, positions: programs * 3 });
  });

  it.each(Object.entries(threadSets))("on random threads: %s", (_name, operations) => {
    let count = 0;
    for (const it of small((seed) => randomThreads(seed, operations))) {
      compare(it);
      count++;
    }
    expect(count).toBe(programs);
  });
});

describe("a search that is cut", () => {
  it("never claims more than there is, and says that it was cut", () => {
    let cut = 0;
    for (const it of small((seed) => toIr(randomProgram("mixed", seed)))) {
      const exact = counted(it.all);
      const found = asked(it, it.schedule, null, 3);
      if (found.kind !== "reach") throw new Error("no answer");
      if (found.reach.limit === null) continue;
      cut++;
      expect(found.reach.limit).toBe("states");
      for (const { kind, label, ways } of found.reach.ends) {
        expect(ways).toBeGreaterThan(0);
        expect(ways).toBeLessThanOrEqual(exact[`${kind ?? ""} ${label}`] ?? 0);
      }
    }
    expect(cut).toBeGreaterThan(programs / 2);
  });

  it("finds no way, and does not say that there is none", () => {
    const program = threads(["inc x; inc y", "inc x; inc y"]);
    const { natural } = explored(program, 2000);
    const it = { seed: 0, program, schedule: natural, raceFree: false, all: [] };
    const impossible: PlayEnd = { kind: "deadlock", label: "" };
    const schedule = { ...natural, choices: [] };
    expect(asked(it, schedule, impossible, 3)).toEqual({ kind: "way", way: null, complete: false });
    expect(asked(it, schedule, impossible)).toEqual({ kind: "way", way: null, complete: true });
  });
});
