import { describe, expect, it } from "vitest";
import { parseLesson } from "../../../protocol/lesson.js";

const head = `// Lesson 3: A lock
//
// What it is about,
// on two lines.
//
// Goal: nothing is lost.
// Find: lost-update "written by"
// Find: prints "n = 1"
// Fix: make it one step.
// Hint: a hint that
//   goes on.
// Keep: prints "a\\nb"
// Keep: can print "c"
// Keep: starts 2 goroutines
// Keep: main as it is

package main // Goal: not of the head
`;

const problems = (text: string): readonly string[] => {
  const parsed = parseLesson(text);
  return parsed.kind === "lesson" ? [] : parsed.problems.map((it) => `${it.line}: ${it.message}`);
};

describe("the head of a lesson", () => {
  it("is read with all its fields", () => {
    expect(parseLesson(head)).toEqual({
      kind: "lesson",
      lesson: {
        number: 3,
        title: "A lock",
        about: "What it is about, on two lines.",
        goal: "nothing is lost.",
        find: [
          { kind: "finding", code: "lost-update", text: "written by" },
          { kind: "prints", text: "n = 1" },
        ],
        fix: "make it one step.",
        hint: "a hint that goes on.",
        keep: [
          { kind: "prints", text: "a\nb" },
          { kind: "can print", text: "c" },
          { kind: "starts", goroutines: 2 },
          { kind: "as it is", name: "main" },
        ],
      },
    });
  });

  it.each([
    ["// Lesson 3: A lock\n", "", /^0: the first line of a lesson is/],
    ["// Fix: make it one step.\n", "", /^0: the field `Fix:` is missing$/],
    ["// Fix: make it one step.\n", "// Fix:\n", /^8: `Fix:` says nothing$/],
    ["// Fix: ", "// Goal: again.\n// Fix: ", /^8: `Goal:` stands there twice$/],
    ["// Fix: ", "// Remedy: sleep.\n// Fix: ", /^8: a lesson has no field like `Remedy: sleep.`/],
    ['prints "n = 1"', "prints n = 1", /^7: `Find:` is a code/],
    ["starts 2 goroutines", "starts two goroutines", /^13: `Keep:` is prints "text"/],
  ])("with %j as %j is refused", (from, to, problem) => {
    const text = head.replace(from, to);
    expect(text).not.toBe(head);
    expect(problems(text).some((it) => problem.test(it))).toBe(true);
  });

  it("of a program without one is refused", () => {
    expect(problems("package main\n").length).toBeGreaterThan(1);
    expect(problems("")).not.toEqual([]);
  });

  it("may have a comment that tells the explorer how to read the file", () => {
    expect(problems(head.replace("\npackage", "// hb:tasks\n\npackage"))).toEqual([]);
  });
});
