// Executions in the product's form, as the oracle takes them.

import { describe, expect, it } from "vitest";
import { present } from "../../../language-server/base/assert.js";
import type { Choice } from "../../../protocol/witness.js";
import { spawning, type OracleProgram } from "../../harness/oracle/program.js";
import { oracleOf, signatureOf, type Verdict } from "../../harness/oracle/traces.js";

/** Thread 2 receives from thread 1 by the second case of a select. */
const meeting = spawning(
  [
    [{ kind: "send", channel: 1, value: 1 }],
    [
      {
        kind: "select",
        cases: [
          { dir: "recv", channel: 0, value: 0 },
          { dir: "recv", channel: 1, value: 0 },
        ],
        fallback: false,
        arm: 0,
        dst: 1,
      },
    ],
  ],
  { channels: [0, 0] },
);

function verdict(program: OracleProgram, choices: readonly Choice[]): Verdict {
  return signatureOf(present(oracleOf(program), "oracle"), choices);
}

function steps(...threads: readonly number[]): readonly Choice[] {
  return threads.map((thread) => ({ thread }));
}

const met: Choice = { thread: 1, partner: 2, partnerArm: 1 };

describe("the product's choices", () => {
  it("begin every thread, and may end main", () => {
    const oracle = present(oracleOf(meeting), "oracle");
    const [trace] = oracle.traces;
    const expected = { kind: "trace", signature: trace };
    expect(signatureOf(oracle, [...steps(0, 0, 0, 1, 2), met])).toEqual(expected);
    expect(signatureOf(oracle, [...steps(0, 0, 0, 0, 2, 1), met])).toEqual(expected);
    expect(signatureOf(oracle, [...steps(0, 0, 1, 0, 2), met, ...steps(0)])).toEqual(expected);
  });

  it("are refused where they cannot be", () => {
    expect(verdict(meeting, [...steps(0, 0, 0, 1), met])).toEqual({
      kind: "refused",
      at: 4,
      reason: "the partner has not begun",
    });
    expect(verdict(meeting, [...steps(0, 0, 0, 1, 2), { ...met, partnerArm: 0 }])).toMatchObject({
      kind: "refused",
      at: 5,
    });
    expect(verdict(meeting, steps(0, 0, 5))).toMatchObject({
      at: 2,
      reason: "there is no thread 5",
    });
    expect(verdict(meeting, steps(0, 0, 0, 0, 0))).toMatchObject({ kind: "refused", at: 4 });
  });

  it("are refused when something should follow", () => {
    expect(verdict(meeting, steps(0, 0, 0, 1, 2))).toMatchObject({ kind: "refused", at: 5 });
  });

  it("number threads and timers in the order of their start", () => {
    const program = spawning(
      [[{ kind: "timer-start", timer: 0, duration: 1 }], [{ kind: "store", cell: 0, value: 1 }]],
      { cells: 1, channels: [1], timers: [0] },
    );
    // The timer starts before the second thread does, so it is number 2.
    expect(verdict(program, steps(0, 0, 1, 1, 0, 3, 3, 2)).kind).toBe("trace");
    expect(verdict(program, steps(0, 0, 0, 1, 1, 2, 2, 3)).kind).toBe("trace");
    expect(verdict(program, steps(0, 0, 1, 1, 0, 2, 2, 3)).kind).toBe("refused");
  });
});
