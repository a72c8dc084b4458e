import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checks } from "../../language-server/analysis/registry.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { CheckResult } from "../../protocol/finding.js";
import { root, testEngine, testLimits, tsUnit, uriOf } from "../harness/engine.js";
import { compareWants, parseWants } from "../harness/want.js";

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

const tsChecks = checks.filter((it) => it.language === "ts");
const codes = checks.map((it) => it.code);

function check(file: string, text?: string): Promise<CheckResult> {
  const overlays = text === undefined ? [] : [{ uri: uriOf(file), text }];
  const options = { explore: true, limits: testLimits };
  return engine.check(tsUnit(file, overlays), options, neverCancelled);
}

const fixtures = tsChecks.flatMap(({ code }) =>
  readdirSync(path.join(root, "test/fixtures/ts", code)).map(
    (it) => `test/fixtures/ts/${code}/${it}`,
  ),
);

describe("fixtures", () => {
  it.each(fixtures)("%s", async (file) => {
    const { findings, gaps } = await check(file);
    const wants = parseWants(readFileSync(path.join(root, file), "utf8"), codes);
    expect(gaps).toEqual([]);
    expect(compareWants(wants, findings)).toEqual([]);
    // Every one of them is shown by a schedule.
    expect(findings.map((it) => it.confidence)).toEqual(findings.map(() => "confirmed"));
  });
});

describe("examples of the pages", () => {
  it.each(tsChecks)("$code", async ({ code, doc }) => {
    const bad = await check("example/bad.ts", doc.bad);
    expect(bad.findings.map((it) => [it.code, it.confidence])).toEqual([[code, "confirmed"]]);
    expect((await check("example/good.ts", doc.good)).findings).toEqual([]);
  });
});

it("needs no failure of ours", () => {
  expect(log).toEqual([]);
});
