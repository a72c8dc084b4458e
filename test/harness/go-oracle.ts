import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

// What the real Go toolchain makes of small programs. They are built into one binary (a package each, `main` renamed), because linking
// a hundred and fifty takes minutes and linking one takes seconds. A program whose initialisers print is named `init-…` and built alone, and
// so is one named `net-…`: a binary with package net in it never says that all goroutines are asleep.

export interface GoRun {
  readonly stdout: string;
  /** Up to the goroutine traces, without addresses. */
  readonly stderr: string;
  readonly exit: number;
}

export function goIsInstalled(): boolean {
  return spawnSync("go", ["version"]).status === 0;
}

/** `programs`: name → source of a one-file package main. */
export function runWithGo(programs: ReadonlyMap<string, string>): Map<string, GoRun> {
  const dir = mkdtempSync(path.join(tmpdir(), "go-oracle-"));
  try {
    writeFileSync(path.join(dir, "go.mod"), "module oracle\n\ngo 1.25\n");
    const all = [...programs];
    const isAlone = ([name]: readonly [string, string]): boolean => /^(?:init|net)-/.test(name);
    const together = all.filter((it) => !isAlone(it));
    const alone = all.filter(isAlone);
    const binary = buildTogether(dir, together);
    const runs = new Map<string, GoRun>();
    together.forEach(([name], index) => runs.set(name, run(binary, [String(index)])));
    for (const [name, source] of alone) {
      runs.set(name, run(build(dir, name, { "main.go": source }), []));
    }
    return runs;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Builds programs, in a folder that is a module `oracle`, into one binary, whose argument says which of them to run. */
export function buildTogether(
  dir: string,
  programs: readonly (readonly [string, string])[],
): string {
  programs.forEach(([, source], index) => {
    const renamed = source
      .replace(/^package main$/m, `package hbmain${index}`)
      .replace(/^func main\(\)/m, "func Main()");
    write(path.join(dir, `hbmain${index}`), { "main.go": renamed });
  });
  const imports = programs.map((_, index) => `\t"oracle/hbmain${index}"\n`).join("");
  const cases = programs
    .map((_, index) => `\tcase "${index}":\n\t\thbmain${index}.Main()\n`)
    .join("");
  const main = `package main\n\nimport (\n\t"os"\n${imports})\n\nfunc main() {\n\tswitch os.Args[1] {\n${cases}\t}\n}\n`;
  return build(dir, "together", { "main.go": main });
}

function build(dir: string, name: string, files: Readonly<Record<string, string>>): string {
  write(path.join(dir, name), files);
  const binary = path.join(dir, `${name}.bin`);
  execFileSync("go", ["build", "-o", binary, `./${name}`], { cwd: dir, stdio: "pipe" });
  return binary;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
}

function run(binary: string, args: readonly string[]): GoRun {
  const { stdout, stderr, status } = spawnSync(binary, args, { timeout: 20_000 });
  return {
    stdout: plain(stdout.toString("latin1")),
    stderr: plain(withoutTraces(stderr.toString("latin1"))),
    exit: status ?? -1,
  };
}

function plain(text: string): string {
  return text.replace(/hbmain\d+/g, "main");
}

/** Drops goroutine traces, the signal's addresses and the exit line that follow the message. */
function withoutTraces(text: string): string {
  const end = text.search(/^goroutine \d+ .*\[/m);
  const message = end < 0 ? text : text.slice(0, end);
  return message
    .split("\n")
    .filter((it) => !it.startsWith("[signal ") && it !== "")
    .map((it) => `${it}\n`)
    .join("");
}

/** A run as the text of a golden file. Output that is not UTF-8 keeps one character per byte. */
export function printRun(run: GoRun): string {
  const stderr = run.stderr === "" ? "" : `--- stderr\n${run.stderr}`;
  const exit = run.exit === 0 ? "" : `--- exit ${run.exit}\n`;
  return `${run.stdout}${stderr}${exit}`;
}
