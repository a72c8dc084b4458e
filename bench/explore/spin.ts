// Runs SPIN on a model: the states and transitions it visits, what it finds, and what that took.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface SpinOptions {
  /** Partial-order reduction, or breadth first for the shortest way to an error. */
  readonly search: "reduced" | "full" | "shortest";
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

export interface SpinRun {
  readonly kind: "run";
  /** Nothing was cut. */
  readonly complete: boolean;
  readonly states: number;
  readonly transitions: number;
  /** Number of steps of the shortest way to an error; only of a `shortest` search that found one. */
  readonly shortest: number | null;
  /** Sorted. */
  readonly errors: readonly ("panic" | "blocked")[];
  readonly cpuMillis: number;
  /** For states alone: the hash table and the stack have a fixed size. */
  readonly megabytes: number;
}

export type SpinResult = SpinRun | { readonly kind: "failed"; readonly reason: string };

/** Whether SPIN and a C compiler are on the path. */
export function spinIsThere(): boolean {
  return spawnSync("spin", ["-V"]).status === 0 && spawnSync("cc", ["--version"]).status === 0;
}

export function runSpin(model: string, options: SpinOptions): SpinResult {
  const folder = mkdtempSync(path.join(tmpdir(), "happens-before-spin-"));
  try {
    writeFileSync(path.join(folder, "model.pml"), model);
    const made = command(folder, "spin", ["-a", "model.pml"]);
    if (made.status !== 0 || /Error/.test(made.stdout)) return failed("spin", made.stdout);
    const compiled = command(folder, "cc", [...flags(options), "-o", "pan", "pan.c"]);
    if (compiled.status !== 0) return failed("cc", compiled.stderr);
    return verify(folder, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function flags({ search, megabytes }: SpinOptions): readonly string[] {
  // Go's integers wrap, C's may do anything. The states of some programs are larger than SPIN expects.
  const common = ["-O2", "-w", "-fwrapv", "-DSAFETY", "-DVECTORSZ=8192", `-DMEMLIM=${megabytes}`];
  switch (search) {
    case "reduced":
      return common;
    case "full":
      return [...common, "-DNOREDUCE"];
    case "shortest":
      return [...common, "-DNOREDUCE", "-DBFS"];
  }
}

function verify(folder: string, { search, cpuSeconds }: SpinOptions): SpinResult {
  // The shell's `times` tells the CPU time of what it ran.
  const flagsOfRun = search === "shortest" ? "-w20" : "-c0 -m100000 -w20";
  const script = `ulimit -t ${cpuSeconds}; ./pan ${flagsOfRun} >out 2>&1; times; cat out`;
  const { stdout } = command(folder, "sh", ["-c", script]);
  const cpuMillis = childTime(stdout);
  if (/assertion violated +!\(beyond\)/.test(stdout)) {
    return { kind: "failed", reason: "numbers or objects beyond the model" };
  }
  if (stdout.includes("use of rendezvous with BFS")) {
    return { kind: "failed", reason: "breadth first, SPIN loses deadlocks at unbuffered channels" };
  }
  const states = /(\d+) states, stored/.exec(stdout)?.[1];
  const transitions = /(\d+) transitions/.exec(stdout)?.[1];
  const depth = /pan:1: .*\(at depth (\d+)\)/.exec(stdout)?.[1];
  const cut = /max search depth too small|out of memory|MEMLIM|Search not completed/;
  return {
    kind: "run",
    complete: states !== undefined && (search === "shortest" || !cut.test(stdout)),
    states: Number(states ?? 0),
    transitions: Number(transitions ?? 0),
    shortest: search === "shortest" && depth !== undefined ? Number(depth) : null,
    errors: [
      ...(/invalid end state \(/.test(stdout) ? ["blocked" as const] : []),
      ...(/assertion violated/.test(stdout) ? ["panic" as const] : []),
    ],
    cpuMillis,
    megabytes: Number(/([\d.]+)\s+actual memory usage for states/.exec(stdout)?.[1] ?? 0),
  };
}

/** User and system time of the children: the second line of `times`, such as `0m1.230s 0m0.040s`. */
function childTime(text: string): number {
  const [, line = ""] = text.split("\n");
  const times = [...line.matchAll(/(\d+)m([\d.]+)s/g)];
  const seconds = times.reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
  return Math.round(seconds * 1000);
}

const failed = (tool: string, output: string): SpinResult => ({
  kind: "failed",
  reason: `${tool}: ${output.trim().split("\n").slice(0, 3).join("; ")}`,
});

function command(
  cwd: string,
  name: string,
  args: readonly string[],
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(name, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
}
