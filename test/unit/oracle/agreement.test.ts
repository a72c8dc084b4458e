// The oracle is held against itself: two ways to find all traces agree, and what it says commutes does.

import { describe, expect, it } from "vitest";
import { features } from "../../harness/oracle/fragments.js";
import {
  interleavings,
  relationOf,
  signatureOfRun,
  swaps,
} from "../../harness/oracle/interleavings.js";
import type { OracleProgram } from "../../harness/oracle/program.js";
import { randomProgram } from "../../harness/oracle/random-program.js";
import { exampleOf, oracleOf, type Oracle } from "../../harness/oracle/traces.js";

/** Programs of each kind. */
const programs = 60;
const mostInterleavings = 1500;
const tracesSwapped = 5;

function oracles(feature: (typeof features)[number]): readonly Oracle[] {
  return Array.from({ length: programs }, (_, index) => randomProgram(feature, index + 1)).flatMap(
    (program) => oracleOf(program) ?? [],
  );
}

/** Null when there are too many interleavings. */
function plainTraces(program: OracleProgram, { numbers }: Oracle): ReadonlySet<number> | null {
  const runs = interleavings(program, mostInterleavings);
  if (runs === null) return null;
  const relation = relationOf(program, runs);
  const lanes = program.threads.length + program.timers.length;
  return new Set(runs.map((it) => signatureOfRun(numbers, relation, lanes, it)));
}

describe("all interleavings, ordered pair by pair, are the traces of the search with memory", () => {
  it.each(features)("%s", (feature) => {
    let compared = 0;
    for (const oracle of oracles(feature)) {
      const plain = plainTraces(oracle.program, oracle);
      if (plain === null) continue;
      compared++;
      expect([...plain].sort()).toEqual([...oracle.traces].sort());
    }
    expect(compared).toBeGreaterThan(programs / 2);
  });
});

describe("neighbours that commute can be swapped, and the trace is the same", () => {
  it.each(features)("%s", (feature) => {
    let swapped = 0;
    for (const oracle of oracles(feature)) {
      for (const trace of [...oracle.traces].slice(0, tracesSwapped)) {
        const found = swaps(oracle, exampleOf(oracle, trace) ?? []);
        swapped += found.length;
        expect(found.filter((it) => it !== trace)).toEqual([]);
      }
    }
    expect(swapped).toBeGreaterThan(50);
  });
});
