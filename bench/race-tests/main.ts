// Each case explored by itself, and what the static half says of the race-free ones.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { createEngine } from "../../language-server/engine/create.js";
import type { Engine } from "../../language-server/engine/engine.js";
import { createNodeHost } from "../../language-server/host/node.js";
import type { CheckResult, Finding } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type { Witness } from "../../protocol/witness.js";
import { type Case, type RaceTests, readRaceTests } from "./cases.js";
import { anywhere, beforeTests, detectorsRaces, type Pair } from "./detector.js";

export interface Options {
  /** The project's folder, with a build in `dist/`. */
  readonly root: string;
  readonly only: string | null;
  /** For the exploration of one case. */
  readonly millis: number;
  readonly json: boolean;
  /** Whether to keep the figures for the accuracy page. */
  readonly write: boolean;
}

interface Verdict {
  readonly case: Case;
  /**
   * `found`: a race with a witness on lines that the detector names too; `crash`: no race, but both lines are named by a
   * finding whose witness shows the crash that the race leads to; `elsewhere`: a race on other lines only; `unseen`: one where
   * the detector was silent in its run; `false`: a race in a race-free test; `other`: something else that is wrong with one.
   */
  readonly kind:
    | "found"
    | "crash"
    | "elsewhere"
    | "unseen"
    | "missed"
    | "false"
    | "other"
    | "silent";
  /** What was found, or why nothing was. */
  readonly about: string;
}

export async function benchRaceTests(options: Options): Promise<void> {
  const goroot = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" }).stdout.trim();
  const tests = readRaceTests(goroot);
  const real = detectorsRaces(tests.files, tests.folder);
  const host = createNodeHost({ dist: path.join(options.root, "dist"), log: () => undefined });
  const engine = createEngine(host);
  const cases = tests.cases.filter((it) => options.only === null || it.name === options.only);
  const verdicts: Verdict[] = [];
  for (const it of cases) {
    verdicts.push(await verdictOf(engine, tests, it, real, options.millis));
  }
  const limits = { executions: 1, depth: 5000, millis: 1 };
  const still = await engine.check(tests.unit, { explore: false, limits }, neverCancelled);
  await engine.dispose();
  const alarms = staticFalseAlarms(still, tests.cases);
  print(options, verdicts, alarms);
  if (options.write) keep(options.root, verdicts, alarms);
}

/** Tests that need what the machine does not run, or that skip themselves. */
const needs: Readonly<Record<string, string>> = {
  TestRaceFin: "a finalizer, which never runs here",
  TestRaceBetweenCleanups: "clean-ups of the garbage collector, which never run here",
  TestRaceIssue5567: "a real file",
  TestRaceIssue51618: "a real file",
  TestRaceRangeFuncIterator: "nothing: it skips itself",
};

/** What the accuracy page says. */
function keep(root: string, verdicts: readonly Verdict[], alarms: readonly string[]): void {
  const racy = verdicts.filter((it) => it.case.racy);
  const of = (kind: Verdict["kind"]): readonly Verdict[] => racy.filter((it) => it.kind === kind);
  const named = ({ case: it, about }: Verdict): object => ({
    name: it.name,
    why: needs[it.name] ?? about,
    counted: !(it.name in needs),
  });
  const raceFree = (kind: Verdict["kind"]): readonly object[] =>
    verdicts
      .filter((it) => it.kind === kind)
      .map(({ case: it, about }) => ({ name: it.name, why: about }));
  const figures = {
    go: spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).stdout.trim(),
    racy: racy.length,
    found: of("found").length,
    unseen: of("unseen").length,
    crash: of("crash").map(named),
    elsewhere: of("elsewhere").map(named),
    missed: of("missed").map(named),
    raceFree: verdicts.length - racy.length,
    flagged: [
      ...raceFree("false"),
      ...alarms.map((it) => ({ name: "without exploring", why: it })),
    ],
    other: raceFree("other"),
  };
  const file = path.join(root, "bench", "race-tests-measured.json");
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}

async function verdictOf(
  engine: Engine,
  tests: RaceTests,
  it: Case,
  detector: ReadonlyMap<string, readonly Pair[]>,
  millis: number,
): Promise<Verdict> {
  const real = detector.get(it.name) ?? [];
  const ofAll = detector.get(beforeTests) ?? [];
  const limits = { executions: 200_000, depth: 5000, millis };
  const choice = { kind: "name", name: it.name } as const;
  const result = await engine.explore(tests.unit, choice, { limits }, neverCancelled);
  if ("problem" in result) return { case: it, kind: "missed", about: result.problem };
  const { findings } = result.check;
  const shown = findings.filter(
    (found) => isAlarm(found) && isOf(found, it) && !isOneOf(found, ofAll),
  );
  if (!it.racy) {
    const about = shown.map(whereAndWhat).join("; ");
    const races = shown.some(({ witness }) => witness?.outcome.kind === "race");
    return { case: it, kind: races ? "false" : shown.length > 0 ? "other" : "silent", about };
  }
  const pairs = shown.flatMap(({ witness }) => (witness === null ? [] : racePair(witness)));
  const about = pairs.map((pair) => pair.join(" ↔ ")).join(", ");
  if (pairs.length === 0) {
    const crash = shown.find((found) => real.some((pair) => isCrashAt(found, pair)));
    if (crash !== undefined) return { case: it, kind: "crash", about: whereAndWhat(crash) };
    return { case: it, kind: "missed", about: coverage(result.check) };
  }
  if (real.length === 0) return { case: it, kind: "unseen", about };
  const statements = pairs.map(([a, b]): Pair => [statementOf(tests, a), statementOf(tests, b)]);
  const same = [...pairs, ...statements].some((ours) =>
    real.some((theirs) => samePair(ours, theirs)),
  );
  return {
    case: it,
    kind: same ? "found" : "elsewhere",
    about: same ? about : `${about}; the detector: ${real.map((p) => p.join(" ↔ ")).join(", ")}`,
  };
}

