// A search lets goroutines go on after the program's end, as ghosts. Over all interleavings of random programs that must
// show the same panics and deadlocks as stopping there does, and leave at least the same goroutines behind.

import { describe, expect, it } from "vitest";
import {
  asItRuns,
  type Machine,
  type MachineOptions,
} from "../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../language-server/ir/ir.js";
import { Random } from "../harness/random.js";
import { threads } from "../unit/explore/programs.js";

const features: Readonly<Record<string, readonly string[]>> = {
  locks: ["lock m", "unlock m", "lock n", "unlock n", "trylock m", "add x"],
  "reader and writer locks": ["rlock m", "runlock m", "rwlock m", "rwunlock m"],
  channels: ["send c", "recv c", "send d", "recv d", "close c", "poll c", "len d"],
  "ends of all kinds": ["wgdone", "exit 3", "exit 0", "goexit", "unlock m", "close c", "add x"],
  time: ["sleep 5", "sleep 7", "recv c", "send c", "wgdone", "lock m"],
};

/** Executions of one program beyond which it is left for another. */
const most = 2000;
const programs = 40;

const stopping: MachineOptions = { ...asItRuns, telling: false };
const ghostly: MachineOptions = { ...stopping, ghosts: true };

interface Ends {
  readonly failures: Set<string>;
  readonly deadlocks: Set<string>;
  /** Goroutines that were left behind. */
  readonly left: Set<number>;
}

function noteEnd(machine: Machine, ends: Ends): void {
  for (const { kind, message } of machine.failures()) ends.failures.add(`${kind} ${message}`);
  const halt = machine.halted();
  if (halt?.kind !== "finished") throw new Error(`ended as ${halt?.kind ?? "nothing"}`);
  const { outcome } = halt;
  if (outcome.kind !== "deadlock" && outcome.kind !== "leak") return;
  if (outcome.message.endsWith("deadlock!")) ends.deadlocks.add(outcome.message);
  else for (const { thread } of outcome.blocked) ends.left.add(thread);
}

/** By trying every choice everywhere; null when there are too many. */
function everyEnd(program: Program, options: MachineOptions): Ends | null {
  const machine = makeMachine(program);
  machine.configure(options);
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  machine.reset(entry.func);
  const ends: Ends = { failures: new Set(), deadlocks: new Set(), left: new Set() };
  let executions = 0;
  const visit = (): boolean => {
    if (machine.halted() !== undefined) {
      noteEnd(machine, ends);
      return ++executions <= most;
    }
    return machine.enabled().every((choice) => {
      const mark = machine.mark();
      machine.step(choice);
      const goOn = visit();
      machine.undoTo(mark);
      return goOn;
    });
  };
  return visit() ? ends : null;
}

function randomProgram(operations: readonly string[], random: Random): Program {
  const texts = Array.from({ length: 2 }, () =>
    Array.from({ length: 1 + random.below(3) }, () => random.pick(operations)).join("; "),
  );
  const main = random.below(2) === 0 ? "" : random.pick(operations.filter((it) => it !== "wgdone"));
  return threads(texts, { channels: { c: 0, d: 1 }, main, waits: random.below(2) === 0 });
}

describe("ghosts lose nothing that stopping at the end finds", () => {
  it.each(Object.entries(features))("%s", (_name, operations) => {
    let compared = 0;
    for (let seed = 1; compared < programs && seed < programs * 20; seed++) {
      const program = randomProgram(operations, new Random(seed));
      const expected = everyEnd(program, stopping);
      const actual = everyEnd(program, ghostly);
      if (expected === null || actual === null) continue;
      compared++;
      expect({ seed, failures: actual.failures }).toEqual({ seed, failures: expected.failures });
      expect({ seed, deadlocks: actual.deadlocks }).toEqual({
        seed,
        deadlocks: expected.deadlocks,
      });
      // Where a ghost crashes, that is told and nothing else.
      if (actual.failures.size > 0) continue;
      const lost = [...expected.left].filter((it) => !actual.left.has(it));
      expect({ seed, lost }).toEqual({ seed, lost: [] });
    }
    expect(compared).toBe(programs);
  });
});
