// The search against the oracle, which tries everything and shares nothing with it: on random programs the search finds
// every trace, each once, and nothing that cannot happen.
//
// FUZZ_SEEDS programs of each kind, from the seed FUZZ_FROM on.

import { describe, expect, it } from "vitest";
import { tracesOf } from "../harness/all-traces.js";
import { features, type Feature } from "../harness/oracle/fragments.js";
import { randomProgram } from "../harness/oracle/random-program.js";
import { toIr } from "../harness/oracle/to-ir.js";
import { exampleOf, oracleOf, signatureOf, type Oracle } from "../harness/oracle/traces.js";

const seeds = Number(process.env["FUZZ_SEEDS"] ?? 2000);
const from = Number(process.env["FUZZ_FROM"] ?? 1);
/** Wrong programs that are told; more help nobody. */
const told = 3;

interface Difference {
  readonly seed: number;
  /** An execution of a trace that the search did not find, and how many there are. */
  readonly missing: readonly [count: number, example: string] | null;
  /** Executions that are a trace the search had found before. */
  readonly duplicates: number;
  /** Executions that cannot happen, and why the first cannot. */
  readonly refused: readonly [count: number, example: string] | null;
  readonly complete: boolean;
}

/** Null also where writers announce themselves and the oracle has too many traces for that. */
function differenceOf(seed: number, plain: Oracle): Difference | null {
  const { choices, complete, announcements, unruly } = tracesOf(toIr(plain.program));
  const oracle = announcements ? oracleOf({ ...plain.program, announcements }) : plain;
  if (oracle === null) return null;
  const found = new Set<number>();
  const refused: string[] = [];
  for (const execution of choices) {
    const verdict = signatureOf(oracle, execution);
    if (verdict.kind === "trace") found.add(verdict.signature);
    else refused.push(`${verdict.at}: ${verdict.reason} in ${JSON.stringify(execution)}`);
  }
  const missing = [...oracle.traces].filter((it) => !found.has(it));
  const duplicates = unruly ? 0 : choices.length - refused.length - found.size;
  if (missing.length + duplicates + refused.length === 0 && complete) return null;
  return {
    seed,
    missing: exampled(missing.map((it) => JSON.stringify(exampleOf(oracle, it)))),
    duplicates,
    refused: exampled(refused),
    complete,
  };
}

function exampled(texts: readonly string[]): readonly [number, string] | null {
  const [example] = texts;
  return example === undefined ? null : [texts.length, example];
}

interface Comparison {
  readonly compared: number;
  readonly tooMany: number;
  readonly differences: readonly Difference[];
}

function compare(feature: Feature): Comparison {
  const differences: Difference[] = [];
  let compared = 0;
  let tooMany = 0;
  for (let seed = from; seed < from + seeds && differences.length < told; seed++) {
    const oracle = oracleOf(randomProgram(feature, seed));
    if (oracle === null) {
      tooMany++;
      continue;
    }
    compared++;
    const difference = differenceOf(seed, oracle);
    if (difference !== null) differences.push(difference);
  }
  return { compared, tooMany, differences };
}

describe("the search finds every trace once", () => {
  it.each(features)("%s", { timeout: 1_200_000 }, (feature) => {
    const { compared, tooMany, differences } = compare(feature);
    expect(differences).toEqual([]);
    // Programs beyond the oracle's bounds say nothing.
    expect(tooMany).toBeLessThanOrEqual(0.05 * seeds);
    expect(compared + tooMany).toBe(seeds);
  });
});
