import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readTraces } from "../../export/json.js";
import { schemaErrors } from "../harness/schemas.js";
import { xmlErrors } from "../harness/xml.js";

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

const bank = "samples/typescript/bank.ts";
const trace = path.join(scratch, "trace.json");

describe("happens-before export", () => {
  it("writes a trace, which is what its schema says", () => {
    const run = cli("export", `${bank}:10`, "--format", "json", "-o", trace);
    expect(run.code).toBe(0);
    expect(run.out).toBe("");
    expect(run.err).toMatch(/trace\.json: schedule 1 of \d+\n$/);
    const document: unknown = JSON.parse(readFileSync(trace, "utf8"));
    expect(schemaErrors("trace", document)).toBe("");
    expect(document).toMatchObject({ exploration: { complete: true } });
  });

  it("writes every other format from it, to standard output", () => {
    const page = cli("export", trace, "--format=html");
    expect(page.out).toMatch(/^<!doctype html>/);
    // The file is as it was, so its code is there.
    expect(page.out).toContain("this.balance = before + amount;");
    expect(xmlErrors(cli("export", trace, "--format=svg").out)).toBe("");
    expect(cli("export", trace, "--format=mermaid").out).toContain("```mermaid\nsequenceDiagram\n");
    expect(cli("export", trace, "--format=transcript").out).toContain("\nSteps\n1. ");
  });

  it("leaves out code that is not as it was", () => {
    const other = path.join(scratch, "other.json");
    writeFileSync(
      other,
      readFileSync(trace, "utf8").replaceAll(/"digest": "\w+"/g, '"digest": "0"'),
    );
    const page = cli("export", other, "--format", "html").out;
    expect(page).not.toContain('class="code-line');
    expect(page).toContain("Not at hand, or not as it was, when this page was made: bank.ts.");
  });

  it("takes an entry by name as well, and the same schedule every time", () => {
    const named = cli("export", bank, "--entry", "bank.ts", "--format", "text");
    expect(named).toEqual(cli("export", `${bank}:10`));
    expect(named.code).toBe(0);
  });

  it.each([
    [[bank], /: export wants a line, as in .*:12, or --entry NAME\n$/],
    [["nowhere.go:3"], /nowhere\.go: no such file or folder\n$/],
    [["none.json"], /none\.json: no such file\n$/],
    [["package.json"], /package\.json: no schedule is in it\n$/],
    [[trace, "--schedule", "9"], /there is no schedule 9, only 1\n$/],
  ])("2: %j", (args, message) => {
    const run = cli("export", ...args);
    expect(run).toMatchObject({ code: 2, out: "" });
    expect(run.err).toMatch(message);
  });
});

describe("happens-before show", () => {
  it("prints what was looked at and the timeline", () => {
    const run = cli("show", trace);
    expect(run.code).toBe(0);
    const [read] = readTraces(readFileSync(trace, "utf8"));
    const { entry } = typeof read === "object" ? read.witness.schedule : { entry: "" };
    expect(run.out).toContain(`${entry}: `);
    expect(run.out).toContain(cli("export", trace).out);
  });

  it("reads what check writes", () => {
    const report = path.join(scratch, "report.json");
    writeFileSync(report, cli("check", bank, "--format", "json").out);
    expect(cli("show", report).out).toMatch(/lost update, \d+ switch/);
  });

  it("2: a file without schedules", () => {
    expect(cli("show", "package.json")).toEqual({
      code: 2,
      out: "",
      err: "happens-before: package.json: no schedule is in it\n",
    });
  });
});
