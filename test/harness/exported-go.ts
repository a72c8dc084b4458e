// Exported tests under the real toolchain, in a folder with a program of one file.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ExportedFile } from "../../language-server/report/exported-test.js";

export interface TestRun {
  readonly package: string;
  readonly name: string;
  readonly passed: boolean;
  readonly output: string;
}

/** `name`: of the program's file. Runs all exported tests, each `runs` times unless it fails. */
export function runExported(
  name: string,
  source: string,
  files: readonly ExportedFile[],
  runs: number,
): readonly TestRun[] {
  const dir = mkdtempSync(path.join(tmpdir(), "exported-go-"));
  try {
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, "go.mod"), "module exported\n\ngo 1.26\n");
    writeFileSync(path.join(dir, name), source);
    for (const it of files) writeFileSync(path.join(dir, it.name), it.text);
    const args = ["test", "-json", "-timeout=30m", "-run=^TestSchedule_", "."];
    const env = { ...process.env, HAPPENS_BEFORE_RUNS: String(runs) };
    const { stdout, stderr } = spawnSync("go", args, { cwd: dir, encoding: "utf8", env });
    return testRuns(stdout, stderr);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Event {
  readonly Action: string;
  readonly Package: string;
  readonly Test?: string;
  readonly Output?: string;
}

/** Reads what `go test -json` says. */
export function testRuns(stdout: string, stderr: string): readonly TestRun[] {
  const outputs = new Map<string, string>();
  const runs: TestRun[] = [];
  let rest = stderr;
  for (const line of stdout.split("\n")) {
    if (!line.startsWith("{")) continue;
    const event = JSON.parse(line) as Event;
    const { Action: action, Package: own, Test: name = "" } = event;
    const key = `${own} ${name}`;
    if (action === "output") {
      if (name === "") rest += event.Output ?? "";
      outputs.set(key, `${outputs.get(key) ?? ""}${event.Output ?? ""}`);
    }
    if (name === "" || !["pass", "fail", "skip"].includes(action)) continue;
    runs.push({ package: own, name, passed: action === "pass", output: outputs.get(key) ?? "" });
  }
  if (runs.length === 0) throw new Error(`go test did not run: ${rest}`);
  return runs;
}

/** What a failure shows, as the schedule foretells it. */
export function showsAsForetold(kind: string, output: string): boolean {
  switch (kind) {
    case "race":
      return output.includes("WARNING: DATA RACE");
    case "panic":
      return output.includes("panic: ") || output.includes("fatal error: ");
    default:
      return output.includes(`schedule: ${kind}`);
  }
}
