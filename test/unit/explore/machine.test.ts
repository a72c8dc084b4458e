import { describe, expect, it } from "vitest";
import { natural, execute } from "../../../language-server/explore/strategy.js";
import { replay } from "../../../language-server/explore/replay.js";
import { seeded, walk } from "../../../language-server/explore/random.js";
import {
  asItRuns,
  type Event,
  type Machine,
  type MachineOptions,
} from "../../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import type { Choice } from "../../../protocol/witness.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { explored, jobOf, threads } from "./programs.js";

const operations = [
  "lock a",
  "unlock a",
  "lock b",
  "unlock b",
  "rlock r",
  "runlock r",
  "rwlock r",
  "rwunlock r",
  "trylock a",
  "read x",
  "write x",
  "inc x",
  "add y",
  "send c",
  "recv c",
  "close c",
  "send d",
  "recv d",
  "select c d",
  "poll c",
  "poll d",
  "wgdone",
  "once o",
  "onceend o",
  "enqueue k",
  "park k",
  "signal k",
  "broadcast k",
  "sleep 5",
  "yield",
];

/** Programs that need make no sense: any order of any operations must be undone exactly. */
function randomProgram(seed: number): Program {
  const random = seeded(seed);
  const pick = (): string => operations[Math.floor(random() * operations.length)] ?? "yield";
  const texts = Array.from({ length: 2 + Math.floor(random() * 2) }, () =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, pick).join("; "),
  );
  return threads(texts, { channels: { c: 1 } });
}

function hashes(machine: Machine, program: Program, seed: number): void {
  const { entry, limits } = jobOf(program);
  const { choices } = execute(machine, entry, walk(seed, machine, 20), limits.depth);
  machine.reset(entry);
  const forward: string[] = [];
  const marks: number[] = [];
  for (const choice of choices) {
    forward.push(machine.hash());
    marks.push(machine.mark());
    machine.step(choice);
  }
  const end = machine.hash();
  for (let index = choices.length - 1; index >= 0; index--) {
    machine.undoTo(marks[index] ?? 0);
    expect(machine.hash(), `after taking back step ${index + 1}`).toBe(forward[index]);
  }
  for (const choice of choices) machine.step(choice);
  expect(machine.hash()).toBe(end);
}

/** As a search runs it. */
const searched: MachineOptions = {
  ...asItRuns,
  telling: false,
  ghosts: true,
  writerPreference: false,
  overlaps: false,
};

/** Everything that a search sees of the machine between two steps. */
function seen(machine: Machine): unknown {
  const ids = Array.from({ length: machine.threadCount() }, (_, id) => id);
  return {
    hash: machine.hash(),
    enabled: machine.enabled(),
    choices: ids.map((id) => machine.choicesOf(id)),
    standing: ids.map((id) => machine.standing(id)),
    clocks: ids.map((id) => machine.clock(id)),
    halted: machine.halted(),
    failures: machine.failures(),
    races: machine.races(),
    end: machine.endStep(),
    rereads: machine.rereads(),
    output: machine.output(),
  };
}

/** Undo along a random walk, with a detour at every step, against running again. */
function undone(program: Program, options: MachineOptions, seed: number): void {
  const machine = makeMachine(program);
  machine.configure(options);
  const { entry } = jobOf(program);
  const random = seeded(seed);
  machine.reset(entry);
  const moments: { readonly before: unknown; readonly mark: number; readonly choice: Choice }[] =
    [];
  const events: Event[] = [];
  const pick = (): Choice => {
    const enabled = machine.enabled();
    return enabled[Math.floor(random() * enabled.length)] as Choice;
  };
  while (machine.halted() === undefined && moments.length < 100) {
    const before = seen(machine);
    const mark = machine.mark();
    machine.step(pick());
    machine.undoTo(mark);
    expect(seen(machine)).toEqual(before);
    const choice = pick();
    moments.push({ before, mark: machine.mark(), choice });
    events.push(machine.step(choice));
  }
  const end = seen(machine);
  for (const { before, mark } of moments.toReversed()) {
    machine.undoTo(mark);
    expect(seen(machine)).toEqual(before);
  }
  expect(moments.map(({ choice }) => machine.step(choice))).toEqual(events);
  expect(seen(machine)).toEqual(end);
  machine.reset(entry);
  expect(moments.map(({ choice }) => machine.step(choice))).toEqual(events);
  expect(seen(machine)).toEqual(end);
}

