import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { currentSources } from "../../export/current.js";
import type { Material, PageParts } from "../../export/format.js";
import { type ReadTrace, readTraces } from "../../export/json.js";
import { timelineText } from "../../export/timeline-text.js";
import type { Engine, EntryChoice, Unit } from "../engine/engine.js";
import { explorationText } from "../report/text.js";
import type { ExportCommand } from "./args.js";
import { unitsOf } from "./paths.js";
import { ProgressLine } from "./progress-line.js";

/** Sentences that say what is wrong; else nothing is. */
export type Problem = string | null;

/** Writes one schedule as a document, to a file or to standard output. `dist`: where the bundles stand. */
export async function exportSchedule(
  engine: Engine,
  command: ExportCommand,
  dist: string,
): Promise<Problem> {
  const traces = command.target.endsWith(".json")
    ? tracesIn(command.target)
    : await explored(engine, command);
  if (typeof traces === "string") return traces;
  const trace = traces[command.schedule - 1];
  if (trace === undefined) return `there is no schedule ${command.schedule}, only ${traces.length}`;
  const { format, out } = command;
  if (format.fits?.(trace.witness) === false) {
    return `this schedule cannot be written as ${format.label}`;
  }
  const material: Material = {
    ...trace,
    sources: currentSources(trace.witness, textOf),
    page: pageParts(dist),
  };
  const written = format.write(material);
  if (written.kind === "problem") return written.message;
  if (out === null) process.stdout.write(written.text);
  else {
    writeFileSync(out, written.text);
    process.stderr.write(`${out}: schedule ${command.schedule} of ${traces.length}\n`);
  }
  return null;
}

/** Prints the schedules of a file as text. */
export function show(file: string, pathOf: (uri: string) => string): Problem {
  const traces = tracesIn(file);
  if (typeof traces === "string") return traces;
  const texts = traces.map(({ witness, exploration }) => {
    const seen = exploration === null ? "" : `${explorationText(exploration, pathOf)}\n\n`;
    return `${seen}${timelineText(witness)}`;
  });
  process.stdout.write(texts.join("\n"));
  return null;
}

function tracesIn(file: string): readonly ReadTrace[] | string {
  if (!existsSync(file)) return `${file}: no such file`;
  const traces = readTraces(readFileSync(file, "utf8"));
  return typeof traces === "string" ? `${file}: ${traces}` : traces;
}

async function explored(
  engine: Engine,
  { target, entry, options }: ExportCommand,
): Promise<readonly ReadTrace[] | string> {
  const place = placeOf(target);
  const units = unitsOf(place.file, process.cwd());
  if (typeof units === "string") return units;
  const [unit] = units;
  if (unit === undefined || units.length > 1) return `${target}: export wants one package or file`;
  const choice = choiceOf(place, entry);
  if (choice === null) return `${target}: export wants a line, as in ${target}:12, or --entry NAME`;
  const { executions, depth, millis } = options;
  return explore(engine, unit, choice, { executions, depth, millis });
}

async function explore(
  engine: Engine,
  unit: Unit,
  choice: EntryChoice,
  limits: { readonly executions: number; readonly depth: number; readonly millis: number },
): Promise<readonly ReadTrace[] | string> {
  const watch = new ProgressLine(process.stderr);
  const stopWatching = watch.untilInterrupted(process);
  const answer = await engine.explore(unit, choice, { limits }, watch);
  stopWatching();
  if ("problem" in answer) {
    const entries = answer.entries.length === 0 ? "" : `; there are: ${answer.entries.join(", ")}`;
    return `${answer.problem}${entries}`;
  }
  const { explorations } = answer.check;
  return answer.witnesses.map((witness) => ({
    witness,
    exploration:
      explorations.find((it) => it.entry === witness.schedule.entry) ?? explorations[0] ?? null,
  }));
}

interface Place {
  readonly file: string;
  /** Counted from 0. */
  readonly line: number | null;
}

/** `FILE:LINE`, unless a file has that very name. */
function placeOf(target: string): Place {
  const match = /^(.+):(\d+)$/.exec(target);
  const [, file, line] = match ?? [];
  if (file === undefined || existsSync(target)) return { file: target, line: null };
  return { file, line: Number(line) - 1 };
}

function choiceOf({ file, line }: Place, entry: string | undefined): EntryChoice | null {
  if (entry !== undefined) return { kind: "name", name: entry };
  if (line === null) return null;
  return { kind: "position", uri: pathToFileURL(path.resolve(file)).href, line };
}

function textOf(uri: string): string | null {
  if (!uri.startsWith("file:")) return null;
  const file = fileURLToPath(uri);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function pageParts(dist: string): PageParts {
  const read = (name: string): string => readFileSync(path.join(dist, name), "utf8");
  return {
    script: read("trace-page.js"),
    style: read("trace-page.css"),
    sha256: (text) => createHash("sha256").update(text).digest("base64"),
  };
}
