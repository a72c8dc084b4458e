import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { CheckResult, Finding, Severity } from "../../protocol/finding.js";
import { neverCancelled } from "../base/cancel.js";
import { createEngine } from "../engine/create.js";
import type { CheckOptions, Engine, ExploreResult, Replayed, Unit } from "../engine/engine.js";
import { createNodeHost } from "../host/node.js";
import { baselineText } from "../report/baseline.js";
import { toJson } from "../report/json.js";
import { endsText, findingsText } from "../report/text.js";
import { timelineText } from "../../export/timeline-text.js";
import { waitForDocument } from "../../export/wait-for.js";
import { schedulesIn, witnessesIn } from "./witnesses.js";
import { explainFile } from "./explain.js";
import { exportSchedule, type Problem, show } from "./export.js";
import { help, parseArgs, type Command, type Options } from "./args.js";
import { unitsOf } from "./paths.js";
import { gradeFile, lintFolder } from "./lessons.js";
import { policyOf } from "./policy.js";
import { writeTests } from "./reproduce.js";
import { ProgressLine } from "./progress-line.js";

// Exit codes of the command line.
const clean = 0;
const found = 1;
const couldNotRun = 2;

const loudestFirst: readonly Severity[] = ["error", "warning", "information", "hint"];

/** Where the bundles stand, and beside them the package with its samples. */
const dist = import.meta.dirname;
const packageDir = path.join(dist, "..");

async function main(): Promise<number> {
  const command = parseArgs(process.argv.slice(2));
  switch (command.kind) {
    case "help":
      process.stdout.write(help);
      return clean;
    case "version":
      process.stdout.write(`${version()}\n`);
      return clean;
    case "usage":
      return fail(`${command.problem}; see --help`);
    case "show":
      return done(show(command.file, pathOf));
    case "reproduce":
      return reproduce(command.file);
    case "check":
    case "explore":
    case "replay":
    case "export":
    case "explain":
    case "demo":
    case "grade":
    case "lint-lessons":
      return withEngine(command);
  }
}

async function withEngine(
  command: Exclude<Command, { kind: "help" | "version" | "usage" | "show" | "reproduce" }>,
): Promise<number> {
  const host = createNodeHost({ dist, log: logged });
  const engine = createEngine(host);
  try {
    switch (command.kind) {
      case "check":
        return await check(engine, command.paths, command.options);
      case "explore":
        return await explore(engine, command.path, command.entry, command.options);
      case "replay":
        return await replay(engine, command.file, command.options);
      case "export":
        return done(await exportSchedule(engine, command, dist));
      case "explain":
        return explained(
          await explainFile(
            engine,
            command.file,
            command.options.format,
            checkOptions(command.options),
            pathOf,
          ),
        );
      case "demo":
        return await demo(engine, command.options);
      case "grade":
        return await gradeAnswer(engine, command.lesson, command.file, command.options);
      case "lint-lessons":
        return await lintLessons(engine, command.folder ?? bundledLessons, command.options);
    }
  } finally {
    await engine.dispose();
  }
}

async function check(engine: Engine, paths: readonly string[], options: Options): Promise<number> {
  const units: Unit[] = [];
  for (const it of paths) {
    const some = unitsOf(it, process.cwd());
    if (typeof some === "string") return fail(some);
    units.push(...some);
  }
  const previous = options.previous === undefined ? [] : schedulesIn(options.previous);
  if (typeof previous === "string") return fail(previous);
  const policy = policyOf(options, engine.codes);
  if (typeof policy === "string") return fail(policy);
  const results: CheckResult[] = [];
  const asked = { explore: options.explore, limits: limits(options), previous, policy };
  for (const unit of units) results.push(await engine.check(unit, asked, neverCancelled));
  const result = merged(results);
  if (options.writeBaseline !== undefined) {
    writeFileSync(options.writeBaseline, baselineText(result.findings, pathOf));
    process.stdout.write(
      `${options.writeBaseline}: ${countOf(result.findings.length, "finding")}\n`,
    );
    return clean;
  }
  print(result, options);
  return exitCode(result);
}

