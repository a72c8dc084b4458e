import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CheckResult, Finding } from "../../protocol/finding.js";
import { checks } from "../../language-server/analysis/registry.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { goUnit, root, testEngine, testLimits } from "../harness/engine.js";
import { parseWants, type Want } from "../harness/want.js";

// The checks of how goroutines use package sync, with the explorer: what is bad is shown by a schedule or proved, what is
// good is silent in every schedule.

const codes = [
  "wg-add-inside",
  "check-then-act",
  "stale-snapshot-write",
  "non-atomic-rmw",
  "wg-count-mismatch",
  "wg-wait-misplaced",
  "lock-copied",
  "atomic-self-assign",
  "order-violation",
  "fatal-in-goroutine",
  "once-misuse",
  "pool-use-after-put",
  "errgroup-misuse",
];

const { engine, log } = testEngine();
const folder = mkdtempSync(path.join(tmpdir(), "go-checks-"));
afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

async function checked(name: string, text: string): Promise<CheckResult> {
  const dir = mkdtempSync(path.join(folder, "unit-"));
  writeFileSync(path.join(dir, name), text);
  return engine.check(goUnit(dir), { explore: true, limits: testLimits }, neverCancelled);
}

async function example(text: string): Promise<CheckResult> {
  return checked(text.includes('import "testing"') ? "example_test.go" : "main.go", text);
}

const said = ({ primary, severity, confidence, code, message }: Finding): string =>
  `${primary.span.start.line + 1}: ${severity} ${confidence} ${code}: ${message}`;

/** What is not shown, what is shown and not wanted, and good cases that were not explored to their end. */
function problems(text: string, { findings, explorations }: CheckResult): string[] {
  const wants = parseWants(
    text,
    checks.map((check) => check.code),
  ).filter((want) => want.role === "want");
  const left = [...wants];
  const isSure = ({ severity, confidence }: Finding): boolean =>
    confidence !== "possible" && (severity === "error" || severity === "warning");
  const isWanted = ({ code, line }: Want, finding: Finding): boolean =>
    code === finding.code && line === finding.primary.span.start.line;
  const unwanted = findings.flatMap((finding) => {
    const index = left.findIndex((want) => isWanted(want, finding));
    if (index < 0) return [`not wanted: ${said(finding)}`];
    left.splice(index, 1);
    return isSure(finding) ? [] : [`not shown: ${said(finding)}`];
  });
  const open = explorations
    .filter((it) => it.entry.endsWith("Ok"))
    .filter((it) => !it.complete || it.outcomes.some(({ kind }) => kind !== "ok"))
    .map(
      (it) =>
        `${it.entry}: ${it.complete ? "complete" : String(it.limit)} ${JSON.stringify(it.outcomes)} ${it.unsupported?.reason ?? ""}`,
    );
  return [...left.map((want) => `${want.line + 1}: missing ${want.code}`), ...unwanted, ...open];
}

describe.each(codes)("%s", (code) => {
  const dir = path.join(root, "test", "fixtures", "go", code);
  const files = readdirSync(dir).filter((it) => it.endsWith(".go"));

  it.each(files)("%s", async (name) => {
    const text = readFileSync(path.join(dir, name), "utf8");
    expect(problems(text, await checked(name, text))).toEqual([]);
    expect(log).toEqual([]);
  });

  const doc = checks.find((it) => it.code === code)?.doc;

  it("the bad example is shown, as nothing else", async () => {
    const { findings } = await example(doc?.bad ?? "");
    expect(findings.map((it) => `${it.code} ${it.severity}`)).toEqual([`${code} ${doc?.severity}`]);
    expect(findings[0]?.confidence).not.toBe("possible");
  });

  it("the good example is silent in every schedule", async () => {
    const { findings, explorations } = await example(doc?.good ?? "");
    expect(findings).toEqual([]);
    expect(explorations.map((it) => [it.complete, it.outcomes.map(({ kind }) => kind)])).toEqual([
      [true, ["ok"]],
    ]);
  });
});
