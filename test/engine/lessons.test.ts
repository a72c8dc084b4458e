// The bundled lessons: written right, each fails as it says, its solution is accepted, its wrong answers are refused.

import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseLesson } from "../../protocol/lesson.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { lessonsIn } from "../../language-server/cli/lessons.js";
import { grade } from "../../language-server/lessons/grade.js";
import { type LessonFolder, lintRuns, lintTexts } from "../../language-server/lessons/lint.js";
import type { Grade } from "../../protocol/lesson.js";
import { root, testEngine, testLimits } from "../harness/engine.js";

const lessons = lessonsIn(path.join(root, "samples", "lessons"));
const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
  expect(log).toEqual([]);
});
const options = { limits: testLimits };

describe("the bundled lessons", () => {
  it("are written right, and enough of them are in TypeScript", () => {
    expect(lintTexts(lessons, engine.codes)).toEqual([]);
    expect(lessons.length).toBeGreaterThanOrEqual(16);
    const typescript = lessons.filter((it) => it.unit("").language === "ts");
    expect(typescript.length * 3).toBeGreaterThanOrEqual(lessons.length);
  });

  it("all stand in the table for teachers", () => {
    const table = readFileSync(path.join(root, "docs", "lessons.md"), "utf8");
    const titles = lessons.map((it) => /^\/\/ Lesson (\d+): (.*)$/m.exec(it.text)?.slice(1));
    const told = [...table.matchAll(/^\| (\d+) \| \[(.*?)\]/gm)].map((it) => it.slice(1));
    expect(told).toEqual(titles);
  });

  it.each(lessons.map((it) => [it.name, it] as const))(
    "%s: fails as it says; its solution is accepted, and nothing else",
    async (_, lesson) => {
      expect(await lintRuns(engine, lesson, options, neverCancelled)).toEqual([]);
    },
  );
});

function named(start: string): LessonFolder {
  const found = lessons.find((it) => it.name.startsWith(start));
  if (found === undefined) throw new Error(`no lesson ${start}`);
  return found;
}

async function graded(folder: LessonFolder, text: string): Promise<Grade> {
  const parsed = parseLesson(folder.text);
  if (parsed.kind === "problems") throw new Error("no lesson");
  const answer = { unit: folder.unit(text), text };
  return grade(engine, parsed.lesson, folder.text, answer, options, neverCancelled);
}

const kinds = ({ refusals }: Grade): readonly string[] => refusals.map((it) => it.kind);

describe("an answer", () => {
  const first = named("01");
  const solution = first.solution ?? "";

  it("that fails as before is refused with the schedule", async () => {
    const { accepted, refusals } = await graded(first, first.text);
    expect(accepted).toBe(false);
    expect(refusals.map((it) => it.kind)).toEqual(["still fails"]);
    expect(refusals[0]?.witness?.outcome.kind).toBe("race");
  });

  it("that fails otherwise is told so", async () => {
    const { refusals } = await graded(named("16"), named("16").wrong[0]?.text ?? "");
    expect(refusals[0]).toMatchObject({ kind: "fails" });
    expect(refusals[0]?.message).toContain("It fails in another way");
  });

  it("that prints something else in some orders is refused with such an order", async () => {
    const folder = named("17");
    const wrong = folder.wrong.find((it) => it.name === "wrong-let-go-in-between");
    const { refusals } = await graded(folder, wrong?.text ?? "");
    expect(refusals.map((it) => it.kind)).toEqual(["not kept"]);
    expect(refusals[0]?.message).toContain('it prints "left: -1"');
    expect(refusals[0]?.witness?.output).toBe("left: -1\n");
  });

  it("that cannot be read is refused with the line", async () => {
    const { refusals } = await graded(first, `${solution}\nfunc other() {\n\tx := (\n}\n`);
    expect(refusals[0]).toMatchObject({ kind: "not read" });
    expect(refusals[0]?.message).toMatch(/^Line \d+ cannot be read: /);
  });

  it("that asks to ignore what is found is refused", async () => {
    const ignoring = first.text.replace(
      "\tn = n + 1\n",
      "\t//hb:ignore lost-update it is only a lesson\n\tn = n + 1\n",
    );
    expect(ignoring).not.toBe(first.text);
    expect(kinds(await graded(first, ignoring))).toContain("ignored");
  });

  it("whose orders cannot all be looked at is refused, and told so", async () => {
    const reading = solution
      .replace('\t"fmt"\n', '\t"fmt"\n\t"os"\n')
      .replace("\tdone.Go(add)\n", '\t_, _ = os.ReadFile("/etc/hosts")\n\tdone.Go(add)\n');
    const { refusals } = await graded(first, reading);
    expect(refusals[0]).toMatchObject({ kind: "not complete" });
    expect(refusals[0]?.message).toContain("Not every order could be looked at");
  });

  it("that has nothing side by side any more is refused", async () => {
    const { refusals } = await graded(
      named("02"),
      named("02").wrong.find((it) => it.name === "wrong-no-goroutine")?.text ?? "",
    );
    expect(refusals.map((it) => it.kind)).toEqual(["not kept"]);
  });

  it("in other words but the same is accepted: comments and layout of what is to stay do not matter", async () => {
    const told = solution.replace("\tdone.Wait()\n", "\n\t// Both are done then.\n\tdone.Wait()\n");
    expect(told).not.toBe(solution);
    expect(await graded(first, told)).toMatchObject({ accepted: true, refusals: [] });
  });
});

describe("the linter", () => {
  const lesson = named("01");
  const problems = (changed: Partial<LessonFolder>): readonly string[] =>
    lintTexts([{ ...lesson, ...changed }], engine.codes).map((it) => it.message);
  const edited = (from: string, to: string): Partial<LessonFolder> => {
    const edit = (text: string): string => text.replace(from, to);
    return {
      text: edit(lesson.text),
      solution: edit(lesson.solution ?? ""),
      wrong: lesson.wrong.map((it) => ({ ...it, text: edit(it.text) })),
    };
  };

  it.each([
    ["the field `Goal:` is missing", edited("// Goal: ", "// Gaol: ")],
    ["no finding is called `lost-udpate`", edited("Find: lost-update", "Find: lost-udpate")],
    ["it is lesson 2 and its folder says 1", edited("Lesson 1:", "Lesson 2:")],
    ["there is no `mian` that could stay as it is", edited("main as it is", "mian as it is")],
    [
      "it is lesson 2 and number 1 among the folders",
      { name: "02-three-steps", ...edited("Lesson 1:", "Lesson 2:") },
    ],
    ["it has no solution", { solution: null }],
    ["it has no wrong answer, in a folder `wrong-…`", { wrong: [] }],
    ["the head of `solution` is not that of the lesson", { solution: "package main\n" }],
  ] as const)("says: %s", (message, changed) => {
    expect(problems(changed)).toContain(message);
  });

  it("says when the bad form does not fail, and when answers are taken wrongly", async () => {
    const { solution, text } = lesson;
    if (solution === null) throw new Error("no solution");
    const swapped = {
      ...lesson,
      text: solution,
      solution: text,
      wrong: [{ name: "wrong-but-right", text: solution }],
    };
    const found = await lintRuns(engine, swapped, options, neverCancelled);
    expect(found.map((it) => it.message)).toEqual([
      "what is to be found does not happen: lost-update",
      "it is accepted as it stands",
      expect.stringMatching(/^its solution is refused: It still fails, line 24: /),
      "the answer `wrong-but-right` is accepted",
    ]);
  });
});
