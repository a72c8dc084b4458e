import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseLesson } from "../../../protocol/lesson.js";
import type { GradeAnswer, GradeParams } from "../../../protocol/lsp.js";
import type { CancelToken } from "../../base/cancel.js";
import { grade } from "../../lessons/grade.js";
import { limitsOf } from "../settings.js";
import type { Tools } from "./explore.js";

/** Somebody waits for it, and only a complete search can accept an answer. */
const leastMillis = 30_000;

/** Whether the unsaved text answers a lesson. */
export async function gradeOf(
  { engine, workspace, explorations }: Tools,
  { uri, lesson: original }: GradeParams,
  cancel: CancelToken,
): Promise<GradeAnswer> {
  const at = workspace.unitAt(uri);
  const text = workspace.documents.get(uri)?.text.getText();
  const given = original.startsWith("file:") ? fileURLToPath(original) : "";
  if (at === null || text === undefined || !existsSync(given)) return noLesson;
  const lessonText = readFileSync(given, "utf8");
  const parsed = parseLesson(lessonText);
  if (parsed.kind === "problems") return noLesson;
  const limits = limitsOf(workspace.settings);
  const options = { limits: { ...limits, millis: Math.max(limits.millis, leastMillis) } };
  const answer = { unit: at.unit, text };
  const title = `Checking your answer to lesson ${parsed.lesson.number}`;
  const graded = await explorations.run(title, cancel, (steering) =>
    grade(engine, parsed.lesson, lessonText, answer, options, steering),
  );
  return { kind: "graded", grade: graded };
}

const noLesson: GradeAnswer = { kind: "problem", message: "This file is no lesson." };
