// A lesson: a program with a mistake, and in the comment at its head what is to be found and done. The format is told in
// `docs/lessons.md`.

import type { Span } from "./span.js";
import type { Witness } from "./witness.js";

export interface Lesson {
  readonly number: number;
  readonly title: string;
  /** What it is about, before the first field. */
  readonly about: string;
  /** What the program is for. */
  readonly goal: string;
  /** Ways in which it fails, all of which can be found. */
  readonly find: readonly Find[];
  /** The repair that is asked for. */
  readonly fix: string;
  readonly hint: string;
  /** What an answer may not change. */
  readonly keep: readonly Keep[];
}

export type Find =
  /** A finding, whose message contains `text`. */
  | { readonly kind: "finding"; readonly code: string; readonly text: string }
  /** An order in which this is all that is printed. */
  | { readonly kind: "prints"; readonly text: string };

export type Keep =
  /** In every order this is all that is printed. */
  | { readonly kind: "prints"; readonly text: string }
  /** There is an order in which this is all that is printed. */
  | { readonly kind: "can print"; readonly text: string }
  /** In every order at least so many. */
  | { readonly kind: "starts"; readonly goroutines: number }
  /** A function or class whose lines stay. */
  | { readonly kind: "as it is"; readonly name: string };

export interface LessonProblem {
  /** Counted from 0. */
  readonly line: number;
  readonly message: string;
}

export type ParsedLesson =
  | { readonly kind: "lesson"; readonly lesson: Lesson }
  | { readonly kind: "problems"; readonly problems: readonly LessonProblem[] };

/** Why an answer is refused. */
export interface Refusal {
  readonly kind: "not read" | "ignored" | "still fails" | "fails" | "not complete" | "not kept";
  /** A sentence for whoever answered. */
  readonly message: string;
  readonly span: Span | null;
  /** Of the finding that it is about; null: it is about none. */
  readonly fingerprint: string | null;
  /** A schedule that shows it. */
  readonly witness: Witness | null;
}

/** What became of an answer. */
export interface Grade {
  readonly number: number;
  readonly title: string;
  readonly accepted: boolean;
  /** Empty when it is accepted. */
  readonly refusals: readonly Refusal[];
  /** Orders that were looked at. */
  readonly executions: number;
  readonly hint: string;
}

const once = ["Goal", "Fix", "Hint"] as const;
const names: readonly string[] = [...once, "Find", "Keep"];

/** A field with the lines that go on with it. */
interface Field {
  readonly name: string;
  readonly line: number;
  text: string;
}

/** Reads the head of a lesson; never throws. */
export function parseLesson(text: string): ParsedLesson {
  const problems: LessonProblem[] = [];
  const wrong = (line: number, message: string): void => {
    problems.push({ line, message });
  };
  const lines = headLines(text);
  const title = /^Lesson (\d+): (\S.*)$/.exec(lines[0] ?? "");
  if (title === null) wrong(0, "the first line of a lesson is `// Lesson N: title`");
  const { about, fields } = fieldsOf(lines, wrong);
  for (const name of names) {
    if (!fields.some((it) => it.name === name)) wrong(0, `the field \`${name}:\` is missing`);
  }
  for (const name of once) {
    const again = fields.filter((it) => it.name === name)[1];
    if (again !== undefined) wrong(again.line, `\`${name}:\` stands there twice`);
  }
  const find = fields.flatMap((it) => (it.name === "Find" ? findOf(it, wrong) : []));
  const keep = fields.flatMap((it) => (it.name === "Keep" ? keepOf(it, wrong) : []));
  if (title === null || problems.length > 0) return { kind: "problems", problems };
  const the = (name: string): string => fields.find((it) => it.name === name)?.text ?? "";
  const lesson: Lesson = {
    number: Number(title[1]),
    title: title[2] ?? "",
    about,
    goal: the("Goal"),
    find,
    fix: the("Fix"),
    hint: the("Hint"),
    keep,
  };
  return { kind: "lesson", lesson };
}

/** The lines of the comment at the beginning, without what makes them a comment. */
function headLines(text: string): readonly string[] {
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    const comment = /^\/\/ ?(.*?)\r?$/.exec(line);
    if (comment === null) break;
    lines.push(comment[1] ?? "");
  }
  return lines;
}

type Wrong = (line: number, message: string) => void;

/** An indented line goes on with the one before. What stands before the first field is free text. */
function fieldsOf(
  lines: readonly string[],
  wrong: Wrong,
): { readonly about: string; readonly fields: readonly Field[] } {
  const fields: Field[] = [];
  const about: string[] = [];
  for (const [line, text] of lines.entries()) {
    if (line === 0 || text.trim() === "" || text.startsWith("hb:")) continue;
    const field = /^([A-Z]\w*):(?: (.*))?$/.exec(text);
    const last = fields[fields.length - 1];
    const name = field?.[1] ?? "";
    if (field !== null && names.includes(name)) {
      fields.push({ name, line, text: (field[2] ?? "").trim() });
    } else if (last === undefined) about.push(text.trim());
    else if (/^\s/.test(text)) last.text = `${last.text} ${text.trim()}`.trim();
    else wrong(line, `a lesson has no field like \`${text}\`; it has ${names.join(", ")}`);
  }
  for (const it of fields) if (it.text === "") wrong(it.line, `\`${it.name}:\` says nothing`);
  return { about: about.join(" "), fields };
}

function findOf({ text, line }: Field, wrong: Wrong): readonly Find[] {
  const parts = /^([a-z-]+)(?: (".*"))?$/.exec(text);
  const quoted = parts?.[2] === undefined ? "" : unquoted(parts[2]);
  if (parts === null || quoted === null || (parts[1] === "prints" && quoted === "")) {
    wrong(line, '`Find:` is a code, a code with "words of its message", or prints "text"');
    return [];
  }
  const [, code = ""] = parts;
  return [
    code === "prints" ? { kind: "prints", text: quoted } : { kind: "finding", code, text: quoted },
  ];
}

function keepOf({ text, line }: Field, wrong: Wrong): readonly Keep[] {
  const print = /^(prints|can print) (".*")$/.exec(text);
  const printed = print === null ? null : unquoted(print[2] ?? "");
  if (print !== null && printed !== null) {
    return [{ kind: print[1] === "prints" ? "prints" : "can print", text: printed }];
  }
  const starts = /^starts (\d+) goroutines?$/.exec(text);
  if (starts !== null) return [{ kind: "starts", goroutines: Number(starts[1]) }];
  const declared = /^([\w$]+) as it is$/.exec(text);
  if (declared !== null) return [{ kind: "as it is", name: declared[1] ?? "" }];
  wrong(line, '`Keep:` is prints "text", can print "text", starts N goroutines, or NAME as it is');
  return [];
}

/** What a string in quotes says, `\n` and all; null when it is none. */
function unquoted(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}
