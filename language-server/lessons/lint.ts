// What is wrong with lessons: with how they are written, and with what happens when they are explored.

import { type Lesson, parseLesson } from "../../protocol/lesson.js";
import type { Engine, ExploreOptions, Steering, Unit } from "../engine/engine.js";
import { declarationOf } from "./declarations.js";
import { grade, shows } from "./grade.js";

/** A lesson as it lies in its folder, `NN-name`. */
export interface LessonFolder {
  readonly name: string;
  readonly text: string;
  /** Null: there is none. */
  readonly solution: string | null;
  readonly wrong: readonly { readonly name: string; readonly text: string }[];
  /** The lesson's unit with another text for its file. */
  unit(text: string): Unit;
}

export interface LintProblem {
  /** Of the lesson. */
  readonly folder: string;
  /** In the lesson's file, counted from 0. */
  readonly line: number;
  readonly message: string;
}

/** What is wrong with how the lessons are written. @param codes of all that can be found */
export function lintTexts(
  folders: readonly LessonFolder[],
  codes: ReadonlySet<string>,
): readonly LintProblem[] {
  return folders.flatMap((it, at) => {
    const parsed = parseLesson(it.text);
    const problems =
      parsed.kind === "problems"
        ? parsed.problems
        : [
            ...wrongOrder(parsed.lesson, it, at + 1),
            ...unknownNames(parsed.lesson, it, codes),
            ...wrongTwins(it),
          ].map((message) => ({ line: 0, message }));
    return problems.map((problem) => ({ folder: it.name, ...problem }));
  });
}

function wrongOrder({ number }: Lesson, { name }: LessonFolder, place: number): readonly string[] {
  const order = Number(/^(\d+)-/.exec(name)?.[1] ?? "0");
  if (order !== number) return [`it is lesson ${number} and its folder says ${order}`];
  return number === place ? [] : [`it is lesson ${number} and number ${place} among the folders`];
}

function unknownNames(
  { find, keep }: Lesson,
  { text }: LessonFolder,
  codes: ReadonlySet<string>,
): readonly string[] {
  return [
    ...find.flatMap((it) =>
      it.kind === "finding" && !codes.has(it.code) ? [`no finding is called \`${it.code}\``] : [],
    ),
    ...keep.flatMap((it) =>
      it.kind === "as it is" && declarationOf(text, it.name) === null
        ? [`there is no \`${it.name}\` that could stay as it is`]
        : [],
    ),
  ];
}

/** An answer that has another head would tell the reader of another lesson. */
function wrongTwins({ text, solution, wrong }: LessonFolder): readonly string[] {
  const head = headOf(text);
  const twins = [...(solution === null ? [] : [{ name: "solution", text: solution }]), ...wrong];
  return [
    ...(solution === null ? ["it has no solution"] : []),
    ...(wrong.length === 0 ? ["it has no wrong answer, in a folder `wrong-…`"] : []),
    ...twins.flatMap((it) =>
      headOf(it.text) === head ? [] : [`the head of \`${it.name}\` is not that of the lesson`],
    ),
  ];
}

function headOf(text: string): string {
  return /^(?:\/\/.*\n)*/.exec(text)?.[0] ?? "";
}

/** What is wrong with what happens: of a lesson that is written right. */
export async function lintRuns(
  engine: Engine,
  folder: LessonFolder,
  options: ExploreOptions,
  steering: Steering,
): Promise<readonly LintProblem[]> {
  const parsed = parseLesson(folder.text);
  if (parsed.kind === "problems") return [];
  const { lesson } = parsed;
  const problems: string[] = [];
  const given = await engine.check(
    folder.unit(folder.text),
    { ...options, explore: true },
    steering,
  );
  for (const it of lesson.find) {
    if (!shows(given, it))
      problems.push(`what is to be found does not happen: ${it.text || nameOf(it)}`);
  }
  const refused = async (text: string): Promise<string | null> => {
    const answer = { unit: folder.unit(text), text };
    const { refusals } = await grade(engine, lesson, folder.text, answer, options, steering);
    return refusals[0]?.message ?? null;
  };
  if ((await refused(folder.text)) === null) problems.push("it is accepted as it stands");
  const against = folder.solution === null ? null : await refused(folder.solution);
  if (against !== null) problems.push(`its solution is refused: ${against}`);
  for (const it of folder.wrong) {
    if ((await refused(it.text)) === null) problems.push(`the answer \`${it.name}\` is accepted`);
  }
  return problems.map((message) => ({ folder: folder.name, line: 0, message }));
}

function nameOf(find: Lesson["find"][number]): string {
  return find.kind === "finding" ? find.code : "";
}
