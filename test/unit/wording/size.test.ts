import { describe, expect, it } from "vitest";
import { contrastWords, sizeWords } from "../../../wording/size.js";
import { race } from "../webview/witnesses.js";

describe("the size of a schedule", () => {
  const words = (preemptions: number, switches: number, minimal: boolean, finding = "f0"): string =>
    sizeWords({ finding, size: { preemptions, switches, steps: 17, minimal } });

  it.each([
    [words(1, 2, true), "2 switches (1 forced), 17 steps, no smaller schedule exists"],
    [words(1, 1, false), "1 switch, 17 steps, smallest found"],
    [words(0, 0, false), "no switches, 17 steps, smallest found"],
    // Nobody looked for a smaller one.
    [words(0, 3, false, ""), "3 switches (all forced), 17 steps"],
  ])("%s", (told, expected) => {
    expect(told).toBe(expected);
  });
});

describe("the nearest run that passes", () => {
  it("differs in the order of two steps", () => {
    const contrast = { schedule: race.schedule, steps: [6, 11] } as const;
    expect(contrastWords({ ...race, contrast })).toBe(
      "the run that passes differs in one thing: line 23 of crawl /a before line 22 of crawl /b",
    );
  });

  it("is not spoken of where it is not known", () => {
    expect(contrastWords(race)).toBe("");
  });
});
