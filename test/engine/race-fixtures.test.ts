// What the pages of the race checks and their fixtures promise, with the explorer: what is bad is shown by a schedule,
// what is good is explored to the end and has no finding.

import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { checks } from "../../language-server/analysis/registry.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Unit } from "../../language-server/engine/engine.js";
import type { CheckResult } from "../../protocol/finding.js";
import { testEngine, testLimits } from "../harness/engine.js";
import { checkFixtures, exampleFile } from "../harness/fixtures.js";

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

/** Every bad example of these is shown by a schedule. */
const witnessed = [
  "busy-wait-on-plain-flag",
  "double-checked-init",
  "inconsistent-guard",
  "loop-variable-capture",
  "mixed-atomic-plain",
  "parallel-subtest-share",
  "result-var-vs-timeout",
  "slice-append-race",
  "unsafe-std-type-shared",
  "use-after-handoff",
  "write-under-rlock",
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
    expect(bad.findings.map((it) => [it.code, it.severity])).toEqual([[code, doc.severity]]);
    const good = await check(exampleFile(doc.good), doc.good);
    expect(good.findings).toEqual([]);
    expect(good.explorations.map((it) => it.complete)).toEqual([true]);
  });
});

interface Case {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly entry: string;
  readonly bad: boolean;
}

/** Each function of a fixture by itself: `main` calls only that one. */
const cases: readonly Case[] = checkFixtures()
  .filter(({ name }) => witnessed.some((code) => name.startsWith(`${code}/`)))
  .flatMap(({ name, file, text }) => {
    const functions = [...text.matchAll(/^func (\w+(?:Bad|Ok))\((t \*testing\.T)?\)/gm)];
    return functions.map(([, func = "", test]): Case => {
      const alone = text.replace(/^func main\(\) \{[^]*?^\}/m, `func main() {\n\t${func}()\n}`);
      const entry = test === undefined ? "main" : func;
      const title = `${path.basename(name)} ${func}`;
      return { name: title, file, text: alone, entry, bad: func.endsWith("Bad") };
    });
  });

describe("functions of the fixtures", () => {
  it.each(cases)("$name", async ({ file, text, entry, bad }) => {
    const choice = { kind: "name", name: entry } as const;
    const answer = await engine.explore(
      unitOf(file, text),
      choice,
      { limits: testLimits },
      neverCancelled,
    );
    if ("problem" in answer) throw new Error(answer.problem);
    const { findings, explorations } = answer.check;
    // Of functions that do not run here nothing is known.
    const shown = findings.filter((it) => it.confidence !== "possible");
    if (!bad) {
      expect(shown).toEqual([]);
      expect(explorations.map((it) => [it.complete, it.limit])).toEqual([[true, null]]);
      return;
    }
    const wanted = readFileSync(file, "utf8").split("\n");
    expect(shown.length).toBeGreaterThan(0);
    for (const { code, severity, primary } of shown) {
      expect(severity).toBe("error");
      expect(wanted[primary.span.start.line]).toContain(`want ${code}`);
    }
  });
});

it("needs no failure of ours", () => {
  expect(log).toEqual([]);
});
