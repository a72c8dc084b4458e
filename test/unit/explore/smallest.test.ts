import { describe, expect, it } from "vitest";
import { sightingKey, sightings } from "../../../language-server/explore/sighting.js";
import { smaller, type Size } from "../../../language-server/explore/size.js";
import { smallest, type SmallestOptions } from "../../../language-server/explore/smallest.js";
import { asItRuns, type Machine } from "../../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { smallestOfAll } from "../../harness/every-schedule.js";
import { Random } from "../../harness/random.js";
import { explored, jobOf, threads } from "./programs.js";

const sets: Readonly<Record<string, readonly string[]>> = {
  memory: ["inc x", "write x", "read y", "write y", "add z"],
  locks: ["lock a", "unlock a", "lock b", "unlock b", "trylock a", "inc x"],
  "readers and writers": ["rlock r", "runlock r", "rwlock r", "rwunlock r", "inc x"],
  channels: ["send c", "recv c", "send d", "recv d", "close c", "write x"],
  "meetings of any two": ["send d", "recv d", "send d", "recv d", "exit 3"],
  waits: ["wgdone", "yield", "sleep 5", "enqueue k", "park k", "signal k", "select c d"],
};

/** Programs of each set. */
const programs = 60;
const most = 20_000;

function randomProgram(seed: number, operations: readonly string[]): Program {
  const random = new Random(seed);
  const count = 2 + random.below(2);
  const texts = Array.from({ length: count }, () =>
    Array.from({ length: 1 + random.below(count === 2 ? 3 : 2) }, () =>
      random.pick(operations),
    ).join("; "),
  );
  return threads(texts, { channels: { c: 1 }, waits: random.below(4) > 0 });
}

function machineFor(program: Program, visible: readonly string[]): Machine {
  const machine = makeMachine(program);
  machine.configure({ ...asItRuns, visible: new Set(visible), telling: false });
  return machine;
}

function options(program: Program, machine: Machine, sizes: Map<string, Size>): SmallestOptions {
  return {
    machine,
    entry: jobOf(program).entry,
    depth: 200,
    states: 1_000_000,
    interrupted: () => false,
    ended: (execution, size) => {
      for (const it of sightings(machine, program, execution)) {
        const key = sightingKey(it);
        const known = sizes.get(key);
        if (it.kind === "race" || (known !== undefined && !smaller(size, known))) continue;
        sizes.set(key, size);
      }
    },
    meeting: () => undefined,
    bound: () => null,
  };
}

/** Random programs that have few enough schedules, and what is seen of them at the smallest. */
function* small(operations: readonly string[]): Iterable<{
  readonly seed: number;
  readonly program: Program;
  readonly visible: readonly string[];
  readonly expected: ReadonlyMap<string, Size>;
}> {
  let found = 0;
  for (let seed = 1; found < programs; seed++) {
    const program = randomProgram(seed, operations);
    const { visible } = explored(program, 2000).natural;
    const machine = machineFor(program, visible);
    const expected = smallestOfAll({ machine, program, entry: jobOf(program).entry, most });
    if (expected === null) continue;
    found++;
    yield { seed, program, visible, expected };
  }
}

describe("the smallest schedules", () => {
  it.each(Object.entries(sets))("are those of trying everything: %s", (_name, operations) => {
    for (const { seed, program, visible, expected } of small(operations)) {
      const machine = machineFor(program, visible);
      const sizes = new Map<string, Size>();
      const { all } = smallest(options(program, machine, sizes));
      const ends = [...expected].filter(([key]) => !key.startsWith("race "));
      expect({ seed, all, sizes: [...sizes].sort() }).toEqual({
        seed,
        all: true,
        sizes: ends.sort(),
      });
    }
  });

  it.each(Object.entries(sets))("are never claimed wrongly: %s", (_name, operations) => {
    let claimed = 0;
    for (const { seed, program, expected } of small(operations)) {
      for (const it of explored(program).found) {
        if (!it.size.minimal) continue;
        const { preemptions, switches, steps } = it.size;
        const key = sightingKey(it);
        const size = [preemptions, switches, steps];
        expect({ seed, key, size }).toEqual({ seed, key, size: expected.get(key) });
        claimed++;
      }
    }
    expect(claimed).toBeGreaterThan(programs / 10);
  });
});

describe("states that differ in who ran last", () => {
  // Who met whom last decides whether the other side may go on without a switch.
  it.each([
    ["send d; send d; send d", "recv d; lock y", "recv d; add q; add q"],
    ["recv d; lock z; lock z", "recv d; lock y; lock y", "send d; send d; send d"],
    ["send d; send d; send d", "recv d; lock z; lock z", "recv d; write x; write x"],
  ])("are different states: %s", (...texts) => {
    for (const waits of [true, false]) {
      const program = threads(texts, { waits });
      const machine = machineFor(program, []);
      const { entry } = jobOf(program);
      const expected = smallestOfAll({ machine, program, entry, most: 100_000 });
      const sizes = new Map<string, Size>();
      smallest(options(program, machine, sizes));
      const ends = [...(expected ?? [])].filter(([key]) => !key.startsWith("race "));
      expect([...sizes].sort()).toEqual(ends.sort());
    }
  });
});

describe("a search for the smallest schedules", () => {
  const program = threads(["lock a; lock b; unlock b; unlock a", "lock b; lock a"]);

  it("says how far it came when its states run out", () => {
    const machine = machineFor(program, []);
    const sizes = new Map<string, Size>();
    const end = smallest({ ...options(program, machine, sizes), states: 20 });
    expect(end).toMatchObject({ all: false, states: 20 });
    expect(end.preemptions).toBeLessThan(2);
  });

  it("claims nothing about rounds that the bound on steps cut", () => {
    const machine = machineFor(program, []);
    const end = smallest({ ...options(program, machine, new Map()), depth: 5 });
    expect(end).toMatchObject({ all: false, preemptions: 0 });
  });

  it("ends with the round in which everything was found", () => {
    const machine = machineFor(program, []);
    const sizes = new Map<string, Size>();
    const found = (): Size | null => [...sizes.values()][0] ?? null;
    const end = smallest({ ...options(program, machine, sizes), bound: found });
    const all = smallest(options(program, machine, new Map()));
    expect(end.states).toBeLessThan(all.states);
    expect(end.all).toBe(false);
  });
});
