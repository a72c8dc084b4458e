// What is said of how a program can end holds: each end has a schedule that leads there when the program runs by itself,
// although the search that counted it goes on after main's end and after a panic.

import { describe, expect, it } from "vitest";
import { replay } from "../../../language-server/explore/replay.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { Random } from "../../harness/random.js";
import { explored, jobOf, threads } from "./programs.js";

const operations = [
  ...["lock a", "unlock a", "lock b", "unlock b", "trylock a"],
  ...["rlock r", "runlock r", "rwlock r", "rwunlock r"],
  ...["send c", "recv c", "close c", "send d", "recv d"],
  ...["inc x", "read x", "write x", "add y", "wgdone", "yield", "exit 3"],
];
const programs = 300;

/** Few kinds of operations each, so that they meet. */
function randomProgram(seed: number): Program {
  const random = new Random(seed);
  const some = Array.from({ length: 5 }, () => random.pick(operations));
  const count = 2 + random.below(2);
  const texts = Array.from({ length: count }, () =>
    Array.from({ length: 1 + random.below(count === 2 ? 5 : 3) }, () => random.pick(some)).join(
      "; ",
    ),
  );
  return threads(texts, { channels: { c: 1 }, waits: random.below(2) === 0 });
}

describe("the ends of a program", () => {
  it("have schedules that lead there", () => {
    let replayed = 0;
    for (let seed = 1; seed <= programs; seed++) {
      const program = randomProgram(seed);
      const { summary } = explored(program, 2000);
      for (const { kind, schedule } of summary.ends) {
        if (schedule === null) throw new Error(`seed ${seed}: no schedule for ${kind}`);
        const recording = replay(program, jobOf(program).entry, schedule, null, makeMachine);
        if ("problem" in recording) throw new Error(`seed ${seed}, ${kind}: ${recording.problem}`);
        expect({ seed, kind: recording.outcome.kind }).toEqual({ seed, kind });
        replayed++;
      }
    }
    expect(replayed).toBeGreaterThan(programs);
  });

  it("that are bad are among what was found", () => {
    for (let seed = 1; seed <= programs; seed++) {
      const { summary, found } = explored(randomProgram(seed), 2000);
      const bad = summary.outcomes.map((it) => it.kind).filter((it) => it !== "ok");
      const kinds = new Set(found.map((it) => it.kind));
      expect({ seed, unfound: bad.filter((it) => !kinds.has(it)) }).toEqual({ seed, unfound: [] });
    }
  });

  it("are found also where a writer waits for readers and main waits for nobody", () => {
    const program = threads(["rlock r; rwlock r"], { waits: false });
    const { summary, found } = explored(program);
    expect(summary.outcomes.map((it) => it.kind)).toEqual(["deadlock"]);
    expect(found.map((it) => it.kind)).toEqual(["deadlock"]);
  });

  it("are found also where a reader waits behind a writer that waits for ever", () => {
    const texts = ["rlock r; recv c", "rwlock r", "rlock r"];
    const { found } = explored(threads(texts, { waits: false }));
    // All three are left behind, or the second reader was there before the writer.
    const most = Math.max(...found.map((it) => it.places.length));
    expect(most).toBe(3);
  });

  it("are found also when main's last step starts a thread", () => {
    const texts = ["rlock r; recv c", "rwlock r", "rlock r; add y; rlock r"];
    const { found } = explored(threads(texts, { waits: false }));
    // The last thread at its first lock, at its second one, and there while the first has not come to read.
    const all = found.filter((it) => it.places.length === 3).map((it) => it.places.join(" "));
    expect(new Set(all).size).toBe(3);
  });
});
