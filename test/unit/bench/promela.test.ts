// The models of programs for SPIN: the text of a few, which ones are refused, and, where SPIN is on the path, what it finds.

import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { promela, type Translation } from "../../../bench/explore/promela.js";
import type { PlainAccesses } from "../../../bench/explore/promela/visible.js";
import { runSpin, spinIsThere } from "../../../bench/explore/spin.js";
import { expectedOf } from "../../../bench/explore/table.js";
import { counts, type BadEnds, type Parameters } from "../../fixtures/explore/counts.js";
import { root } from "../../harness/engine.js";
import { ExplorePrograms } from "../../harness/explore-programs.js";
import { compareGolden } from "../../harness/golden.js";

const programs = new ExplorePrograms(root);
afterAll(() => programs.dispose());

const own = (name: string): string => path.join("..", "promela", name);

async function translated(
  name: string,
  parameters: Parameters = {},
  plain: PlainAccesses = "part of the step before",
): Promise<Translation> {
  const { program, entry } = await programs.load(name, parameters);
  return promela(program, entry, plain);
}

describe("models for SPIN", () => {
  it.each([
    ["philosophers"],
    ["worker_pool"],
    ["select_one_shot"],
    ["rwmutex"],
    ["trylock"],
    ["send_close"],
    [own("closures")],
    [own("select_default")],
    [own("panic_with_lock")],
  ])("%s is as it was read", async (name) => {
    const translation = await translated(name);
    const text = translation.kind === "model" ? translation.text : translation.reason;
    const golden = path.join(root, "test/fixtures/promela", `${path.basename(name)}.pml`);
    expect(compareGolden(golden, text)).toBe("");
  });

  it.each([
    ["fib_one_variable", "a number that has no 32 bits"],
    [own("recursion"), "recursion of main.down"],
    [own("select_default_unbuffered"), "select with default on an unbuffered channel"],
    [own("maps"), "memory of kind map"],
  ])("%s is refused", async (name, reason) => {
    expect(await translated(name)).toEqual({ kind: "not translated", reason });
  });

  it("are there for all other benchmark programs", async () => {
    const names = [...new Set(counts.map((it) => it.program))];
    const refused = [];
    for (const name of names) {
      const { kind } = await translated(name);
      if (kind !== "model") refused.push(name);
    }
    expect(refused).toEqual(["fib_one_variable"]);
  });
});

// Of each kind and each bad end one program, since compiling takes most of the time.
const small = counts.filter((it) => it.traces <= 7 && it.parameters["n"] !== 13);
const few = [
  ...new Map(small.map((it) => [`${it.kind} ${Object.keys(it.bad).join()}`, it])).values(),
];

describe.skipIf(!spinIsThere())(
  "SPIN finds on these models (skipped where it is not there)",
  () => {
    const found = async (
      name: string,
      parameters: Parameters,
      plain?: PlainAccesses,
    ): Promise<unknown> => {
      const translation = await translated(name, parameters, plain);
      if (translation.kind !== "model") return translation;
      const run = runSpin(translation.text, { search: "full", cpuSeconds: 60, megabytes: 1000 });
      return run.kind === "run" && run.complete ? run.errors : run;
    };

    it.each(few)("in $program $parameters what has been counted", async (it) => {
      const bad = Object.keys(it.bad) as (keyof BadEnds)[];
      expect(await found(it.program, it.parameters)).toEqual(expectedOf(bad));
    });

    it.each([
      ["closures", []],
      ["select_default", ["blocked"]],
      ["panic_with_lock", ["panic"]],
      ["close_with_sender", ["panic"]],
      ["overflow", { kind: "failed", reason: "numbers or objects beyond the model" }],
    ])("in %s what Go does, however fine the steps", async (name, errors) => {
      expect(await found(own(name), {})).toEqual(errors);
      expect(await found(own(name), {}, "own steps")).toEqual(errors);
    });
  },
);