async function explore(
  engine: Engine,
  operand: string,
  entry: string,
  options: Options,
): Promise<number> {
  const units = unitsOf(operand, process.cwd());
  if (typeof units === "string") return fail(units);
  const [unit] = units;
  if (unit === undefined || units.length > 1)
    return fail(`${operand}: explore wants one package or file`);
  const watch = new ProgressLine(process.stderr);
  const stopWatching = watch.untilInterrupted(process);
  const choice = { kind: "name", name: entry } as const;
  const answer = await engine.explore(unit, choice, { limits: limits(options) }, watch);
  stopWatching();
  if ("problem" in answer) {
    const entries = answer.entries.length === 0 ? "" : `; there are: ${answer.entries.join(", ")}`;
    return fail(`${answer.problem}${entries}`);
  }
  print(answer.check, options);
  if (options.format === "text") {
    for (const it of answer.check.explorations) {
      const ends = endsText(it);
      if (ends !== "") process.stdout.write(`\nhow it ends:\n${ends}`);
    }
    printTimelines(answer);
  }
  return exitCode(answer.check);
}

function printTimelines(answer: ExploreResult): void {
  for (const witness of answer.witnesses) process.stdout.write(`\n${timelineText(witness)}`);
}

async function replay(engine: Engine, file: string, options: Options): Promise<number> {
  if (!existsSync(file)) return fail(`${file}: no such file`);
  const [witness] = witnessesIn(readFileSync(file, "utf8"));
  if (witness === undefined) return fail(`${file}: not a witness (version 1)`);
  const [source] = witness.sources;
  if (source === undefined) return fail(`${file}: names no source file`);
  const sourcePath = fileURLToPath(source.uri);
  const units = unitsOf(
    sourcePath.endsWith(".go") ? path.dirname(sourcePath) : sourcePath,
    process.cwd(),
  );
  if (typeof units === "string") return fail(units);
  const [unit] = units;
  if (unit === undefined) return fail(`${sourcePath}: nothing to run`);
  const again = await engine.replay(unit, witness.schedule, neverCancelled);
  if ("problem" in again) return fail(again.problem);
  process.stdout.write(options.format === "json" ? replayedJson(again) : replayedText(again));
  if (again.kind === "no longer applies") return couldNotRun;
  return again.witness.outcome.kind === "ok" ? clean : found;
}

function replayedJson(again: Replayed): string {
  if (again.kind === "replayed") return `${JSON.stringify(again.witness)}\n`;
  const { kind: verdict } = again;
  const answer =
    verdict === "no longer applies"
      ? { verdict, reason: again.reason }
      : { ...again.witness, verdict };
  return `${JSON.stringify(answer)}\n`;
}

function replayedText(again: Replayed): string {
  switch (again.kind) {
    case "replayed":
      return timelineText(again.witness);
    case "still fails":
      return `still fails: ${timelineText(again.witness)}`;
    case "no longer fails": {
      const otherwise = again.witness.outcome.kind === "ok" ? "" : " as before";
      return `no longer fails${otherwise}: ${timelineText(again.witness)}`;
    }
    case "no longer applies":
      return `no longer applies: ${again.reason}\n`;
  }
}

function checkOptions(options: Options): CheckOptions {
  return { explore: options.explore, limits: limits(options) };
}

function explained(answer: { readonly text: string } | { readonly problem: string }): number {
  if ("problem" in answer) return fail(answer.problem);
  process.stdout.write(answer.text);
  return clean;
}

function reproduce(file: string): number {
  if (!existsSync(file)) return fail(`${file}: no such file`);
  const witnesses = witnessesIn(readFileSync(file, "utf8"));
  if (witnesses.length === 0) return fail(`${file}: no witness (version 1)`);
  const { written, problems } = writeTests(witnesses, pathOf);
  process.stdout.write(written.map((it) => `${it}\n`).join(""));
  for (const it of problems) fail(it);
  return problems.length === 0 ? clean : couldNotRun;
}

const bundledLessons = path.join(packageDir, "samples", "lessons");

async function gradeAnswer(
  engine: Engine,
  lesson: string,
  file: string,
  options: Options,
): Promise<number> {
  const asked = { limits: limits(options), format: options.format };
  const graded = await gradeFile(engine, [lesson, file], bundledLessons, asked);
  if ("problem" in graded) return fail(graded.problem);
  process.stdout.write(graded.text);
  return graded.accepted ? clean : found;
}

