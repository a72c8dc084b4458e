// Go-like snippets: what the lecture shows, with `happens-before/go`. Every bad one is shown by a schedule that replays, every
// fixed one is explored to the end.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { CheckResult } from "../../protocol/finding.js";
import { root, testEngine, testLimits, tsUnit } from "../harness/engine.js";
import { compareWants, parseWants } from "../harness/want.js";

const folder = "test/fixtures/snippets";
const snippets = readdirSync(path.join(root, folder)).sort();

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

function check(file: string): Promise<CheckResult> {
  return engine.check(tsUnit(file), { explore: true, limits: testLimits }, neverCancelled);
}

describe.each(snippets)("%s", (name) => {
  it("bad: found, with a schedule that ends so again", async () => {
    const file = `${folder}/${name}/bad.ts`;
    const { findings, gaps } = await check(file);
    const wants = parseWants(readFileSync(path.join(root, file), "utf8"), [...engine.codes]);
    expect(wants).not.toEqual([]);
    expect(gaps).toEqual([]);
    expect(compareWants(wants, findings)).toEqual([]);
    for (const { confidence, witness } of findings) {
      expect(confidence).toBe("confirmed");
      if (witness === null) throw new Error("a finding without a witness");
      const again = await engine.replay(tsUnit(file), witness.schedule, neverCancelled);
      if ("problem" in again) throw new Error(again.problem);
      expect(again.kind).toBe("replayed");
      expect("witness" in again ? again.witness.outcome : null).toEqual(witness.outcome);
    }
  });

  it("fixed: explored to the end, and nothing found", async () => {
    const { findings, gaps, explorations } = await check(`${folder}/${name}/fixed.ts`);
    expect(findings.filter((it) => it.severity === "warning" || it.severity === "error")).toEqual(
      [],
    );
    expect(gaps).toEqual([]);
    expect(explorations.map((it) => it.complete)).toEqual([true]);
    expect(explorations.flatMap((it) => it.outcomes.map(({ kind }) => kind))).toEqual(["ok"]);
  });
});

it("needs no failure of ours", () => {
  expect(log).toEqual([]);
});
