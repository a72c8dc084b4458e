// Lessons on the command line: an answer graded, and lessons looked over.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { timelineText } from "../../export/timeline-text.js";
import { type Grade, parseLesson, type Refusal } from "../../protocol/lesson.js";
import { neverCancelled } from "../base/cancel.js";
import type { Engine, ExploreOptions, Unit } from "../engine/engine.js";
import { grade } from "../lessons/grade.js";
import { type LessonFolder, lintRuns, lintTexts, type LintProblem } from "../lessons/lint.js";

const mains = ["main.go", "main.ts"];

export interface Graded {
  readonly text: string;
  readonly accepted: boolean;
}

/**
 * @param operand a lesson's file or folder, or the number of one that is bundled
 * @param bundled the folder of those
 */
export async function gradeFile(
  engine: Engine,
  [operand, file]: readonly [string, string],
  bundled: string,
  options: ExploreOptions & { readonly format: string },
): Promise<Graded | { readonly problem: string }> {
  const lessonFile = lessonFileOf(operand, bundled);
  if (lessonFile === null) return { problem: `${operand}: no lesson there` };
  const original = readFileSync(lessonFile, "utf8");
  const parsed = parseLesson(original);
  if (parsed.kind === "problems") return { problem: `${lessonFile}: not a lesson` };
  if (!existsSync(file) || statSync(file).isDirectory())
    return { problem: `${file}: no such file` };
  if (path.extname(file) !== path.extname(lessonFile)) {
    return { problem: `${file}: the lesson is written in ${path.extname(lessonFile)}` };
  }
  const text = readFileSync(file, "utf8");
  const answer = { unit: unitWith(lessonFile, text), text };
  const given = await grade(engine, parsed.lesson, original, answer, options, neverCancelled);
  const told = options.format === "json" ? gradeJson(given, file) : gradeText(given, file);
  return { text: told, accepted: given.accepted };
}

function lessonFileOf(operand: string, bundled: string): string | null {
  const stat = statSync(operand, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return path.resolve(operand);
  if (stat?.isDirectory() === true) return mainIn(path.resolve(operand));
  const names = existsSync(bundled) ? readdirSync(bundled) : [];
  const name = names.find((it) => it === operand || Number.parseInt(it, 10) === Number(operand));
  return name === undefined ? null : mainIn(path.join(bundled, name));
}

function mainIn(folder: string): string | null {
  return mains.map((it) => path.join(folder, it)).find((it) => existsSync(it)) ?? null;
}

/** The lesson's unit with another text for its file: an answer finds there what the lesson finds. */
function unitWith(file: string, text: string): Unit {
  const uri = pathToFileURL(file).href;
  const overlays = [{ uri, text }];
  return file.endsWith(".go")
    ? { language: "go", uri: pathToFileURL(path.dirname(file)).href, overlays, edited: null }
    : { language: "ts", uri, overlays, edited: null };
}

function gradeText(it: Grade, file: string): string {
  const head = `Lesson ${it.number}: ${it.title}\n`;
  if (it.accepted) {
    const all = it.executions === 1 ? "the only order there is" : `all ${it.executions} orders`;
    return `${head}${file}: accepted. It ends well in ${all}, and keeps what is to stay.\n`;
  }
  const reasons = it.refusals.map(({ message }) => `  ${message}\n`).join("");
  const shown = it.refusals.find(({ witness }) => witness !== null)?.witness;
  const schedule = shown === undefined || shown === null ? "" : `\n${timelineText(shown)}`;
  return `${head}${file}: not yet.\n${reasons}${schedule}\nHint: ${it.hint}\n`;
}

function gradeJson({ number, title, ...it }: Grade, file: string): string {
  const json = {
    version: 1,
    lesson: { number, title },
    file,
    accepted: it.accepted,
    executions: it.executions,
    refusals: it.refusals.map(refusalJson),
    hint: it.hint,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** Lines count from 1, as in the JSON of the other commands. */
function refusalJson({ kind, message, span, witness }: Refusal): unknown {
  return { kind, message, line: span === null ? null : span.start.line + 1, witness };
}

/** The lessons of a folder, in their order. */
export function lessonsIn(folder: string): readonly LessonFolder[] {
  return readdirSync(folder)
    .filter((it) => /^\d/.test(it))
    .sort()
    .flatMap((name) => {
      const file = mainIn(path.join(folder, name));
      return file === null ? [] : [lessonAt(name, file)];
    });
}

function lessonAt(name: string, file: string): LessonFolder {
  const [folder, main] = [path.dirname(file), path.basename(file)];
  const twin = (it: string): string | null => {
    const of = path.join(folder, it, main);
    return existsSync(of) ? readFileSync(of, "utf8") : null;
  };
  const wrong = readdirSync(folder)
    .filter((it) => it.startsWith("wrong"))
    .sort()
    .flatMap((it) => {
      const text = twin(it);
      return text === null ? [] : [{ name: it, text }];
    });
  return {
    name,
    text: readFileSync(file, "utf8"),
    solution: twin("solution"),
    wrong,
    unit: (text) => unitWith(file, text),
  };
}

/** What is wrong with the lessons of a folder, a line each; null: there are none. */
export async function lintFolder(
  engine: Engine,
  folder: string,
  options: ExploreOptions,
): Promise<readonly string[] | null> {
  const lessons = existsSync(folder) ? lessonsIn(folder) : [];
  if (lessons.length === 0) return null;
  const problems: LintProblem[] = [...lintTexts(lessons, engine.codes)];
  for (const it of lessons) problems.push(...(await lintRuns(engine, it, options, neverCancelled)));
  return problems.map((it) => `${path.join(folder, it.folder)}:${it.line + 1}: ${it.message}`);
}
