import { describe, expect, it } from "vitest";
import type { ExplorationSummary, OutcomeKind } from "../../../protocol/finding.js";
import { endLines } from "../../../wording/ends.js";
import { progressWords, verdict } from "../../../wording/verdict.js";

const span = {
  uri: "file:///w/store.go",
  start: { line: 13, character: 0 },
  end: { line: 13, character: 4 },
};

const complete: ExplorationSummary = {
  entry: "main.main",
  span,
  executions: 64,
  complete: true,
  limit: null,
  estimate: null,
  sampled: 0,
  depth: 2000,
  unsupported: null,
  outcomes: [],
  ends: [],
  search: { blocked: 0, conservative: 0, states: 0 },
};
const open: ExplorationSummary = { ...complete, complete: false, limit: "time" };
const cut = (limit: ExplorationSummary["limit"]): ExplorationSummary => ({ ...open, limit });
const failing = (it: ExplorationSummary, executions: number): ExplorationSummary => ({
  ...it,
  outcomes: [
    { kind: "ok", executions: it.executions - executions },
    { kind: "race", executions },
  ],
});
const files = { span, reason: "files" };

const cases: readonly (readonly [string, ExplorationSummary])[] = [
  ["no failing order among all 64", complete],
  ["1 order only", { ...complete, executions: 1 }],
  ["1 order only, and it fails", failing({ ...complete, executions: 1 }, 1)],
  ["3 of 64 orders fail", failing(complete, 3)],
  ["1 of 64 orders fails", failing(complete, 1)],
  ["all 64 orders fail", failing(complete, 64)],
  ["64 orders so far", open],
  ["64 orders so far, about 4,000", { ...open, estimate: 4000 }],
  ["64 orders so far, about 4,000; 3 fail", failing({ ...open, estimate: 4000 }, 3)],
  ["20,000 orders so far", { ...cut("executions"), executions: 20_000 }],
  ["64 orders so far, up to 2,000 steps", cut("depth")],
  ["cancelled after 64 orders", cut("cancelled")],
  ["cancelled after 64 orders; 1 fails", failing(cut("cancelled"), 1)],
  ["200 sampled", { ...open, executions: 200, sampled: 200 }],
  ["264 orders so far", { ...open, executions: 264, sampled: 200 }],
  [
    "64 orders so far, then not modelled at store.go:14: files",
    { ...cut("unsupported"), unsupported: files },
  ],
  [
    "not modelled at store.go:14: files",
    { ...cut("unsupported"), executions: 0, unsupported: files },
  ],
  ["no order was run", { ...open, executions: 0 }],
];

describe("a verdict", () => {
  it.each(cases)("%s", (expected, summary) => {
    expect(verdict(summary)).toBe(expected);
  });

  it("names places as it is told to", () => {
    const summary = { ...cut("unsupported"), executions: 0, unsupported: files };
    expect(verdict(summary, () => "a/b.go:1:2")).toBe("not modelled at a/b.go:1:2: files");
  });

  it("says all and no only of a search that was not cut", () => {
    for (const [, summary] of cases.filter(([, it]) => !it.complete)) {
      expect(verdict(summary)).not.toMatch(/\ball\b|no failing|only/);
    }
  });

  it("says how far a search has got", () => {
    const progress = { entry: "main.main", phase: "all", executions: 64, failing: 2 } as const;
    expect(progressWords({ ...progress, estimate: 4000 })).toBe(
      "64 orders so far, about 4,000; 2 fail",
    );
    expect(progressWords({ ...progress, estimate: null, failing: 0 })).toBe("64 orders so far");
  });
});

describe("the list of ends", () => {
  const end = (label: string, executions: number, kind: OutcomeKind = "ok") => ({
    kind,
    label,
    executions,
    schedule: null,
  });

  it("has the share of each, and those that were not kept in one line", () => {
    const lines = endLines({ ...open, ends: [end("x = 1", 12, "race"), end("x = 2", 50)] });
    expect(lines.map((it) => [it.kind, it.label, it.share])).toEqual([
      ["race", "x = 1", "12 of 64 orders so far"],
      ["ok", "x = 2", "50 of 64 orders so far"],
      [null, "others", "2 of 64 orders so far"],
    ]);
  });

  it("keeps each label on one line of its own", () => {
    const [line] = endLines({ ...complete, ends: [end(`a\n  b ${"c".repeat(99)}\n`, 64)] });
    expect(line?.label).toMatch(/^a \| b c+…$/);
    expect(line?.label).toHaveLength(48);
  });
});
