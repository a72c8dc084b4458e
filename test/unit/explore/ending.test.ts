import { describe, expect, it } from "vitest";
import { causeOf } from "../../../language-server/explore/ending.js";
import { following } from "../../../language-server/explore/shorten.js";
import { execute } from "../../../language-server/explore/strategy.js";
import { asItRuns } from "../../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import { executed } from "../../harness/executed.js";
import { spawning, type Operation } from "../../harness/oracle/program.js";
import { toIr } from "../../harness/oracle/to-ir.js";
import { jobOf } from "./programs.js";

const spawn = (thread: number): Operation => ({ kind: "spawn", thread });

describe("what leads to a step", () => {
  // Main fails when it sees the 1 of thread 4, which thread 2 starts; thread 1 starts thread 3.
  const program = toIr({
    ...spawning([], { cells: 1, mutexes: 1 }),
    threads: [
      [
        spawn(1),
        spawn(2),
        { kind: "load", cell: 0, dst: 0 },
        { kind: "unless", register: 0, is: 1, to: 5 },
        { kind: "unlock", mutex: 0 },
      ],
      [spawn(3)],
      [spawn(4)],
      [],
      [
        { kind: "store", cell: 0, value: 1 },
        { kind: "store", cell: 0, value: 0 },
      ],
    ],
  });
  const { machine, execution } = executed(program, [0, 0, 0, 1, 1, 2, 2, 4, 4, 0, 0]);
  const [failure] = machine.failures();

  it("is told with the numbers that threads have when the rest is left out", () => {
    const cause = causeOf(machine, execution, [failure?.step ?? -1]);
    expect(cause.map((it) => it.thread)).toEqual([0, 0, 0, 2, 2, 3, 3, 0, 0]);
    const runner = makeMachine(program);
    runner.configure({ ...asItRuns });
    execute(runner, jobOf(program).entry, following(cause), 100);
    expect(runner.failures().map((it) => it.message)).toEqual([failure?.message]);
  });

  it("is everything when no step is asked for, and then who still waits", () => {
    const all = causeOf(machine, execution, null);
    const waiting = machine.blocked().map((it) => it.thread);
    expect(all.length).toBe(execution.length + waiting.length);
    expect(all.slice(execution.length).map((it) => it.thread)).toEqual(waiting);
  });
});
