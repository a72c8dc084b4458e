import { describe, expect, it } from "vitest";
import { contrastWords, sizeWords } from "../../../wording/size.js";
import { deadlock, race } from "../webview/witnesses.js";

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
      "the run that passes differs in one thing: main.go:23 of crawl /a before main.go:22 of crawl /b",
    );
  });

  it.each([
    [{ steps: [6, 6] }, "the run that passes takes another way at step 7, main.go:22 of crawl /b"],
    [
      { steps: [6, 6], instead: "main ends" },
      "the run that passes takes another way at step 7, main.go:22 of crawl /b: there main ends",
    ],
    [
      { steps: [6, 11], races: true },
      "a run that does not fail like this differs in one thing: main.go:23 of crawl /a before main.go:22 of crawl /b",
    ],
    [
      { steps: [6, 21], waiting: 1 },
      "the run that passes differs in one thing: crawl /a before main.go:22 of crawl /b",
    ],
  ] as const)("differs %j", (it, words) => {
    expect(contrastWords({ ...race, contrast: { schedule: race.schedule, ...it } })).toBe(words);
  });

  it("names the line at which a stuck thread stands", () => {
    const contrast = { schedule: deadlock.schedule, steps: [4, 7], waiting: 1 } as const;
    expect(contrastWords({ ...deadlock, contrast })).toBe(
      "the run that passes differs in one thing: transfer.go:10 of transfer a→b before transfer.go:9 of transfer b→a",
    );
  });

  it("is not spoken of where it is not known", () => {
    expect(contrastWords(race)).toBe("");
  });
});
