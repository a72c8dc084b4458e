import { describe, expect, it } from "vitest";
import { depthFirst } from "../../../language-server/explore/dfs.js";
import { seeded } from "../../../language-server/explore/random.js";
import { asItRuns, type Machine } from "../../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import type { FuncId, Program } from "../../../language-server/ir/ir.js";
import { explored, jobOf, threads } from "./programs.js";

// Every schedule without any cleverness against the search: both must end in the same states.

const depth = 60;
/** Programs with more schedules than these are left out. */
const most = 3000;
/** Programs per set; FUZZ_SEEDS asks for more. */
const seeds = Number(process.env["FUZZ_SEEDS"] ?? 30);

/** How an execution ended: outcome and state, whatever way led there. */
function end(machine: Machine): string {
  const halt = machine.halted();
  const outcome = halt?.kind === "finished" ? halt.outcome : undefined;
  const blocked = machine.blocked().map((it) => `${it.thread} ${it.reason}`);
  const message = outcome !== undefined && "message" in outcome ? outcome.message : "";
  return [halt?.kind, outcome?.kind, message, ...blocked, machine.hash()].join("|");
}

/** All ends by trying every choice everywhere; null when there are too many. */
function everyEnd(machine: Machine, entry: FuncId): Set<string> | null {
  const ends = new Set<string>();
  let runs = 0;
  const go = (steps: number): boolean => {
    if (machine.halted() !== undefined || steps >= depth) {
      ends.add(end(machine));
      return ++runs <= most;
    }
    const mark = machine.mark();
    for (const choice of machine.enabled()) {
      machine.step(choice);
      const fits = go(steps + 1);
      machine.undoTo(mark);
      if (!fits) return false;
    }
    return true;
  };
  machine.reset(entry);
  return go(0) ? ends : null;
}

function searchedEnds(
  machine: Machine,
  entry: FuncId,
): { readonly ends: Set<string>; readonly runs: number } {
  const ends = new Set<string>();
  let runs = 0;
  const over = depthFirst({
    machine,
    entry,
    depth,
    interrupted: () => false,
    wasted: () => "go on",
    visit: () => {
      runs++;
      ends.add(end(machine));
      return "go on";
    },
  });
  expect(over).toBe("done");
  return { ends, runs };
}

const sets: Readonly<Record<string, readonly string[]>> = {
  "memory and atomics": ["inc x", "read x", "write x", "add y", "add z", "add y"],
  mutexes: ["lock a", "unlock a", "lock b", "unlock b", "trylock a", "add x"],
  "read-write locks": ["rlock r", "runlock r", "rwlock r", "rwunlock r", "add x"],
  channels: ["send c", "recv c", "close c", "send d", "recv d"],
  selects: ["send c", "recv d", "send d", "select c d", "poll c", "close d"],
  "wait groups and once": ["wgdone", "once o", "onceend o", "add x", "yield"],
  conditions: ["enqueue k", "park k", "signal k", "broadcast k", "lock a", "unlock a"],
  time: ["sleep 5", "sleep 7", "send c", "recv c", "add x"],
};

function randomProgram(seed: number, operations: readonly string[]): Program {
  const random = seeded(seed);
  const pick = (): string => operations[Math.floor(random() * operations.length)] ?? "yield";
  const count = 2 + Math.floor(random() * 2);
  const texts = Array.from({ length: count }, () =>
    Array.from({ length: 1 + Math.floor(random() * (count === 2 ? 4 : 2)) }, pick).join("; "),
  );
  return threads(texts, { channels: { c: 1 }, waits: random() < 0.7 });
}

describe("the search loses nothing that trying everything finds", () => {
  for (const [name, operations] of Object.entries(sets)) {
    it(name, () => {
      let compared = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const program = randomProgram(seed, operations);
        const { entry } = jobOf(program);
        const machine = makeMachine(program);
        // Plain accesses are only tried in every order where they race.
        const visible = new Set(explored(program).natural.visible);
        machine.configure({ ...asItRuns, visible });
        const expected = everyEnd(machine, entry);
        if (expected === null) continue;
        compared++;
        const { ends, runs } = searchedEnds(machine, entry);
        const lost = [...expected].filter((it) => !ends.has(it));
        const invented = [...ends].filter((it) => !expected.has(it));
        expect({ seed, lost, invented }).toEqual({ seed, lost: [], invented: [] });
        expect(runs, `seed ${seed}: ends are runs`).toBeGreaterThanOrEqual(ends.size);
      }
      expect(compared).toBeGreaterThan(seeds / 3);
    });
  }
});
