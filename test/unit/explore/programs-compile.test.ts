import { readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { verify } from "../../../language-server/ir/verify.js";
import { buggy, counts, type Parameters } from "../../fixtures/explore/counts.js";
import { root } from "../../harness/engine.js";
import { ExplorePrograms, withParameters } from "../../harness/explore-programs.js";

const programs = new ExplorePrograms(root);
afterAll(() => programs.dispose());

const names = readdirSync(path.join(root, "test", "fixtures", "explore"))
  .filter((it) => it.endsWith(".go"))
  .map((it) => it.slice(0, -".go".length));

/** What is counted, and what is measured. */
function parametersOf(name: string): readonly Parameters[] {
  const rows = [...counts, ...buggy].filter((it) => it.program === name);
  return rows.map((it) => it.parameters);
}

describe("benchmark programs", () => {
  it.each(names)("%s is understood without gaps, whatever its parameters", async (name) => {
    const parameters = parametersOf(name);
    expect(parameters).not.toEqual([]);
    for (const it of parameters) {
      const { program, entry } = await programs.load(name, it);
      expect(verify(program)).toEqual([]);
      expect(program.funcs[entry]?.name).toBe("main.main");
    }
  });

  it("are all there", () => {
    const counted = [...new Set(counts.map((it) => it.program))].sort();
    expect(counted).toEqual(names);
  });

  it("are counted once for each set of parameters", () => {
    const keys = counts.map((it) => `${it.program} ${JSON.stringify(it.parameters)}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("have other constants when asked for", async () => {
    expect(withParameters("const n = 3\nconst k = 2\n", { n: 12 })).toBe(
      "const n = 12\nconst k = 2\n",
    );
    await expect(programs.load("readers", { m: 1 })).rejects.toThrow("no constant m");
  });

  it("are refused when the front end does not understand them", async () => {
    await expect(programs.load("rwmutex", { readers: true })).rejects.toThrow("rwmutex: ");
  });
});