async function lintLessons(engine: Engine, folder: string, options: Options): Promise<number> {
  const problems = await lintFolder(engine, folder, { limits: limits(options) });
  if (problems === null) return fail(`${folder}: no lessons there`);
  process.stdout.write(problems.map((it) => `${it}\n`).join(""));
  return problems.length === 0 ? clean : found;
}

/** The bundled crawler whose lock was forgotten: what is found, and the schedule that fetches a page twice. */
async function demo(engine: Engine, options: Options): Promise<number> {
  const dir = path.join(packageDir, "samples", "crawler", "unlocked");
  const units = unitsOf(dir, process.cwd());
  const [unit] = typeof units === "string" ? [] : units;
  if (unit === undefined) return fail("the samples are not there: install the package again");
  const answer = await engine.explore(
    unit,
    { kind: "name", name: "main" },
    { limits: limits(options) },
    neverCancelled,
  );
  if ("problem" in answer) return fail(answer.problem);
  print(answer.check, options);
  if (options.format === "json") return clean;
  const twice = answer.witnesses.find((it) => it.outcome.kind === "panic") ?? answer.witnesses[0];
  if (twice !== undefined) process.stdout.write(`\n${timelineText(twice)}`);
  return clean;
}

function print(result: CheckResult, options: Options): void {
  process.stdout.write(resultText(result, options.format));
}

function resultText(result: CheckResult, format: Options["format"]): string {
  switch (format) {
    case "text":
      return findingsText(result, pathOf);
    case "json":
      return `${JSON.stringify(toJson(result, pathOf), null, 2)}\n`;
    case "mermaid":
      return waitForDocument(result.findings);
  }
}

function merged(results: readonly CheckResult[]): CheckResult {
  return {
    findings: distinct(results.flatMap((it) => it.findings)),
    explorations: results.flatMap((it) => it.explorations),
    gaps: results.flatMap((it) => it.gaps),
    suppressed: {
      ignored: results.reduce((sum, it) => sum + (it.suppressed?.ignored ?? 0), 0),
      baseline: results.reduce((sum, it) => sum + (it.suppressed?.baseline ?? 0), 0),
    },
  };
}

/** A package's finding is made again where another one that imports it is checked: the most certain is kept. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  // What its own callers show is louder than what made-up ones do.
  const rank = ({ witness, confidence, severity }: Finding): number =>
    loudestFirst.indexOf(severity) +
    loudestFirst.length * (witness !== null ? 0 : confidence === "proved" ? 1 : 2);
  const best = new Map<string, Finding>();
  for (const it of findings) {
    const { uri, start } = it.primary.span;
    const key = `${uri}:${start.line}:${start.character} ${it.code} ${it.fingerprint}`;
    const known = best.get(key);
    if (known === undefined || rank(it) < rank(known)) best.set(key, it);
  }
  const kept = new Set(best.values());
  return findings.filter((it) => kept.has(it));
}

function exitCode({ findings }: CheckResult): number {
  const loud: readonly Severity[] = ["error", "warning"];
  return findings.some((it) => loud.includes(it.severity)) ? found : clean;
}

function countOf(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function limits({ executions, depth, millis }: Options): CheckOptions["limits"] {
  return { executions, depth, millis };
}

/** Relative to the working folder when it is below it. */
function pathOf(uri: string): string {
  if (!uri.startsWith("file:")) return uri;
  const file = fileURLToPath(uri);
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? file : relative;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageDir, "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
}

function done(problem: Problem): number {
  return problem === null ? clean : fail(problem);
}

function fail(message: string): number {
  process.stderr.write(`happens-before: ${message}\n`);
  return couldNotRun;
}

function logged(message: string): void {
  if (process.env["HAPPENS_BEFORE_DEBUG"] !== undefined) process.stderr.write(`${message}\n`);
}

// Who reads no further, as `head`, wants no more; that nothing is wrong has not been said.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(couldNotRun);
});

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.exitCode = fail(`this is a bug of ours, please report it: ${text}`);
  },
);
