// Runs inside VS Code's extension host: mocha over the bundled files of `test/extension/`.
// VS Code calls `run`; a rejection is a failed run. The counts go to $HB_SUITE_RESULT.
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";

export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 120_000, color: false });
  const files = readdirSync(import.meta.dirname).filter((it) => it.endsWith(".test.cjs"));
  for (const file of files.sort()) mocha.addFile(path.join(import.meta.dirname, file));
  const result = await new Promise<SuiteResult>((resolve) => {
    let skipped = 0;
    let passed = 0;
    const runner = mocha.run((failed) => {
      resolve({ passed, failed, skipped });
    });
    runner.on("pass", () => (passed += 1));
    runner.on("pending", () => (skipped += 1));
  });
  const target = process.env["HB_SUITE_RESULT"];
  if (target !== undefined) writeFileSync(target, JSON.stringify(result));
  if (result.failed > 0) throw new Error(`${result.failed} failed`);
  if (result.passed === 0) throw new Error("no test ran");
}
