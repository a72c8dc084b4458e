// As counts.test.ts, for programs with many traces.

import { afterAll, describe, expect, it } from "vitest";
import { counts } from "../../fixtures/explore/counts.js";
import { counted, expected } from "../../harness/counted.js";
import { root } from "../../harness/engine.js";
import { ExplorePrograms } from "../../harness/explore-programs.js";

const programs = new ExplorePrograms(root);
afterAll(() => programs.dispose());

const rows = counts.filter((it) => it.traces > 20_000 && !it.big);

describe("traces of the literature's larger programs", () => {
  it("are there", () => {
    expect(rows.length).toBeGreaterThan(2);
  });

  it.each(rows)("$program: $traces", async (row) => {
    const actual = await counted(programs, row);
    expect(actual).toEqual(expected(row, actual));
  });
});
