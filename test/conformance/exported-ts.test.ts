import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { ExportedTest } from "../../language-server/report/exported-test.js";
import { tsTest } from "../../language-server/report/ts-test/ts-test.js";
import { root, testEngine, testLimits, tsUnit } from "../harness/engine.js";
import { fixed, type Fix } from "../harness/go-fixes.js";
import { tsFixes } from "../harness/ts-fixes.js";

// The exported test of every lost update: it fails under Node, and passes once the module is put right.

/** As often as a module that was put right must pass. The environment asks for more. */
const runs = Number(process.env["HAPPENS_BEFORE_RUNS"] ?? "2");
const { engine } = testEngine();
const counts = { exported: 0, failed: 0, passed: 0 };
afterAll(async () => {
  await engine.dispose();
  const { exported, failed, passed } = counts;
  console.log(
    `exported TypeScript tests: ${exported}; fail before: ${failed}; pass after, ${runs} times each: ${passed}`,
  );
});

async function exportedOf({ file }: Fix, source: string): Promise<ExportedTest> {
  const options = { explore: true, limits: testLimits };
  const { findings } = await engine.check(tsUnit(file), options, neverCancelled);
  const [finding, ...others] = findings;
  expect(others).toEqual([]);
  if (finding === undefined || finding.witness === null) throw new Error(`${file}: nothing found`);
  const test = tsTest(finding.witness, () => source);
  if ("problem" in test) throw new Error(test.problem);
  return test;
}

function run(name: string, source: string, { files, command }: ExportedTest, times: number) {
  const dir = mkdtempSync(path.join(tmpdir(), "exported-ts-"));
  try {
    writeFileSync(path.join(dir, name), source);
    for (const it of files) writeFileSync(path.join(dir, it.name), it.text);
    const env = { ...process.env, HAPPENS_BEFORE_RUNS: String(times), NODE_OPTIONS: "" };
    const [, ...args] = command.split(" ");
    const { status, stdout } = spawnSync(process.execPath, args, {
      cwd: dir,
      encoding: "utf8",
      env,
    });
    return { passed: status === 0, said: stdout };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Whether this Node runs TypeScript by itself. */
const runsTypeScript = process.features.typescript !== false;

describe.runIf(runsTypeScript)("exported TypeScript tests", () => {
  it.each(tsFixes)("$file", async (fix) => {
    const source = readFileSync(path.join(root, fix.file), "utf8");
    const name = path.basename(fix.file);
    const test = await exportedOf(fix, source);
    counts.exported++;
    const before = run(name, source, test, 1);
    const after = run(name, fixed(fix, source), test, runs);
    counts.failed += before.passed ? 0 : 1;
    counts.passed += after.passed ? 1 : 0;
    expect(before.passed, before.said).toBe(false);
    expect(before.said).toContain("schedule: lost update");
    expect(after.passed, after.said).toBe(true);
  });

  it("are tried on every fixture in which something is found", () => {
    const files = ["await-split-rmw", "stale-snapshot"].flatMap((code) =>
      readdirSync(path.join(root, "test/fixtures/ts", code)).map(
        (it) => `test/fixtures/ts/${code}/${it}`,
      ),
    );
    const wanting = files.filter((it) =>
      readFileSync(path.join(root, it), "utf8").includes("// want "),
    );
    const tried = tsFixes.map(({ file }) => file).filter((it) => it.startsWith("test/"));
    expect(tried.toSorted()).toEqual(wanting.toSorted());
  });
});
