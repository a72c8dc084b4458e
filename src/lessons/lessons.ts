import * as vscode from "vscode";
import { type SampleFolder, showCopy } from "../lab/samples.js";
import { lessonsIn, type ListedLesson, nameIn, nextAfter } from "./lesson-list.js";

const doneKey = "happensBefore.lessonsDone";

/** The lessons with what is done of them, which outlives the session. */
export class Lessons {
  readonly samples: SampleFolder;
  readonly #state: vscode.Memento;
  #all: Promise<readonly ListedLesson[]> | null = null;

  constructor(samples: SampleFolder, state: vscode.Memento) {
    this.samples = samples;
    this.#state = state;
  }

  async all(): Promise<readonly ListedLesson[]> {
    this.#all ??= lessonsIn(this.samples.original(""));
    return this.#all;
  }

  /** The lesson that a document is an answer to. */
  async of(document: vscode.TextDocument): Promise<ListedLesson | null> {
    const name = nameIn(document.uri.fsPath);
    return (await this.all()).find((it) => it.name === name) ?? null;
  }

  get done(): ReadonlySet<string> {
    return new Set(this.#state.get<readonly string[]>(doneKey) ?? []);
  }

  /** The lesson to go on with; null: all are done. */
  async finish({ name }: ListedLesson): Promise<ListedLesson | null> {
    const done = new Set([...this.done, name]);
    await this.#state.update(doneKey, [...done].sort());
    return nextAfter(await this.all(), name, done);
  }

  async open({ file }: ListedLesson): Promise<void> {
    await showCopy(this.samples, file, () => 0);
  }

  /** Shows what somebody has answered beside one right answer. */
  async compare(document: vscode.TextDocument, { file, lesson }: ListedLesson): Promise<void> {
    const solution = this.samples.original(file.replace(/[^/]+$/, "solution/$&"));
    await vscode.commands.executeCommand(
      "vscode.diff",
      document.uri,
      vscode.Uri.file(solution),
      `Lesson ${lesson.number}: your answer and one that is right`,
    );
  }
}
