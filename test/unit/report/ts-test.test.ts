import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../../language-server/base/cancel.js";
import { tsTest } from "../../../language-server/report/ts-test/ts-test.js";
import type { Witness } from "../../../protocol/witness.js";
import { root, testEngine, testLimits, tsUnit } from "../../harness/engine.js";
import { compareGolden } from "../../harness/golden.js";

const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

const file = "test/fixtures/ts/await-split-rmw/field.ts";
const source = readFileSync(path.join(root, file), "utf8");

async function lostUpdate(): Promise<Witness> {
  const options = { explore: true, limits: testLimits };
  const { findings } = await engine.check(tsUnit(file), options, neverCancelled);
  const witness = findings[0]?.witness;
  if (witness === undefined || witness === null) throw new Error(`${file}: nothing found`);
  return witness;
}

describe("an exported TypeScript test", () => {
  it("has the lines, and the order in which replies arrive", async () => {
    const test = tsTest(await lostUpdate(), () => source);
    const text = "problem" in test ? test.problem : (test.files[0]?.text ?? "");
    const golden = path.join(root, "test/unit/report/golden/field.ts.txt");
    expect(compareGolden(golden, text)).toBe("");
  });

  it("is made of lost updates only, with their source", async () => {
    const witness = await lostUpdate();
    expect(tsTest({ ...witness, outcome: { kind: "ok" } }, () => source)).toEqual({
      problem: "only lost updates of TypeScript become tests",
    });
    expect(tsTest({ ...witness, language: "go" }, () => source)).toEqual({
      problem: "this schedule is not of a TypeScript program",
    });
    expect(tsTest(witness, () => null)).toEqual({
      problem: "the schedule does not tell where the value was read",
    });
  });
});
