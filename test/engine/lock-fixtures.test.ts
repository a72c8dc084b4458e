// What the pages of the lock checks and their fixtures promise, with the explorer: what is bad is shown by a schedule, what
// is good is explored to the end and has no finding.

import { afterAll, describe, expect, it } from "vitest";
import { checks } from "../../language-server/analysis/registry.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { testEngine, testLimits } from "../harness/engine.js";
import { exampleFile } from "../harness/fixtures.js";
import { functionCases, problemsOf, unitOf } from "../harness/function-fixtures.js";

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

const codes = [
  "blocking-under-lock",
  "callback-under-lock",
  "cond-wait-misuse",
  "double-lock",
  "lock-order-cycle",
  "lost-wakeup",
  "recursive-rlock",
  "semaphore-misuse",
  "typo-lock",
  "unlock-mismatch",
];

function check(text: string) {
  const unit = unitOf(exampleFile(text), text);
  return engine.check(unit, { explore: true, limits: testLimits }, neverCancelled);
}

describe("examples of the pages", () => {
  it.each(checks.filter((it) => codes.includes(it.code)))("$code", async ({ code, doc }) => {
    const bad = await check(doc.bad);
    const said = bad.findings.map((it) => [it.code, it.severity, it.confidence]);
    expect(said).toEqual([[code, doc.severity, "confirmed"]]);
    const good = await check(doc.good);
    expect(good.findings).toEqual([]);
    expect(good.explorations.map((it) => it.complete)).toEqual([true]);
  });
});

describe("functions of the fixtures", () => {
  it.each(functionCases(codes))("$name", async (it) => {
    expect(await problemsOf(engine, it)).toEqual([]);
  });
});

it("needs no failure of ours", () => {
  expect(log).toEqual([]);
});
