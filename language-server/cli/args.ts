import { formatOf, formats } from "../../export/formats.js";
import type { Format } from "../../export/format.js";

/** What the command line asks for. */
export type Command =
  | { readonly kind: "check"; readonly paths: readonly string[]; readonly options: Options }
  | {
      readonly kind: "explore";
      readonly path: string;
      readonly entry: string;
      readonly options: Options;
    }
  | { readonly kind: "replay"; readonly file: string; readonly options: Options }
  | ExportCommand
  /** Print what is in a file that was exported as JSON. */
  | { readonly kind: "show"; readonly file: string }
  | { readonly kind: "reproduce"; readonly file: string }
  /** What Go's run-time said: a file, or `-` for standard input. */
  | { readonly kind: "explain"; readonly file: string; readonly options: Options }
  | { readonly kind: "demo"; readonly options: Options }
  /** An answer to a lesson; the lesson is a file, a folder, or the number of a bundled one. */
  | {
      readonly kind: "grade";
      readonly lesson: string;
      readonly file: string;
      readonly options: Options;
    }
  /** Null: the bundled lessons. */
  | { readonly kind: "lint-lessons"; readonly folder: string | null; readonly options: Options }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  /** What is wrong, in one sentence. */
  | { readonly kind: "usage"; readonly problem: string };

export interface ExportCommand {
  readonly kind: "export";
  /** `FILE:LINE`, a PATH, or a JSON file. */
  readonly target: string;
  readonly entry: string | undefined;
  readonly format: Format;
  /** Null: to standard output. */
  readonly out: string | null;
  /** Which of the schedules, counted from 1. */
  readonly schedule: number;
  readonly options: Options;
}

export interface Options {
  /** `mermaid`: of `check`, `explore` and `explain`, who waits for what. */
  readonly format: "text" | "json" | "mermaid";
  /** False: the static half only. */
  readonly explore: boolean;
  readonly executions: number;
  readonly depth: number;
  readonly millis: number;
  /** An earlier report whose witnesses are tried first. */
  readonly previous?: string;
  /** `CODE=LEVEL`, as they were given. */
  readonly rules: readonly string[];
  /** A file whose findings are not shown. */
  readonly baseline?: string;
  /** Where to write what is found instead of showing it. */
  readonly writeBaseline?: string;
}

export const defaults: Options = {
  format: "text",
  explore: true,
  executions: 20_000,
  depth: 5_000,
  millis: 20_000,
  rules: [],
};

export const help = `happens-before: data races, deadlocks and leaks in Go and TypeScript, with the schedule that shows them

  happens-before check PATH...                findings of folders, files, or DIR/... (all packages and modules below; of dist, build, out and coverage only Go)
  happens-before explore PATH --entry NAME    every schedule of one main, test or module
  happens-before replay WITNESS.json          a schedule again, step by step
  happens-before export FILE:LINE             one schedule as a document: PATH --entry NAME and TRACE.json will do as well
  happens-before show TRACE.json              the schedules in an exported JSON file or a report, as text
  happens-before reproduce REPORT.json        failing tests for the schedules of a JSON report, beside the source
  happens-before explain FILE|-               a race report or goroutine dump of Go in words, with what is found at its lines
  happens-before demo                         the bundled crawler whose lock was forgotten
  happens-before grade LESSON FILE            whether an answer to a lesson is right: accepted or, with a schedule, not yet
  happens-before lint-lessons [FOLDER]        what is wrong with the lessons of a folder; default the bundled ones

  --format text|json    default text; the JSON is described by docs/schema/check.schema.json
  --format mermaid      check, explore, explain: who waits for what, held by whom, as flowcharts in Markdown
  --format FORMAT       export: one schedule as ${formats.map((it) => it.id).join(", ")}; the JSON is described by docs/witness.md
  -o, --out FILE        export: where to; default standard output
  --schedule N          export: which of the schedules found, the worst first (default 1)
  --no-explore          check: static analysis only
  --previous REPORT     check: try the witnesses of an earlier JSON report first, and say what became of them
  --rule CODE=LEVEL     check: off, hint, information, warning or error for one code; may be given again
  --baseline FILE       check: leave out the findings in a baseline, so that only new ones are shown
  --write-baseline FILE check: write such a file from what is found now
  --executions N        schedules per entry at most (default ${defaults.executions})
  --depth N             steps per schedule at most (default ${defaults.depth})
  --time MS             milliseconds per entry at most (default ${defaults.millis})
  --help, --version

Exit code: 0 nothing at warning or above, 1 findings, 2 could not run; of grade 0 accepted, 1 refused.
`;

/** Options that some commands have. */
interface Special {
  entry: string | undefined;
  formatName: string;
  out: string | undefined;
  schedule: number | undefined;
}

type Flags = { -readonly [K in keyof Options]: Options[K] } & Special;

/** Never throws: what cannot be understood is a `usage` command. */
export function parseArgs(args: readonly string[]): Command {
  const flags: Flags = {
    ...defaults,
    entry: undefined,
    formatName: "text",
    out: undefined,
    schedule: undefined,
  };
  const words: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--help" || arg === "-h") return { kind: "help" };
    if (arg === "--version") return { kind: "version" };
    if (arg === "-" || (!arg.startsWith("--") && arg !== "-o")) {
      words.push(arg);
      continue;
    }
    const [name = "", inline] = arg.split(/=(.*)/s);
    const problem = setFlag(flags, name, () => inline ?? rest.shift());
    if (problem !== null) return { kind: "usage", problem };
  }
  const { entry, formatName, out, schedule, ...options } = flags;
  return command(words, { entry, formatName, out, schedule }, options);
}

const numberNames = {
  "--schedule": "schedule",
  "--executions": "executions",
  "--depth": "depth",
} as const;

