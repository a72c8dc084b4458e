import * as vscode from "vscode";
import type { Grade, Refusal } from "../../protocol/lesson.js";
import {
  type ExploreParams,
  type GradeAnswer,
  gradeRequest,
  showCommand,
} from "../../protocol/lsp.js";
import type { Analyzer } from "../client.js";
import { entryLine } from "../lab/sample-list.js";
import type { ListedLesson } from "../lessons/lesson-list.js";
import type { Lessons } from "../lessons/lessons.js";
import { ask } from "./ask.js";

const openCommand = "happensBefore.openLessons";
const checkCommand = "happensBefore.checkAnswer";
const solutionCommand = "happensBefore.showSolution";

/** Lessons: picked from a list, opened as copies, and checked. */
export function registerLessons(
  lessons: Lessons,
  analyzer: Analyzer,
  output: vscode.LogOutputChannel,
): vscode.Disposable {
  const withLesson = async (
    act: (document: vscode.TextDocument, lesson: ListedLesson) => Promise<void>,
  ): Promise<void> => {
    const document = vscode.window.activeTextEditor?.document;
    const lesson = document === undefined ? null : await lessons.of(document);
    if (document !== undefined && lesson !== null) await act(document, lesson);
    else
      void vscode.window.showInformationMessage(
        "Open a lesson first: Happens Before: Open Lessons…",
      );
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(openCommand, async (number?: unknown) => {
      // While somebody picks.
      analyzer.warmUp();
      const named = (await lessons.all()).find((it) => it.lesson.number === number);
      const lesson = named ?? (await ask(() => pickLesson(lessons)));
      if (lesson !== undefined) await lessons.open(lesson);
    }),
    vscode.commands.registerCommand(checkCommand, async () =>
      withLesson(async (document, lesson) => check(lessons, analyzer, output, document, lesson)),
    ),
    vscode.commands.registerCommand(solutionCommand, async () =>
      withLesson(async (document, lesson) => lessons.compare(document, lesson)),
    ),
    vscode.languages.registerCodeLensProvider(
      { scheme: "file", pattern: "**/lessons/*/main.{go,ts}" },
      { provideCodeLenses: async (document) => lenses(await lessons.of(document)) },
    ),
  );
}

function lenses(lesson: ListedLesson | null): vscode.CodeLens[] {
  if (lesson === null) return [];
  const top = new vscode.Range(0, 0, 0, 0);
  return [
    new vscode.CodeLens(top, { title: "✓ Check my answer", command: checkCommand }),
    new vscode.CodeLens(top, { title: "Compare with a solution", command: solutionCommand }),
  ];
}

interface LessonItem extends vscode.QuickPickItem {
  readonly lesson: ListedLesson;
}

/** Undefined: the user wants nothing any more. */
async function pickLesson(lessons: Lessons): Promise<ListedLesson | undefined> {
  const { done } = lessons;
  const all = await lessons.all();
  const pick = vscode.window.createQuickPick<LessonItem>();
  pick.title = "Open Lessons";
  pick.placeholder = `${all.filter((it) => done.has(it.name)).length} of ${all.length} done; find the order that fails, then repair the program`;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = await Promise.all(
    all.map(async (it) => {
      const edited = await lessons.samples.isEdited(it.file);
      return itemOf(it, done.has(it.name), edited);
    }),
  );
  pick.activeItems = pick.items.filter((it) => !done.has(it.lesson.name)).slice(0, 1);
  const picked = new Promise<ListedLesson | undefined>((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.lesson);
    });
    pick.onDidTriggerItemButton(({ item: { lesson } }) => {
      void lessons.samples.startOver(lesson.file).then(() => {
        resolve(lesson);
      });
    });
    pick.onDidHide(() => {
      resolve(undefined);
    });
  });
  pick.show();
  try {
    return await picked;
  } finally {
    pick.dispose();
  }
}

const restore: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("discard"),
  tooltip: "Start over with the original",
};

function itemOf(lesson: ListedLesson, done: boolean, edited: boolean): LessonItem {
  const { number, title, goal } = lesson.lesson;
  const language = lesson.file.endsWith(".go") ? "Go" : "TypeScript";
  const state = [language, ...(done ? ["done"] : edited ? ["edited by you"] : [])].join(", ");
  return {
    label: `$(${done ? "pass-filled" : "circle-large-outline"}) ${number}. ${title}`,
    description: state,
    detail: goal,
    lesson,
    ...(edited ? { buttons: [restore] } : {}),
  };
}

async function check(
  lessons: Lessons,
  analyzer: Analyzer,
  output: vscode.LogOutputChannel,
  document: vscode.TextDocument,
  lesson: ListedLesson,
): Promise<void> {
  const uri = document.uri.toString();
  const original = vscode.Uri.file(lessons.samples.original(lesson.file)).toString();
  const answer = await analyzer
    .send(gradeRequest, { uri, lesson: original })
    .catch((error: unknown): GradeAnswer => {
      output.error(`grade: ${String(error)}`);
      return {
        kind: "problem",
        message: "The analyzer did not answer; see the output channel.",
      };
    });
  if (answer.kind === "problem") void vscode.window.showWarningMessage(answer.message);
  else if (answer.grade.accepted) await praise(lessons, lesson, answer.grade);
  else await explainRefusal(document, answer.grade);
}

async function praise(lessons: Lessons, lesson: ListedLesson, grade: Grade): Promise<void> {
  const next = await lessons.finish(lesson);
  const all = grade.executions === 1 ? "the only order there is" : `all ${grade.executions} orders`;
  const done = `Lesson ${grade.number} is done: it ends well in ${all}.`;
  if (next === null) {
    void vscode.window.showInformationMessage(`${done} That was the last one.`);
    return;
  }
  const goOn = `Next: ${next.lesson.title}`;
  if ((await vscode.window.showInformationMessage(done, goOn)) === goOn) await lessons.open(next);
}

const schedule = "Show Schedule";
const hint = "Hint";

async function explainRefusal(
  document: vscode.TextDocument,
  { number, refusals, hint: words }: Grade,
): Promise<void> {
  const [first, ...more] = refusals;
  if (first === undefined) return;
  const others = more.map((it) => ` ${it.message}`).join("");
  const shown = first.witness === null ? [hint] : [schedule, hint];
  const told = `Lesson ${number}, not yet. ${first.message}${others}`;
  const picked = await vscode.window.showWarningMessage(told, ...shown);
  if (picked === schedule) {
    await vscode.commands.executeCommand(showCommand, placeOf(document, first));
  } else if (picked === hint) {
    void vscode.window.showInformationMessage(`Hint for lesson ${number}: ${words}`);
  }
}

function placeOf(document: vscode.TextDocument, { span, fingerprint }: Refusal): ExploreParams {
  const uri = document.uri.toString();
  const entry = { line: entryLine(document.getText()), character: 0 };
  const position = span?.start ?? entry;
  return fingerprint === null ? { uri, position } : { uri, position, fingerprint };
}
