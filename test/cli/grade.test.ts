// `happens-before grade`: accepted, not yet, or could not run.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../harness/engine.js";
import { temporaryFolder } from "../harness/vscode/workspace.js";

const lessons = path.join("samples", "lessons");

function cli(...args: readonly string[]): { code: number | null; out: string; err: string } {
  const command = [path.join(root, "dist", "cli.cjs"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: "utf8",
  });
  return { code: status, out: stdout, err: stderr };
}

describe("grade", () => {
  it("0: an answer that is right, by the number of the lesson", () => {
    const run = cli("grade", "1", `${lessons}/01-three-steps/solution/main.go`);
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(run.out).toContain("Lesson 1: Three steps of n = n+1\n");
    expect(run.out).toContain("solution/main.go: accepted. It ends well in all 2 orders");
  });

  it("1: one that is not, in words, with the schedule and the hint", () => {
    const file = `${lessons}/03-mutex/wrong-lock-around-the-write/main.ts`;
    const run = cli("grade", `${lessons}/03-mutex`, file);
    expect(run.code).toBe(1);
    expect(run.out).toContain(`${file}: not yet.\n  It fails in another way, line 24: `);
    expect(run.out).toMatch(/^Hint: new Mutex\(\)/m);
    expect(run.out).toContain("reads account.balance");
  });

  it("takes an answer from any folder, whatever lies beside it", () => {
    const folder = temporaryFolder("hb-grade-");
    const answer = path.join(folder, "mine.go");
    writeFileSync(answer, "package main\n\nfunc main() {}\n");
    writeFileSync(path.join(folder, "other.go"), "package other\n");
    const run = cli("grade", "18", answer);
    expect(run.code).toBe(1);
    expect(run.out).toContain("Nothing in it runs side by side any more");
    expect(run.out).toContain("`main` is not as it was");
  });

  it("as JSON", () => {
    const file = `${lessons}/18-leak/wrong-room-for-one/main.go`;
    const run = cli("grade", "18", file, "--format", "json");
    expect(run.code).toBe(1);
    const json = JSON.parse(run.out) as { readonly refusals: readonly { line: number }[] };
    expect(json).toMatchObject({
      version: 1,
      lesson: { number: 18, title: "Left behind" },
      accepted: false,
      refusals: [{ kind: "fails", line: 23, witness: { version: 1 } }],
    });
  });

  it.each([
    [["grade", "99", "x.go"], "99: no lesson there"],
    [["grade", "1", "no-such.go"], "no-such.go: no such file"],
    [["grade", "1", `${lessons}/03-mutex/main.ts`], "the lesson is written in .go"],
    [["grade", "samples/crawler/mutex", "samples/crawler/mutex/main.go"], "not a lesson"],
    [["grade", "1"], "grade wants one LESSON and one FILE"],
    [["lint-lessons", "samples/crawler"], "no lessons there"],
  ])("2: %j", (args, problem) => {
    const run = cli(...args);
    expect(run.code).toBe(2);
    expect(run.err).toContain(problem);
  });
});
