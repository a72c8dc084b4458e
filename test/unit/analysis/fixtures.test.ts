import { existsSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { checks } from "../../../language-server/analysis/registry.js";
import {
  analyseGo,
  checkFixtures,
  exampleFile,
  findingsOf,
  startGo,
  textOf,
  toldBefore,
} from "../../harness/fixtures.js";
import { compareGolden } from "../../harness/golden.js";
import { compareWants, parseWants } from "../../harness/want.js";

const codes = checks.map((it) => it.code);
const go = startGo();
afterAll(() => go.dispose());

describe("fixtures", () => {
  const fixtures = checkFixtures();

  test.each(fixtures)("$name", async ({ file, text }) => {
    const analysis = await analyseGo(go, file, text);
    expect(analysis.failures).toEqual([]);
    const wants = parseWants(text, codes);
    expect(compareWants(wants, toldBefore(analysis, wants))).toEqual([]);
    const golden = file.replace(/\.go$/, ".findings.txt");
    if (existsSync(golden)) expect(compareGolden(golden, textOf(findingsOf(analysis)))).toBe("");
  });

  test.each(checks.filter((it) => it.language === "go"))("$code has a fixture", ({ code }) => {
    expect(fixtures.some((it) => it.name.startsWith(`${code}/`))).toBe(true);
  });
});

describe("examples of the pages", () => {
  test.each(checks.filter((it) => it.language === "go"))("$code", async ({ code, doc }) => {
    const bad = await analyseGo(go, exampleFile(doc.bad), doc.bad);
    const told = bad.findings.filter((it) => !it.assumed || it.finding.code === code);
    expect(told.map((it) => it.finding.code)).toEqual([code]);
    const good = await analyseGo(go, exampleFile(doc.good), doc.good);
    expect(toldBefore(good, [])).toEqual([]);
  });
});
