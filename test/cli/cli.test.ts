import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { failingPrograms, goFile } from "../harness/failing-programs.js";
import { schemaErrors } from "../harness/schemas.js";
import type { Witness } from "../../protocol/witness.js";

const root = path.join(import.meta.dirname, "..", "..");
const scratch = mkdtempSync(path.join(tmpdir(), "happens-before-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built command line, from the project's folder. */
function cli(...args: readonly string[]): Run {
  const command = [path.join(root, "dist", "cli.cjs"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: "utf8",
  });
  return { code: status, out: stdout, err: stderr };
}

interface Report {
  readonly findings: readonly {
    readonly code: string;
    readonly primary: { readonly file: string; readonly startLine: number };
    readonly witness: Witness | null;
  }[];
}

function report({ out }: Run): Report {
  return JSON.parse(out) as Report;
}

/** What the schema has against a report; "" when nothing. */
function wrongIn(run: Run): string {
  return schemaErrors("check", report(run));
}

const unlocked = "samples/crawler/unlocked";

describe("exit codes", () => {
  it("0: nothing found, help and version", () => {
    expect(cli("check", "samples/crawler/mutex")).toMatchObject({ code: 0, err: "" });
    expect(cli("--help").out).toContain("happens-before check PATH...");
    expect(cli("--version").out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("1: something at warning or above", () => {
    const run = cli("check", unlocked);
    expect(run.code).toBe(1);
    expect(run.out).toContain(`${unlocked}/main.go:46:`);
  });

  const refused: readonly (readonly [readonly string[], string])[] = [
    [["look"], "happens-before: no command is called look; see --help\n"],
    [["check", "nowhere"], "happens-before: nowhere: no such file or folder\n"],
    [["check", "docs"], "happens-before: docs: no Go package and no TypeScript there\n"],
    [["check", "package.json"], "happens-before: package.json: neither Go nor TypeScript\n"],
    [["replay", "package.json"], "happens-before: package.json: not a witness (version 1)\n"],
    [["replay", "none.json"], "happens-before: none.json: no such file\n"],
    [["reproduce", "none.json"], "happens-before: none.json: no such file\n"],
    [["reproduce", "package.json"], "happens-before: package.json: no witness (version 1)\n"],
  ];
  for (const [args, message] of refused) {
    it(`2: ${args.join(" ")}`, () => {
      expect(cli(...args)).toEqual({ code: 2, out: "", err: message });
    });
  }

  it("2: an entry that is not there, with those that are", () => {
    const run = cli("explore", unlocked, "--entry", "Main");
    expect(run.code).toBe(2);
    expect(run.err).toMatch(/no entry is called Main; there are: .*main/);
  });
});

it.runIf(process.platform !== "win32")("ends quietly when nobody reads on", () => {
  const node = `"${process.execPath}" "${path.join(root, "dist", "cli.cjs")}"`;
  const shell = `${node} explore ${unlocked} --entry main | true`;
  expect(spawnSync("sh", ["-c", shell], { cwd: root, encoding: "utf8" }).stderr).toBe("");
});

describe("folders", () => {
  it("are searched for modules, too, each for itself", () => {
    const run = cli("check", "samples/typescript");
    expect(run.out).toMatch(/^bank\.ts: .*fails \(race\)$/m);
    expect(run.out).toMatch(/^bank-fixed\.ts: 1 order only$/m);
    expect(run.out).not.toMatch(/env\.d\.ts|crawler/);
  });

  it("of builds only the Go packages", () => {
    const dir = mkdtempSync(path.join(scratch, "builds-"));
    for (const it of ["build", "src"]) {
      mkdirSync(path.join(dir, it));
      writeFileSync(
        path.join(dir, it, "main.go"),
        "package main\n\nfunc main() { go func() {}() }\n",
      );
      writeFileSync(path.join(dir, it, "module.ts"), "export {};\n");
    }
    writeFileSync(path.join(dir, "go.mod"), "module builds\n\ngo 1.26\n");
    const { out } = cli("check", `${dir}/...`);
    expect(out).toContain("build.main");
    expect(out).toContain("src.main");
    expect(out.match(/module\.ts/g)).toHaveLength(1);
  });

  it("with `...` those below, Go and TypeScript", () => {
    const run = cli("check", "samples/...", "--no-explore");
    expect(run.out).toContain("samples/crawler/unlocked/main.go:");
    expect(run.out).toContain("samples/typescript/crawler/unlocked.ts:");
  });
});

describe("the JSON", () => {
  const run = cli("check", "samples/crawler/mutex/...", unlocked, "--format", "json");
  const { findings } = report(run);

  it("is what its schema says", () => {
    expect(wrongIn(run)).toBe("");
    expect(run.code).toBe(1);
  });

  it("holds all packages, and only the broken one has findings", () => {
    expect(findings.length).toBeGreaterThan(0);
    for (const it of findings) expect(it.primary.file).toBe(`${unlocked}/main.go`);
  });

  it("holds witnesses that replay to the same story", () => {
    const witnesses = findings.flatMap((it) => it.witness ?? []);
    expect(witnesses.length).toBe(findings.length);
    for (const witness of witnesses.filter((it) => it.outcome.kind === "panic")) {
      const file = path.join(scratch, "witness.json");
      writeFileSync(file, JSON.stringify(witness));
      const again = cli("replay", file, "--format", "json");
      expect(again.code).toBe(1);
      // One run says nothing of other schedules: whether there is a smaller one, and which one passes.
      const size = { ...witness.size, minimal: false };
      expect(JSON.parse(again.out)).toEqual({
        ...witness,
        finding: "",
        size,
        contrast: null,
        stale: null,
      });
    }
  });

  it("of the static half alone has no schedules", () => {
    const fast = cli("check", unlocked, "--no-explore", "--format=json");
    expect(fast.code).toBe(0);
    expect(report(fast).findings.every((it) => it.witness === null)).toBe(true);
  });
});

describe("after an edit", () => {
  const dir = path.join(scratch, "lost");
  const main = path.join(dir, "main.go");
  const program = failingPrograms.find((it) => it.name === "a lost update");
  const text = program === undefined ? "" : goFile(program);
  mkdirSync(dir);
  writeFileSync(path.join(dir, "go.mod"), "module lost\n\ngo 1.24\n");
  writeFileSync(main, text);
  const before = path.join(scratch, "before.json");
  writeFileSync(before, cli("check", dir, "--format", "json").out);
  const moved = text.replace("package main\n", "package main\n\n// One.\n");
  const mended = moved
    .replace("\tx := 0\n", "\tx := 0\n\tvar mu sync.Mutex\n")
    .replace("\t\tx++\n", "\t\tmu.Lock()\n\t\tx++\n\t\tmu.Unlock()\n");
  const gone = moved.replace("\t\tx++\n", "");

  it("becomes a failing test beside its source, unless that was edited", () => {
    writeFileSync(main, text);
    const run = cli("reproduce", before);
    expect(run).toMatchObject({ code: 0, err: "" });
    const [, name = ""] =
      /(hb_race_[0-9a-f]{8}_test\.go): cd .* && go test -run/.exec(run.out) ?? [];
    expect(readFileSync(path.join(dir, name), "utf8")).toContain("hbReplay(t, ");
    // The exported test is no part of the package that is checked.
    expect(cli("check", dir).out).not.toContain("TestSchedule");
    writeFileSync(main, moved);
    const late = cli("reproduce", before);
    expect(late.code).toBe(2);
    expect(late.err).toContain("it was edited since; check it again");
  });

  it.each([
    ["still fails", moved, /^still fails: lost\.main: data race, /, 1],
    ["no longer fails", mended, /^no longer fails: lost\.main: ends well, /, 0],
    ["no longer applies", gone, /^no longer applies: `main\.func1` no longer reaches its/, 2],
  ] as const)("a witness %s", (_, edited, said, code) => {
    writeFileSync(main, edited);
    const run = cli("replay", before);
    expect(run.out).toMatch(said);
    expect(run.code).toBe(code);
  });

  it.each([
    ["still fails", moved, /^ {2}still fails: x is (read|written) by/m],
    ["is fixed", mended, /^ {2}fixed: 0 of \d+ orders fail$/m],
  ] as const)("check says that a witness of an earlier report %s", (_, edited, said) => {
    writeFileSync(main, edited);
    expect(cli("check", dir, "--previous", before).out).toMatch(said);
  });

  it("the JSON says so too", () => {
    writeFileSync(main, mended);
    const run = cli("check", dir, "--previous", before, "--format", "json");
    expect(wrongIn(run)).toBe("");
    expect(JSON.parse(run.out)).toMatchObject({
      explorations: [{ previous: [{ verdict: "fixed" }] }],
    });
  });
});

describe("what is not to be shown", () => {
  const dir = path.join(scratch, "old");
  const main = path.join(dir, "main.go");
  const program = failingPrograms.find((it) => it.name === "a lost update");
  const text = program === undefined ? "" : goFile(program);
  mkdirSync(dir);
  writeFileSync(path.join(dir, "go.mod"), "module old\n\ngo 1.24\n");
  beforeEach(() => {
    writeFileSync(main, text);
  });

  it("is left out by a baseline, and counted", () => {
    const file = path.join(scratch, "baseline.json");
    expect(cli("check", dir, "--write-baseline", file)).toMatchObject({
      code: 0,
      out: `${file}: 1 finding\n`,
    });
    const run = cli("check", dir, "--baseline", file);
    expect(run.code).toBe(0);
    expect(run.out).toContain("nothing else found in what was looked at (not shown: 1 in the");
    writeFileSync(main, text.replaceAll(/\bx\b/g, "y"));
    expect(cli("check", dir, "--baseline", file).code).toBe(1);
    expect(cli("check", dir, "--baseline", main).err).toContain("main.go is not JSON");
    expect(cli("check", dir, "--baseline", "nowhere.json").err).toContain("no such file");
  });

  it("is left out by a comment with a reason", () => {
    writeFileSync(main, text.replace("\t\tx++\n", "\t\tx++ //hb:ignore lost-update only a hint\n"));
    const run = cli("check", dir, "--format", "json");
    expect(run.code).toBe(0);
    expect(wrongIn(run)).toBe("");
    expect(JSON.parse(run.out)).toMatchObject({
      findings: [],
      suppressed: { ignored: 1, baseline: 0 },
    });
  });

  it("a comment that is not needed any more is told", () => {
    writeFileSync(
      main,
      text.replace("\t\tx++\n", "\t\t_ = 1 //hb:ignore lost-update only a hint\n"),
    );
    expect(cli("check", dir).out).toContain("`lost-update` any more: remove the comment");
  });

  it("is as loud as a rule says", () => {
    expect(cli("check", dir, "--rule", "lost-update=off").code).toBe(0);
    expect(cli("check", dir, "--rule=lost-update=warning").out).toContain("warning: `x` is");
    expect(cli("check", dir, "--rule", "lost-update=loud").err).toContain("the level is one of");
    expect(cli("check", dir, "--rule", "lost=off").err).toContain("no check is called lost");
  });
});

describe("what Go's run-time said", () => {
  const dir = path.join(scratch, "said");
  const main = path.join(dir, "main.go");
  const program = failingPrograms.find((it) => it.name === "a lost update");
  const text = program === undefined ? "" : goFile(program);
  mkdirSync(dir);
  writeFileSync(path.join(dir, "go.mod"), "module said\n\ngo 1.24\n");
  writeFileSync(main, text);
  const line = text.split("\n").findIndex((it) => it.includes("x++")) + 1;
  const access = (how: string, by: string): string =>
    `${how} at 0x00c000012345 by ${by}:\n  main.main.func1()\n      ${main}:${line} +0x33\n\n`;
  const report = `WARNING: DATA RACE\n${access("Write", "goroutine 8")}${access("Previous write", "goroutine 7")}==================\n`;

  it("is told in words, with what is found at its lines", () => {
    const file = path.join(scratch, "report.txt");
    writeFileSync(file, report);
    const run = cli("explain", file);
    expect(run.code).toBe(0);
    expect(run.out).toContain("goroutine 7 writes in `main.main.func1`");
    expect(run.out).toMatch(/Happens Before finds at these lines:\n\n.*\[lost-update, confirmed\]/);
  });

  it("may be nothing of the kind", () => {
    expect(cli("explain", main).err).toContain("no race report and no goroutine dump in it");
    expect(cli("explain", "nowhere.txt").err).toContain("nowhere.txt: no such file");
  });
});

describe("the demo", () => {
  const run = cli("demo");

  it("shows the schedule that fetches a page twice, and is no failure", () => {
    expect(run.code).toBe(0);
    expect(run.out).toContain("concurrent-map, confirmed");
    expect(run.out).toMatch(
      /Step \d+: panic: fetched twice: \/[ab]\nA run that does not fail like this differs in one thing: /,
    );
  });

  it("is as wide as a terminal where it draws", () => {
    const drawn = run.out.slice(run.out.indexOf("unlocked.main: panic after"));
    expect(Math.max(...drawn.split("\n").map((it) => it.length))).toBeLessThanOrEqual(100);
  });
});
