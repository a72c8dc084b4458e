import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { goTest } from "../../language-server/report/go-test/go-test.js";
import type { CheckResult, Finding } from "../../protocol/finding.js";
import { testEngine } from "../harness/engine.js";
import { runExported, showsAsForetold } from "../harness/exported-go.js";
import { goIsInstalled } from "../harness/go-oracle.js";
import { detect, type Detected } from "../harness/race-detector.js";
import { headLines, randomGo, standAlone, type RandomGo } from "../harness/random-go.js";

// Random programs under Go's race detector and under ours. What its runs show we must say, too; what we say and its runs
// do not show must show when our schedule is forced on the program.

const runs = Number(process.env["HAPPENS_BEFORE_RUNS"] ?? "3");
const first = Number(process.env["HAPPENS_BEFORE_SEED"] ?? "0");
const programs = Array.from({ length: 300 }, (_, at) => randomGo(first + at));
const forced = 20;
const limits = { executions: 20_000, depth: 5_000, millis: 100_000 };

const { engine } = testEngine();
const scratch = mkdtempSync(path.join(tmpdir(), "random-go-"));
const said = new Map<string, CheckResult>();
let detected: Detected;

/** Variables of the program that race, by the lines that are told. */
function racy({ variables }: RandomGo, lines: Iterable<number>): ReadonlySet<string> {
  return new Set([...lines].map((it) => variables.get(it) ?? `line ${it}`));
}

/** The lines of both accesses. */
function linesOf({ witness }: Finding): readonly number[] {
  if (witness?.outcome.kind !== "race") return [];
  return witness.outcome.steps.map((it) => (witness.steps[it]?.span.start.line ?? 0) - headLines);
}

function racesOf({ name }: RandomGo): readonly Finding[] {
  const findings = said.get(name)?.findings ?? [];
  return findings.filter((it) => it.witness?.outcome.kind === "race");
}

async function check(program: RandomGo): Promise<CheckResult> {
  const dir = path.join(scratch, program.name);
  mkdirSync(dir);
  writeFileSync(path.join(dir, "main.go"), standAlone(program));
  const unit = {
    language: "go",
    uri: pathToFileURL(dir).href,
    overlays: [],
    edited: null,
  } as const;
  return engine.check(unit, { explore: true, limits }, neverCancelled);
}

describe.runIf(goIsInstalled())("random programs and Go's race detector", () => {
  beforeAll(async () => {
    writeFileSync(path.join(scratch, "go.mod"), "module random\n\ngo 1.25\n");
    detected = detect(programs, runs);
    for (const it of programs) said.set(it.name, await check(it));
  }, 900_000);
  afterAll(async () => {
    rmSync(scratch, { recursive: true, force: true });
    await engine.dispose();
    const racyThere = programs.filter((it) => (detected.get(it.name)?.size ?? 0) > 0).length;
    const racyHere = programs.filter((it) => racesOf(it).length > 0).length;
    const whole = [...said.values()].filter((it) => it.explorations.every((of) => of.complete));
    console.log(
      `random programs: ${programs.length}; racy for the detector in ${runs} runs: ${racyThere}; for us: ${racyHere}; explored completely: ${whole.length}`,
    );
  });

  it("whatever its runs show is found", () => {
    const missed = programs.flatMap((it) => {
      const ours = racy(it, racesOf(it).flatMap(linesOf));
      const theirs = racy(it, detected.get(it.name) ?? []);
      return [...theirs].filter((of) => !ours.has(of));
    });
    expect(missed).toEqual([]);
    expect([...detected.values()].filter((it) => it.size > 0).length).toBeGreaterThan(50);
  });

  it("every race of ours has a schedule", () => {
    for (const { name } of programs) {
      for (const it of said.get(name)?.findings ?? []) {
        if (it.severity === "error") expect(it.witness?.outcome.kind).toBeDefined();
      }
    }
  });

  it(`races that its runs do not show, show when our schedule is forced (${forced} of them)`, () => {
    const unseen = programs.flatMap((it) => {
      const theirs = racy(it, detected.get(it.name) ?? []);
      return racesOf(it)
        .filter((of) => [...racy(it, linesOf(of))].every((name) => !theirs.has(name)))
        .map((finding) => ({ program: it, finding }));
    });
    const seen = programs.flatMap((program) =>
      racesOf(program).map((finding) => ({ program, finding })),
    );
    const known = new Set(unseen.map(({ finding }) => finding));
    const more = seen.filter(({ finding }) => !known.has(finding));
    const sample = [...unseen, ...more].slice(0, forced);
    expect(sample).toHaveLength(forced);
    const silent = sample.filter(({ program, finding }) => !isReported(program, finding));
    console.log(`races that no run showed: ${unseen.length}; forced: ${sample.length}`);
    expect(silent.map(({ program }) => program.name)).toEqual([]);
  }, 900_000);
});

/** Whether the detector reports the race when the finding's schedule is forced on the program. */
function isReported(program: RandomGo, { witness }: Finding): boolean {
  if (witness === null) return false;
  const source = standAlone(program);
  const test = goTest(witness, () => source);
  if ("problem" in test) throw new Error(test.problem);
  const [run] = runExported("main.go", source, test.files, 1);
  return run?.passed === false && showsAsForetold("race", run.output);
}