function setFlag(flags: Flags, name: string, value: () => string | undefined): string | null {
  switch (name) {
    case "--no-explore":
      flags.explore = false;
      return null;
    case "--entry":
      flags.entry = value();
      return flags.entry === undefined ? "--entry wants a name" : null;
    case "--previous": {
      const file = value();
      if (file === undefined) return "--previous wants a JSON report";
      flags.previous = file;
      return null;
    }
    case "--format": {
      const format = value();
      if (format === undefined) return "--format wants a name";
      flags.formatName = format;
      return null;
    }
    case "--rule": {
      const rule = value();
      if (rule === undefined) return "--rule wants CODE=LEVEL";
      flags.rules = [...flags.rules, rule];
      return null;
    }
    case "--baseline": {
      const file = value();
      if (file === undefined) return "--baseline wants a file";
      flags.baseline = file;
      return null;
    }
    case "--write-baseline": {
      const file = value();
      if (file === undefined) return "--write-baseline wants a file";
      flags.writeBaseline = file;
      return null;
    }
    case "-o":
    case "--out":
      flags.out = value();
      return flags.out === undefined ? `${name} wants a file` : null;
    case "--schedule":
    case "--executions":
    case "--depth":
    case "--time": {
      const number = Number(value());
      if (!Number.isInteger(number) || number < 1) return `${name} wants a whole number above 0`;
      flags[name === "--time" ? "millis" : numberNames[name]] = number;
      return null;
    }
    default:
      return `no option is called ${name}`;
  }
}

/** What is wrong with options that only `check` has; null when nothing. */
function wrongForCheck(name: string | undefined, options: Options): string | null {
  const { previous, explore, rules, baseline, writeBaseline } = options;
  if (name === "check") {
    const both = previous !== undefined && !explore;
    return both ? "--previous and --no-explore do not go together" : null;
  }
  if (previous !== undefined) return "--previous goes with check";
  if (rules.length > 0) return "--rule goes with check";
  if (baseline !== undefined) return "--baseline goes with check";
  return writeBaseline === undefined ? null : "--write-baseline goes with check";
}

/** Commands that can draw who waits for what. */
const draws = ["check", "explore", "explain"];

function formatNamed(command: string | undefined, name: string): Options["format"] | null {
  if (name === "text" || name === "json") return name;
  return name === "mermaid" && draws.includes(command ?? "") ? name : null;
}

function onlyOne(operands: readonly string[]): string | null {
  const [first, ...others] = operands;
  return first === undefined || others.length > 0 ? null : first;
}

function command(words: readonly string[], special: Special, plain: Options): Command {
  const usage = (problem: string): Command => ({ kind: "usage", problem });
  const [name, ...operands] = words;
  const [first] = operands;
  const file = onlyOne(operands);
  const { entry, formatName } = special;
  if (name === "export") return exportCommand(operands, special, plain);
  if (special.out !== undefined) return usage("--out goes with export");
  if (special.schedule !== undefined) return usage("--schedule goes with export");
  if (entry !== undefined && name !== "explore")
    return usage("--entry goes with explore and export");
  const format = formatNamed(name, formatName);
  if (format === null) {
    const drawn = draws.includes(name ?? "") ? "text, json or mermaid" : "text or json";
    return usage(`--format is ${drawn}`);
  }
  const options: Options = { ...plain, format };
  const problem = wrongForCheck(name, options);
  if (problem !== null) return usage(problem);
  switch (name) {
    case "check":
      return first === undefined
        ? usage("check wants at least one PATH")
        : { kind: "check", paths: operands, options };
    case "explore":
      if (first === undefined || operands.length > 1) return usage("explore wants one PATH");
      if (entry === undefined) return usage("explore wants --entry NAME");
      return { kind: "explore", path: first, entry, options };
    case "replay":
      if (file === null) return usage("replay wants one WITNESS.json");
      return { kind: "replay", file, options };
    case "show":
      return file === null ? usage("show wants one TRACE.json") : { kind: "show", file };
    case "reproduce":
      return file === null ? usage("reproduce wants one REPORT.json") : { kind: "reproduce", file };
    case "explain":
      if (file === null) return usage("explain wants one FILE, or - for standard input");
      return { kind: "explain", file, options };
    case "demo":
      return { kind: "demo", options };
    case "grade":
    case "lint-lessons":
      return lessonCommand(name, operands, options);
    case undefined:
      return usage("a command is missing");
    default:
      return usage(`no command is called ${name}`);
  }
}

function lessonCommand(
  name: "grade" | "lint-lessons",
  [first, second, ...others]: readonly string[],
  options: Options,
): Command {
  if (name === "lint-lessons") {
    return second === undefined
      ? { kind: "lint-lessons", folder: first ?? null, options }
      : { kind: "usage", problem: "lint-lessons wants one FOLDER at most" };
  }
  if (first === undefined || second === undefined || others.length > 0) {
    return { kind: "usage", problem: "grade wants one LESSON and one FILE" };
  }
  return { kind: "grade", lesson: first, file: second, options };
}

function exportCommand(
  operands: readonly string[],
  { entry, formatName, out, schedule }: Special,
  options: Options,
): Command {
  const [target] = operands;
  if (target === undefined || operands.length > 1) {
    return { kind: "usage", problem: "export wants one FILE:LINE, PATH or TRACE.json" };
  }
  if (options.previous !== undefined)
    return { kind: "usage", problem: "--previous goes with check" };
  const format = formatOf(formatName);
  if (format === null) {
    const known = formats.map((it) => it.id).join(", ");
    return { kind: "usage", problem: `--format of export is one of ${known}` };
  }
  return {
    kind: "export",
    target,
    entry,
    format,
    out: out ?? null,
    schedule: schedule ?? 1,
    options,
  };
}
