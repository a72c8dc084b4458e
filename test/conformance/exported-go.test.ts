import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { ExportedTest } from "../../language-server/report/exported-test.js";
import { goTest } from "../../language-server/report/go-test/go-test.js";
import type { Witness } from "../../protocol/witness.js";
import { goUnit, root, testEngine } from "../harness/engine.js";
import { runExported, showsAsForetold } from "../harness/exported-go.js";
import { fixed, fixes, type Fix } from "../harness/go-fixes.js";
import { goIsInstalled } from "../harness/go-oracle.js";

// The exported test of every schedule that fails: it fails under the real toolchain, and passes once the program is put right.

/** As often as a program that was put right must pass. The environment asks for more. */
const runs = Number(process.env["HAPPENS_BEFORE_RUNS"] ?? "2");
const limits = { executions: 3_000, depth: 5_000, millis: 100_000 };

const { engine } = testEngine();
const counts = { exported: 0, failed: 0, foretold: 0, passed: 0 };
afterAll(async () => {
  await engine.dispose();
  const { exported, failed, foretold, passed } = counts;
  console.log(
    `exported Go tests: ${exported}; fail before: ${failed}, as foretold: ${foretold}; pass after, ${runs} times each: ${passed}`,
  );
});

interface Exported {
  readonly kind: string;
  readonly test: ExportedTest;
}

async function exportAll({ file }: Fix): Promise<readonly Exported[]> {
  const source = readFileSync(path.join(root, file), "utf8");
  const options = { explore: true, limits };
  const { findings } = await engine.check(goUnit(file), options, neverCancelled);
  const witnesses = findings
    .flatMap(({ witness }) => witness ?? [])
    // Some are shown for what happens in them.
    .filter((it) => it.outcome.kind !== "ok");
  return witnesses.map((it) => ({ kind: it.outcome.kind, test: exportOne(it, source) }));
}

function exportOne(witness: Witness, source: string): ExportedTest {
  const test = goTest(witness, () => source);
  if ("problem" in test) throw new Error(test.problem);
  return test;
}

describe.runIf(goIsInstalled())("exported Go tests", () => {
  it.each(fixes)(
    "$file",
    async (fix) => {
      const exported = await exportAll(fix);
      expect(exported).not.toEqual([]);
      const files = exported.flatMap(({ test }) => test.files);
      const name = path.basename(fix.file);
      const source = readFileSync(path.join(root, fix.file), "utf8");
      const before = runExported(name, source, files, 1);
      const after = runExported(name, fixed(fix, source), files, runs);
      const kindOf = (test: string): string => test.split("_")[1] ?? "";
      const foretold = before.filter((it) => showsAsForetold(kindOf(it.name), it.output));
      counts.exported += exported.length;
      counts.failed += before.filter((it) => !it.passed).length;
      counts.foretold += foretold.length;
      counts.passed += after.filter((it) => it.passed).length;
      expect(before.filter((it) => it.passed)).toEqual([]);
      expect(foretold.length).toBe(before.length);
      expect(after.filter((it) => !it.passed)).toEqual([]);
      expect(before.length).toBe(new Set(exported.map(({ test }) => test.command)).size);
    },
    900_000,
  );
});
