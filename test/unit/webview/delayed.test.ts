import { describe, expect, it } from "vitest";
import type { ExplorationSummary } from "../../../protocol/finding.js";
import type { Witness } from "../../../protocol/witness.js";
import { layOut } from "../../../webview/model/timeline.js";
import { allMarks, marksIn } from "../../../webview/model/marks.js";
import { orderEdges } from "../../../webview/model/order.js";
import { countSentences, scheduleTree } from "../../../webview/model/schedule-tree.js";
import { badgeOf, sizeOf } from "../../../webview/model/story.js";
import { accountOf } from "../../../webview/model/account.js";
import { at, deadlock, race, witnessOf } from "./witnesses.js";

// A schedule in which a timer goes off at any moment is none of those that were counted.

const uri = "file:///leak/main.go";
const drawn = witnessOf({
  uri,
  language: "go",
  entry: "main.main",
  threads: [{ name: "main" }, { name: "main.func1", line: 15 }, { name: "timer", line: 21 }],
  objects: [
    { name: "timer", kind: "timer" },
    { name: "timer", kind: "channel" },
    { name: "pages", kind: "channel" },
  ],
  acts: [
    { thread: 0, line: 15, action: { kind: "spawn", thread: 1 }, text: "main starts main.func1" },
    { thread: 1, line: 15, action: { kind: "start" }, text: "main.func1 begins" },
    { thread: 2, line: 21, action: { kind: "timer", object: 0, text: "20ms" }, text: "timer" },
    {
      thread: 0,
      line: 18,
      action: { kind: "select", object: 1, arm: 1, value: "", at: at(uri, 21) },
      text: "main takes case 2 of its select: timer",
    },
    { thread: 0, line: 13, action: { kind: "end" }, text: "main ends" },
  ],
  outcome: {
    kind: "leak",
    blocked: [{ thread: 1, span: at(uri, 16), object: 2, reason: "to send on pages", holders: [] }],
    message: "",
  },
});
const leak: Witness = { ...drawn, schedule: { ...drawn.schedule, time: "any" } };

const summary: ExplorationSummary = {
  entry: "main.main",
  span: at(uri, 13),
  executions: 1,
  complete: true,
  limit: null,
  estimate: null,
  sampled: 0,
  depth: 2000,
  unsupported: null,
  outcomes: [{ kind: "ok", executions: 1 }],
  ends: [],
  search: { blocked: 0, conservative: 0, states: 0 },
};
const content = {
  origin: { uri, line: 12, fingerprint: null },
  title: "main.main",
  summary: [summary],
  witnesses: [leak],
  selected: 0,
};

describe("a schedule with timers at any moment", () => {
  it("is said not to be counted, where the count would be and above", () => {
    const [group] = scheduleTree(content);
    expect([group?.label, group?.more, group?.below]).toEqual([
      "Leak",
      "found where a timer may go off at any moment",
      true,
    ]);
    expect(group?.children.map((it) => it.more)).toEqual([
      "2 switches (1 forced), 5 steps, smallest found, not counted",
    ]);
    expect(badgeOf([summary], leak)).toEqual({
      tone: "unknown",
      short: "Timer at any moment",
      long: "Found where a timer may go off at any moment; such orders are not counted. Where timers wait until nobody else can run: 1 order only.",
    });
    expect(countSentences(content).at(-1)).toMatch(/timers and sleepers wait .* not counted\.$/);
  });

  it("is said to be no complete search where the counted one is none", () => {
    const cut = badgeOf([{ ...summary, complete: false, limit: "time" }], leak);
    expect([cut.tone, cut.long.endsWith("; may miss cases.")]).toEqual(["limited", true]);
  });

  it("leaves a schedule with patient timers as it was", () => {
    expect(badgeOf([summary], drawn)).toEqual({
      tone: "complete",
      short: "Explored the only order",
      long: "1 order only.",
    });
    expect(countSentences({ ...content, witnesses: [drawn] })).toHaveLength(1);
  });

  it("counts a timer as a timer", () => {
    expect(sizeOf(leak)).toMatch(/^2 goroutines and a timer · /);
    expect(sizeOf(race)).toMatch(/^3 goroutines · /);
  });

  it("names the case by its line", () => {
    const [place] = accountOf(leak)?.places ?? [];
    expect([place?.words, place?.span.start.line]).toEqual([
      "takes another case of its select",
      20,
    ]);
  });
});

describe("the legend of a schedule", () => {
  it.each([
    ["a race", race, ["lock", "race"]],
    ["a deadlock", deadlock, ["lock"]],
    ["a leak", leak, []],
  ] as const)("of %s has what occurs", (_, witness, wanted) => {
    const marks = marksIn(layOut(witness), orderEdges(witness));
    const special = ["lock", "race", "aside"].filter((it) =>
      [...marks].some((mark) => mark === it),
    );
    expect(special.filter((it) => it !== "aside")).toEqual(wanted);
    expect(allMarks.size).toBeGreaterThan(marks.size);
  });
});
