import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { present } from "../../language-server/base/assert.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { CheckResult } from "../../protocol/finding.js";
import { goUnit, root, testEngine, testLimits } from "../harness/engine.js";
import { alarms, endsAsIntended, intended, readKernels, told } from "../harness/kernels.js";

// Each bad kernel has a schedule that ends where its author meant it to get stuck; of each one put right all schedules are
// explored, and nothing is reported.

const kernels = readKernels(root);
const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

function check(folder: string): Promise<CheckResult> {
  const unit = goUnit(path.relative(root, folder));
  return engine.check(unit, { explore: true, limits: testLimits }, neverCancelled);
}

describe("bad kernels", () => {
  it.each(kernels)("$name", async (kernel) => {
    const result = await check(kernel.badFolder);
    const found = intended(kernel, result);
    if (kernel.ends.miss !== null) {
      expect(found, "found at last: take the miss away").toBeUndefined();
      return;
    }
    expect(found === undefined ? alarms(result).map(told) : "found").toBe("found");
    const unit = goUnit(path.relative(root, kernel.badFolder));
    const { schedule } = present(found?.witness, "witness");
    const again = await engine.replay(unit, schedule, neverCancelled);
    if (!("kind" in again) || again.kind !== "replayed") throw new Error("it does not replay");
    expect(endsAsIntended(kernel.ends, again.witness)).toBe(true);
  });
});

describe("kernels put right", () => {
  it.each(kernels)("$name", async (kernel) => {
    const result = await check(kernel.fixedFolder);
    expect(alarms(result).map(told)).toEqual([]);
    expect(result.explorations.map(({ complete, limit }) => ({ complete, limit }))).toEqual([
      { complete: true, limit: null },
    ]);
    expect(result.gaps).toEqual([]);
  });
});

it("needs no failure of ours", () => {
  expect(log).toEqual([]);
});
