import path from "node:path";
import { describe, expect, it } from "vitest";
import { lessonsIn, nameIn, nextAfter } from "../../../src/lessons/lesson-list.js";
import { root } from "../../harness/engine.js";

const lessons = await lessonsIn(path.join(root, "samples"));
const names = lessons.map((it) => it.name);

describe("the lessons of the extension", () => {
  it("are all listed in their order, and nothing of their answers", () => {
    expect(lessons.map((it) => it.lesson.number)).toEqual(lessons.map((_, at) => at + 1));
    expect(names).toEqual([...names].sort());
    expect(lessons.every((it) => nameIn(it.file) === it.name)).toBe(true);
  });

  it("are known by their path, on Windows too", () => {
    expect(nameIn("/x/samples/lessons/01-three-steps/main.go")).toBe("01-three-steps");
    expect(nameIn("c:\\x\\lessons\\03-mutex\\main.ts")).toBe("03-mutex");
    expect(nameIn("/x/lessons/01-three-steps/solution/main.go")).toBeNull();
    expect(nameIn("/x/lessons/main.go")).toBeNull();
  });

  it("go on with the next that is not done, and then with what was left out", () => {
    const [first = "", second = "", third = ""] = names;
    const last = names[names.length - 1] ?? "";
    expect(nextAfter(lessons, first, new Set([first]))?.name).toBe(second);
    expect(nextAfter(lessons, first, new Set([first, second]))?.name).toBe(third);
    expect(nextAfter(lessons, last, new Set([last]))?.name).toBe(first);
    expect(nextAfter(lessons, last, new Set(names))).toBeNull();
  });
});
