// Several searches that share a tree find together what one finds alone, each trace once, whoever is faster: on the
// counted programs, and on random programs against the oracle, which tries everything.
//
// FUZZ_SEEDS programs of each kind, from the seed FUZZ_FROM on.

import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { searchAll, type AdaptiveOptions } from "../../language-server/explore/dpor/adaptive.js";
import { seeded } from "../../language-server/explore/random.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { FuncId, Program } from "../../language-server/ir/ir.js";
import type { Choice } from "../../protocol/witness.js";
import { counts } from "../fixtures/explore/counts.js";
import { ExplorePrograms } from "../harness/explore-programs.js";
import { randomProgram } from "../harness/oracle/random-program.js";
import { toIr } from "../harness/oracle/to-ir.js";
import { oracleOf, signatureOf } from "../harness/oracle/traces.js";
import { searchShared, type SharedOutcome } from "../harness/shared-search.js";

const seeds = Number(process.env["FUZZ_SEEDS"] ?? 500);
const from = Number(process.env["FUZZ_FROM"] ?? 1);
/** Programs with more traces are left to the search that works alone. */
const most = 5200;

interface Both {
  readonly alone: number;
  /** Null where the search alone was not exact: nothing is shared then. */
  readonly shared: SharedOutcome | null;
}

function both(
  program: Program,
  entry: FuncId,
  seed: number,
  visit: (choices: readonly Choice[]) => void,
): Both {
  const options: Omit<AdaptiveOptions, "machine"> = {
    entry,
    depth: 5000,
    visible: new Set(),
    time: "quiet",
  };
  let exact = true as boolean; // set by the visitor
  const { tally, assumptions } = searchAll(
    { ...options, machine: makeMachine(program) },
    () => undefined,
    (search) => {
      ({ exact } = search);
      return "go on";
    },
  );
  if (!exact) return { alone: tally.traces, shared: null };
  const random = seeded(seed);
  const workers = 2 + Math.floor(random() * 4);
  const before = random() < 0.5 ? 0 : Math.floor((random() * tally.traces) / 2);
  const rest = { program, assumptions, workers, random, alone: before, visit };
  const shared = searchShared({ ...options, ...rest });
  return { alone: tally.traces, shared };
}

describe("searches that share the tree of a counted program", () => {
  const programs = new ExplorePrograms(path.resolve(import.meta.dirname, "../.."));
  afterAll(() => programs.dispose());
  let [compared, given] = [0, 0];

  it.each(counts.filter((it) => it.traces > 1 && it.traces <= most))(
    "$program $parameters: $traces",
    async ({ program: name, parameters, traces }) => {
      const { program, entry } = await programs.load(name, parameters);
      const { shared } = both(program, entry, traces, () => undefined);
      if (shared === null) return;
      expect(shared).toMatchObject({ traces, exact: true, blocked: 0 });
      compared++;
      if (shared.given > 0) given++;
    },
  );

  it("most of them can be shared", () => {
    expect(given).toBeGreaterThan(compared / 3);
  });
});

describe("searches that share the tree of a random program", () => {
  it.each(["memory", "mutex", "channels"] as const)("%s", { timeout: 1_200_000 }, (feature) => {
    let [compared, given] = [0, 0];
    for (let seed = from; seed < from + seeds; seed++) {
      const oracle = oracleOf(randomProgram(feature, seed));
      if (oracle === null) continue;
      const program = toIr(oracle.program);
      const [entry] = program.entries;
      if (entry === undefined) throw new Error("no entry");
      const found = new Set<number>();
      let refused = 0;
      const { alone, shared } = both(program, entry.func, seed, (choices) => {
        const verdict = signatureOf(oracle, choices);
        if (verdict.kind === "trace") found.add(verdict.signature);
        else refused++;
      });
      if (shared === null) continue;
      compared++;
      given += shared.given;
      const { traces, exact, blocked } = shared;
      expect({ seed, traces, found: found.size, refused, blocked, exact }).toEqual({
        seed,
        traces: oracle.traces.size,
        found: alone,
        refused: 0,
        blocked: 0,
        exact: true,
      });
    }
    expect(compared).toBeGreaterThan(seeds / 2);
    expect(given).toBeGreaterThan(compared / 4);
  });
});
