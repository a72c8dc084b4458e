// What the pages of the checks of channels and goroutines and their fixtures promise, with the explorer: what is bad is
// shown by a schedule as that alone, what is good is explored to the end and has no finding.

import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { CheckResult, Finding } from "../../protocol/finding.js";
import { checks } from "../../language-server/analysis/registry.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Unit } from "../../language-server/engine/engine.js";
import { testEngine, testLimits } from "../harness/engine.js";
import { checkFixtures, exampleFile } from "../harness/fixtures.js";
import { parseWants } from "../harness/want.js";

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

/** Every bad example of these is shown by a schedule. */
const witnessed = [
  "no-partner",
  "abandoned-sender",
  "range-never-closed",
  "double-close",
  "send-on-closed",
  "nil-channel",
  "never-terminating-pool",
  "uncancellable-loop",
  "lost-cancel",
  "wait-cycle",
  "timer-pitfalls",
];

function unitOf(file: string, text: string): Unit {
  const uri = pathToFileURL(file).href;
  return { language: "go", uri, overlays: [{ uri, text }], edited: null };
}

function check(file: string, text: string): Promise<CheckResult> {
  return engine.check(unitOf(file, text), { explore: true, limits: testLimits }, neverCancelled);
}

describe("examples of the pages", () => {
  it.each(checks.filter((it) => witnessed.includes(it.code)))("$code", async ({ code, doc }) => {
    const bad = await check(exampleFile(doc.bad), doc.bad);
    const kinds = bad.findings.map((it) => [it.code, it.severity, it.witness === null]);
    expect(kinds).toEqual([[code, doc.severity, false]]);
    const good = await check(exampleFile(doc.good), doc.good);
    expect(good.findings).toEqual([]);
    expect(good.explorations.map((it) => it.complete)).toEqual([true]);
  });
});

/** Each function of a fixture by itself: `main` calls only that one. */
const cases = checkFixtures()
  .filter(({ name }) => witnessed.some((code) => name.startsWith(`${code}/`)))
  .flatMap(({ name, file, text }) =>
    [...text.matchAll(/^func (\w+(?:Bad|Ok))\(\)/gm)].map(([, func = ""]) => ({
      name: `${path.basename(name)} ${func}`,
      file,
      text: text.replace(/^func main\(\) \{[^]*?^\}/m, `func main() {\n\t${func}()\n}`),
      bad: func.endsWith("Bad"),
    })),
  );

const isShown = ({ confidence }: Finding): boolean => confidence === "confirmed";

describe("functions of the fixtures", () => {
  it.each(cases)("$name", async ({ file, text, bad }) => {
    const choice = { kind: "name", name: "main" } as const;
    const limits = { limits: testLimits };
    const answer = await engine.explore(unitOf(file, text), choice, limits, neverCancelled);
    if ("problem" in answer) throw new Error(answer.problem);
    const { findings, explorations } = answer.check;
    if (!bad) {
      expect(findings.filter(isShown)).toEqual([]);
      expect(explorations.map((it) => [it.complete, it.limit])).toEqual([[true, null]]);
      return;
    }
    const wants = parseWants(
      text,
      checks.map((it) => it.code),
    );
    const shown = findings.filter(isShown);
    expect(shown.map(({ code, message }) => `${code}: ${message}`)).toHaveLength(1);
    for (const { code, severity, primary, witness } of shown) {
      expect(
        wants.filter((it) => it.line === primary.span.start.line).map((it) => it.code),
      ).toEqual([code]);
      expect(severity).toBe(witness?.outcome.kind === "leak" ? "warning" : "error");
    }
  });
});

it("needs no failure of ours", () => {
  expect(log).toEqual([]);
});