describe("the machine", () => {
  it("comes back to the same state as a search runs it", () => {
    for (let seed = 1; seed <= 150; seed++) {
      const program = randomProgram(seed);
      undone(program, searched, seed);
      undone(program, { ...searched, time: "any" }, seed);
    }
  });

  it("comes back to the same state by undo and by running again", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const program = randomProgram(seed);
      hashes(makeMachine(program), program, seed);
    }
  });

  it("tells the same story when a schedule runs again", () => {
    let replayed = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const program = randomProgram(seed);
      const { found } = explored(program, 200, 100);
      for (const { kind, schedule, outcome } of found) {
        const recording = replay(program, jobOf(program).entry, schedule, outcome, makeMachine);
        if ("problem" in recording) throw new Error(`seed ${seed}: ${recording.problem}`);
        expect(recording.outcome.kind, `seed ${seed}`).toBe(kind);
        replayed++;
      }
    }
    expect(replayed).toBeGreaterThan(50);
  });

  it("changes nothing when asked what is next", () => {
    const program = threads(["lock a; inc x; unlock a", "lock a; inc x; unlock a"]);
    const machine = makeMachine(program);
    const { entry } = jobOf(program);
    const { choices } = execute(machine, entry, natural, 100);
    machine.reset(entry);
    for (const choice of choices) {
      const before = [machine.hash(), machine.objects().length];
      const pending = machine.pending(choice.thread);
      expect(pending).not.toBeNull();
      expect([machine.hash(), machine.objects().length]).toEqual(before);
      machine.step(choice);
    }
  });

  it("says what a schedule cannot do", () => {
    const program = threads(["lock a"]);
    const { natural: schedule } = explored(program);
    const wrong = { ...schedule, choices: [...schedule.choices, { thread: 0 }] };
    const answer = replay(program, jobOf(program).entry, wrong, null, makeMachine);
    expect(answer).toEqual({
      problem: `step ${wrong.choices.length} of the schedule is not possible in this program`,
    });
  });

  it("orders what a lock orders, and nothing else", () => {
    const locked = threads(["lock a; inc x; unlock a", "lock a; inc x; unlock a"]);
    expect(explored(locked).found).toEqual([]);
    const apart = threads(["lock a; inc x; unlock a", "lock b; inc x; unlock b"]);
    expect(explored(apart).found.map((it) => it.kind)).toEqual(["race", "race", "race"]);
  });

  const ordered: readonly (readonly [string, readonly string[]])[] = [
    ["a send before its receive", ["write x; send c", "recv c; read x"]],
    ["a close before the receive that sees it", ["write x; close c", "recv c; read x"]],
    ["a receive before the send completes", ["send d; read x", "write x; recv d"]],
    ["once", ["once o; write x; onceend o", "once o; onceend o; read y"]],
    ["a signal before the return of Wait", ["enqueue k; park k; read x", "write x; signal k"]],
  ];
  for (const [name, texts] of ordered) {
    it(`orders ${name}`, () => {
      const result = explored(threads(texts, { channels: { c: 1 } }));
      expect(result.found.filter((it) => it.kind === "race")).toEqual([]);
    });
  }

  it("does not take the sends of a buffered channel for receives", () => {
    const result = explored(threads(["write x; recv c", "send c; read x"], { channels: { c: 1 } }));
    expect(result.found.map((it) => it.kind)).toEqual(["race"]);
  });
});
