import { describe, expect, it } from "vitest";
import { endsText, explorationText } from "../../../language-server/report/text.js";
import type { ExplorationSummary } from "../../../protocol/finding.js";
import { explored, threads } from "../explore/programs.js";

const { summary } = explored(threads(["inc x", "inc x"]));
const pathOf = (uri: string): string => uri.replace("file://", "");

describe("an exploration in a terminal", () => {
  it("is a line with its verdict and what failed", () => {
    const outcomes = [
      { kind: "ok", executions: 3 },
      { kind: "race", executions: 2 },
    ] as const;
    const five: ExplorationSummary = { ...summary, executions: 5, outcomes };
    expect(explorationText(five, pathOf)).toBe("main.main: 2 of 5 orders fail (race)");
    const more = [...outcomes, { kind: "livelock", executions: 4 }] as const;
    expect(explorationText({ ...five, executions: 9, outcomes: more }, pathOf)).toBe(
      "main.main: 6 of 9 orders fail (2 race, 4 livelock)",
    );
  });

  it("lists the ways in which the program ends, in columns", () => {
    const end = { executions: 12, schedule: null } as const;
    const ends = [
      { ...end, kind: "race", label: "x = 1" },
      { ...end, kind: "deadlock", label: "", executions: 4 },
      { ...end, kind: "ok", label: "total = 20" },
      { ...end, kind: "ok", label: "", executions: 1200 },
    ] as const;
    expect(endsText({ ...summary, complete: true, executions: 1228, ends })).toBe(
      [
        "  x = 1           12 of 1,228 orders   fails: race",
        "  deadlock         4 of 1,228 orders   fails",
        "  total = 20      12 of 1,228 orders",
        "  ends well    1,200 of 1,228 orders",
        "",
      ].join("\n"),
    );
  });

  it("lists nothing where no end is known", () => {
    expect(endsText({ ...summary, ends: [] })).toBe("");
  });
});
