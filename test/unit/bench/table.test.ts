// What the table of the benchmark says of two tools that agree, and of two that do not.

import { describe, expect, it } from "vitest";
import type { Measured } from "../../../bench/explore/measure.js";
import { measured } from "../../../bench/explore/run-one.js";
import { printRow } from "../../../bench/explore/table.js";

const counted = { traces: 7, executions: 8, blocked: 1, duplicates: 0, events: 50 } as const;

function row(outcomes: { deadlock?: number; ok?: number }, traces: number): Measured {
  const run = {
    kind: "run",
    complete: true,
    states: 70,
    transitions: 140,
    shortest: null,
    errors: ["blocked"],
    cpuMillis: 20,
    megabytes: 1,
  } as const;
  const result = {
    ...counted,
    outcomes,
    complete: true,
    cpuMillis: 10,
    firstBugMillis: 2.5,
    heapMegabytes: 5,
  };
  return {
    row: {
      program: "philosophers",
      parameters: { n: 3 },
      traces,
      bad: ["deadlock"],
      untilBug: false,
    },
    ours: { kind: "result", result, peakMegabytes: 12 },
    spin: { kind: "runs", reduced: run, full: run, shortest: null },
  };
}

const words = (text: string): readonly string[] => text.trim().split(/ {2,}/);

describe("a row of the benchmark", () => {
  it("has both tools' figures and their ratios", () => {
    expect(words(printRow(row({ deadlock: 1, ok: 6 }, 7)))).toEqual([
      ...["philosophers(n=3)", "7", "8", "1", "50", "10", "700", "5000", "2.5", "12", "5"],
      ...["blocked", "blocked", "70", "10.0", "20", "0.50", "70 in 20 ms"],
    ]);
  });

  it("marks a wrong number of traces and a verdict that SPIN does not share", () => {
    const text = printRow(row({ ok: 7 }, 9));
    expect(text).toContain("7 != 9");
    expect(text).toContain("blocked DIFFERS");
  });
});

describe("a search that is measured", () => {
  it("keeps its counts and the time of its first bug alone", () => {
    const never = measured(() => ({ ...counted, outcomes: {}, complete: true }));
    expect(never).toMatchObject({ ...counted, firstBugMillis: null });
    const twice = measured((bug) => {
      bug();
      bug();
      return { ...counted, outcomes: {}, complete: false };
    });
    expect(twice.firstBugMillis).toBeLessThanOrEqual(twice.cpuMillis);
  });
});
