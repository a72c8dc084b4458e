import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CheckDoc } from "../../language-server/analysis/check.js";
import { checks } from "../../language-server/analysis/registry.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { CheckResult } from "../../protocol/finding.js";
import { root, testEngine, testLimits, tsUnit, uriOf } from "../harness/engine.js";
import { compareWants, parseWants } from "../harness/want.js";

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

/** Those of TypeScript, and those of Go with a half of their own for it. */
const tsChecks = checks.flatMap(
  (it): { readonly code: string; readonly doc: Pick<CheckDoc, "bad" | "good"> }[] => {
    const doc = it.language === "ts" ? it.doc : it.ts;
    return doc === undefined ? [] : [{ code: it.code, doc }];
  },
);
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

it("unsaved buffers count, those of imported modules too", async () => {
  const state = "export const state = { n: 0 };\n";
  const main = `import { state } from "./state";
async function add(): Promise<void> {
  const { n } = state;
  await null;
  state.n = n + 1;
}
void Promise.all([add(), add()]);
`;
  const files = { "example/state.ts": state, "example/main.ts": main };
  const overlays = Object.entries(files).map(([name, text]) => ({ uri: uriOf(name), text }));
  const options = { explore: true, limits: testLimits };
  const unit = tsUnit("example/main.ts", overlays);
  const { findings } = await engine.check(unit, options, neverCancelled);
  expect(findings.map((it) => [it.code, it.confidence])).toEqual([["stale-snapshot", "confirmed"]]);
});

it("needs no failure of ours", () => {
  expect(log).toEqual([]);
});
