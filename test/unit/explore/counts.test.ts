// The whole way from Go to traces: the programs of the literature have exactly the traces that others have counted, each
// run once. Larger ones: counts-large.test.ts.

import { afterAll, describe, expect, it } from "vitest";
import { counts, type Kind } from "../../fixtures/explore/counts.js";
import { counted, expected } from "../../harness/counted.js";
import { root } from "../../harness/engine.js";
import { ExplorePrograms } from "../../harness/explore-programs.js";

const programs = new ExplorePrograms(root);
afterAll(() => programs.dispose());

const kinds: readonly Kind[] = ["memory", "mutex", "rwmutex", "channel", "select", "waitgroup"];
/** Larger ones have a file of their own. */
const most = 20_000;

describe("traces of the literature's programs", () => {
  it.each(kinds)("%s", async (kind) => {
    const rows = counts.filter((it) => it.kind === kind && it.traces <= most);
    expect(rows).not.toEqual([]);
    for (const row of rows) {
      const actual = await counted(programs, row);
      expect(actual).toEqual(expected(row, actual));
    }
  });
});
