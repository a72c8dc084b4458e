// What the real detector says: `go test -race` over the same files, read by test.

import { spawnSync } from "node:child_process";

/** Where the detector's stack of an access has no line of the tests. */
export const anywhere = "?";

/** Lines of the two accesses of a race, as `file.go:12`. */
export type Pair = readonly [string, string];

/** Under which `detectorsRaces` has what package initialisers do, before the first test. */
export const beforeTests = "";

/** More runs, because the detector sees only what happens in one. */
const runs = ["-count=3", "-cpu=1,2,4"];

/** By test, the races that the detector reported. */
export function detectorsRaces(
  files: readonly string[],
  cwd: string,
): ReadonlyMap<string, readonly Pair[]> {
  const args = ["test", "-race", "-v", "-run", "^Test(No)?Race", ...runs, ...files];
  const options = { cwd, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const { stdout, stderr, error } = spawnSync("go", args, options);
  if (error !== undefined) throw error;
  let test = beforeTests;
  const races = new Map<string, Pair[]>([[test, []]]);
  let accesses: string[] | null = null;
  let wantsFrame = false;
  for (const line of `${stdout}\n${stderr}`.split("\n")) {
    const run = /^=== RUN\s+(\w+)$/.exec(line);
    if (run?.[1] !== undefined) {
      test = run[1];
      if (!races.has(test)) races.set(test, []);
    }
    if (line.startsWith("WARNING: DATA RACE")) accesses = [];
    if (accesses === null) continue;
    if (/^(Previous )?(atomic )?(read|write) at /i.test(line)) wantsFrame = true;
    if (wantsFrame && line.trim() === "") {
      accesses.push(anywhere);
      wantsFrame = false;
    }
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