/**
 * An argument behind the literal of a `go` or `defer` statement stands on its last line, for us; the detector names the
 * statement's first.
 */
function statementOf({ unit }: RaceTests, place: string): string {
  const [file = "", line = ""] = place.split(":");
  const text = unit.overlays.find((it) => it.uri.endsWith(`/${file}`))?.text ?? "";
  const lines = text.split("\n");
  const last = /^(\s*)\}\(.*\)$/.exec(lines[Number(line) - 1] ?? "");
  if (last === null) return place;
  for (let at = Number(line) - 1; at > 0; at--) {
    const begins = new RegExp(`^${last[1] ?? ""}(?:go|defer) func\\(`);
    if (begins.test(lines[at - 1] ?? "")) return `${file}:${at}`;
  }
  return place;
}

/** Whether a run of the case shows it. */
function isOf({ witness }: Finding, { name }: Case): boolean {
  return witness?.schedule.entry.replace(/\$entry$/, "").endsWith(`.${name}`) === true;
}

function isOneOf({ witness }: Finding, pairs: readonly Pair[]): boolean {
  const ours = witness === null ? [] : racePair(witness);
  return ours.some((it) => pairs.some((pair) => samePair(it, pair)));
}

/** Whether a finding names both lines and its witness ends in a panic: where one can happen, it is told instead of the race. */
function isCrashAt({ primary, related, witness }: Finding, pair: Pair): boolean {
  const lines = [primary, ...related].map(({ span }) => lineOf(span));
  return witness?.outcome.kind === "panic" && pair.every((it) => lines.includes(it));
}

function isAlarm({ severity }: Finding): boolean {
  return severity === "error" || severity === "warning";
}

function whereAndWhat({ code, primary, message }: Finding): string {
  return `${lineOf(primary.span)} ${code}: ${message}`;
}

function racePair({ outcome, steps }: Witness): Pair[] {
  if (outcome.kind !== "race") return [];
  const [a, b] = outcome.steps.map((row) => steps[row]?.span);
  return a === undefined || b === undefined ? [] : [[lineOf(a), lineOf(b)]];
}

function lineOf({ uri, start }: Span): string {
  return `${uri.slice(uri.lastIndexOf("/") + 1)}:${start.line + 1}`;
}

function samePair([a, b]: Pair, [c, d]: Pair): boolean {
  const same = (ours: string, theirs: string): boolean => theirs === ours || theirs === anywhere;
  return (same(a, c) && same(b, d)) || (same(a, d) && same(b, c));
}

function coverage({ explorations }: CheckResult): string {
  const [it] = explorations;
  if (it === undefined) return "nothing was run";
  if (it.complete) return `complete, ${it.executions} orders`;
  const gap = it.unsupported;
  return gap === null
    ? `${it.limit ?? ""}, ${it.executions} orders`
    : `${lineOf(gap.span)} ${gap.reason}`;
}

/** Findings without a run, at warning or above, inside of race-free tests. */
function staticFalseAlarms({ findings }: CheckResult, cases: readonly Case[]): string[] {
  return findings.filter(isAlarm).flatMap((found) => {
    const [file, line] = lineOf(found.primary.span).split(":");
    const inside = cases.find(
      (it) => it.file === file && it.lines[0] <= Number(line) && Number(line) <= it.lines[1],
    );
    return inside === undefined || inside.racy ? [] : [`${inside.name} ${whereAndWhat(found)}`];
  });
}

function print({ json }: Options, verdicts: readonly Verdict[], alarms: readonly string[]): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ verdicts, alarms }, null, 2)}\n`);
    return;
  }
  const count = (kind: Verdict["kind"]): number => verdicts.filter((it) => it.kind === kind).length;
  for (const { kind, case: it, about } of verdicts) {
    if (kind !== "found" && kind !== "silent")
      process.stdout.write(`${kind.padEnd(10)}${it.file}:${it.lines[0]} ${it.name}  ${about}\n`);
  }
  for (const it of alarms) process.stdout.write(`static    ${it}\n`);
  const racy = verdicts.filter((it) => it.case.racy).length;
  process.stdout.write(
    `racy: ${count("found")} of ${racy} found on the detector's lines, ${count("crash")} told there as the crash ` +
      `that the race leads to, ${count("elsewhere")} on other lines, ` +
      `${count("unseen")} where it was silent, ${count("missed")} missed\n` +
      `race-free: ${count("false")} of ${verdicts.length - racy} flagged, ${alarms.length} static alarms\n`,
  );
}
