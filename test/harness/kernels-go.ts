// Kernels under the real Go toolchain.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ExportedFile } from "../../language-server/report/exported-test.js";
import { testRuns, type TestRun } from "./exported-go.js";
import { buildTogether } from "./go-oracle.js";

/** A bad kernel with the test that forces its schedule. */
export interface Forced {
  readonly name: string;
  readonly source: string;
  readonly files: readonly ExportedFile[];
}

/** As often as a schedule is tried: which of its ready cases a select takes is left to chance. */
const tries = 20;

/** Runs all the tests, of which each kernel has one, with one `go` command. By the kernel's name. */
export function runForced(all: readonly Forced[]): ReadonlyMap<string, TestRun> {
  return inFolder((dir) => {
    for (const { name, source, files } of all) {
      const folder = path.join(dir, name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, "main.go"), source);
      for (const it of files) writeFileSync(path.join(folder, it.name), it.text);
    }
    const args = ["test", "-json", "-vet=off", "-timeout=30m", "-run=^TestSchedule_", "./..."];
    const env = { ...process.env, HAPPENS_BEFORE_RUNS: String(tries) };
    const options = { cwd: dir, encoding: "utf8", maxBuffer: 2 ** 30, env } as const;
    const { stdout, stderr } = spawnSync("go", args, options);
    return new Map(
      testRuns(stdout, stderr).map((it) => [it.package.replace("kernels/", ""), it] as const),
    );
  });
}

/** How often a program ended by itself, without a complaint. */
export interface Ended {
  readonly name: string;
  readonly times: number;
  /** Of the first run that did not. */
  readonly complaint: string | null;
}

/** A run that takes longer hangs. */
const patience = 20_000;

/** Runs each program so many times. `programs`: name → source of a one-file package main. */
export async function runOften(
  programs: ReadonlyMap<string, string>,
  runs: number,
): Promise<readonly Ended[]> {
  const dir = mkdtempSync(path.join(tmpdir(), "kernels-"));
  try {
    writeFileSync(path.join(dir, "go.mod"), "module oracle\n\ngo 1.26\n");
    const binary = buildTogether(dir, [...programs]);
    const all: Ended[] = [];
    for (const [index, name] of [...programs.keys()].entries()) {
      let times = 0;
      let complaint: string | null = null;
      while (times < runs && complaint === null) {
        complaint = await runOnce(binary, index);
        if (complaint === null) times++;
      }
      all.push({ name, times, complaint });
    }
    return all;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Null when the program ended as it should. */
function runOnce(binary: string, index: number): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(binary, [String(index)], { timeout: patience });
    child.stdout.resume();
    let errors = "";
    child.stderr.on("data", (data: Buffer) => {
      errors += data.toString();
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve(null);
      else resolve(signal === null ? `exit ${String(code)}: ${errors}` : "it hangs");
    });
  });
}

function inFolder<T>(work: (dir: string) => T): T {
  const dir = mkdtempSync(path.join(tmpdir(), "kernels-"));
  try {
    writeFileSync(path.join(dir, "go.mod"), "module kernels\n\ngo 1.26\n");
    return work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
