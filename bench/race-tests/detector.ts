// What the real detector says: `go test -race` over the same files, read by test.

import { spawnSync } from "node:child_process";

/** Lines of the two accesses of a race, as `file.go:12`. */
export type Pair = readonly [string, string];

/** By test, the races that the detector reported in one run. */
export function detectorsRaces(
  files: readonly string[],
  cwd: string,
): ReadonlyMap<string, readonly Pair[]> {
  const args = ["test", "-race", "-v", "-run", "^Test(No)?Race", ...files];
  const options = { cwd, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const { stdout, stderr, error } = spawnSync("go", args, options);
  if (error !== undefined) throw error;
  const races = new Map<string, Pair[]>();
  let test = "";
  let accesses: string[] | null = null;
  let wantsFrame = false;
  for (const line of `${stdout}\n${stderr}`.split("\n")) {
    const run = /^=== RUN\s+(\w+)$/.exec(line);
    if (run?.[1] !== undefined) {
      test = run[1];
      races.set(test, []);
    }
    if (line.startsWith("WARNING: DATA RACE")) accesses = [];
    if (accesses === null) continue;
    if (/^(Previous )?(atomic )?(read|write) at /i.test(line)) wantsFrame = true;
    const frame = /^\s+(\S+_test\.go):(\d+)/.exec(line);
    if (wantsFrame && frame?.[1] !== undefined) {
      accesses.push(`${frame[1].split("/").pop() ?? ""}:${frame[2] ?? ""}`);
      wantsFrame = false;
    }
    const [a, b] = accesses;
    if (a !== undefined && b !== undefined) {
      races.get(test)?.push([a, b]);
      accesses = null;
    }
  }
  return races;
}
