// What Go's own race detector says of random programs. All are built into one binary; goroutines give way at random before
// each statement, which orders nothing and shows the detector more.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { head, headLines, type RandomGo } from "./random-go.js";

/** By program: the lines, counted from 0 as in its `lines`, of all accesses that the detector names. */
export type Detected = ReadonlyMap<string, ReadonlySet<number>>;

const common = `package main

import (
	"math/rand/v2"
	"os"
	"runtime"
	"time"
)

//go:noinline
func use(int) {}

func gap() {
	switch rand.Uint32N(8) {
	case 0, 1, 2:
		runtime.Gosched()
	case 3:
		time.Sleep(time.Duration(rand.Uint32N(50)) * time.Microsecond)
	}
}

func main() { programs[os.Args[1]]() }
`;

export function detect(programs: readonly RandomGo[], runs: number): Detected {
  const dir = mkdtempSync(path.join(tmpdir(), "race-detector-"));
  try {
    writeFileSync(path.join(dir, "go.mod"), "module random\n\ngo 1.25\n");
    const table = programs.map(({ name }) => `\t"${name}": ${name},\n`).join("");
    const list = `var programs = map[string]func(){\n${table}}\n`;
    writeFileSync(path.join(dir, "main.go"), `${common}\n${list}`);
    for (const it of programs) writeFileSync(path.join(dir, `${it.name}.go`), withGaps(it));
    execFileSync("go", ["build", "-race", "-o", "all", "."], { cwd: dir });
    return new Map(programs.map(({ name }) => [name, linesOf(dir, name, runs)]));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** On the same lines as before. */
function withGaps({ lines }: RandomGo): string {
  const gapped = lines.map((it) =>
    /^\t+(?:use\(|\w+x\d|\w+\.(?:Lock|RLock|Add|Do)\(|close\(|<-|buffer <-)/.test(it)
      ? it.replace(/^\t+/, "$&gap(); ")
      : it,
  );
  return `${head}${gapped.join("\n")}\n\nvar _ sync.Mutex\nvar _ atomic.Bool\n`;
}

function linesOf(dir: string, name: string, runs: number): ReadonlySet<number> {
  const found = new Set<number>();
  const frame = new RegExp(`/${name}\\.go:(\\d+) `, "g");
  for (let run = 0; run < runs; run++) {
    const env = {
      ...process.env,
      GOMAXPROCS: String([1, 2, 4][run % 3]),
      GORACE: "exitcode=0 atexit_sleep_ms=0",
    };
    const options = { cwd: dir, encoding: "utf8", env, timeout: 20_000 } as const;
    const { stderr, error } = spawnSync(path.join(dir, "all"), [name], options);
    if (error !== undefined) throw error;
    for (const report of stderr.split("WARNING: DATA RACE").slice(1)) {
      // Below the accesses stands where their goroutines were started.
      const accesses = report.replace(/^Goroutine \d+[\s\S]*/m, "");
      for (const [, line] of accesses.matchAll(frame)) found.add(Number(line) - 1 - headLines);
    }
  }
  return found;
}
