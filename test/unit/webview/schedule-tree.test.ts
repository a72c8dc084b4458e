import { describe, expect, it } from "vitest";
import type { ExplorationSummary } from "../../../protocol/finding.js";
import type { PanelContent } from "../../../protocol/webview.js";
import {
  countSentences,
  filtered,
  scheduleTree,
  type TreeNode,
  treeKey,
  treeRows,
} from "../../../webview/model/schedule-tree.js";
import { failing, passing } from "./compared-witnesses.js";
import { at, deadlock } from "./witnesses.js";

const other = { ...failing.schedule, choices: [{ thread: 1 }] };

const summary: ExplorationSummary = {
  entry: "main.main",
  span: at("file:///a.go", 1),
  executions: 64,
  complete: false,
  limit: "time",
  estimate: 4000,
  sampled: 20,
  depth: 2000,
  unsupported: null,
  outcomes: [
    { kind: "panic", executions: 40 },
    { kind: "ok", executions: 24 },
  ],
  ends: [
    { kind: "panic", label: "x = 1", executions: 38, schedule: failing.schedule },
    { kind: "panic", label: "x = 0", executions: 2, schedule: other },
    { kind: "ok", label: "2", executions: 23, schedule: null },
  ],
  search: { blocked: 5, conservative: 0, states: 0 },
};

const harder = {
  ...failing,
  size: { ...failing.size, switches: 9 },
  schedule: { ...other, choices: [] },
};
const content: PanelContent = {
  origin: { uri: "file:///a.go", line: 3, fingerprint: null },
  title: "main.main",
  summary: [summary],
  witnesses: [harder, failing, deadlock, { ...passing, output: "2\n" }],
  selected: 0,
};

/** A line per node, indented by its level. */
function drawn(nodes: readonly TreeNode[]): readonly string[] {
  return nodes.flatMap((it) => [
    `${"  ".repeat(it.level - 1)}${it.label} | ${it.more}`,
    ...drawn(it.children),
  ]);
}

const tree = scheduleTree(content);

describe("schedules by outcome", () => {
  it("are a tree with how often, the simplest schedules first, and nothing left out", () => {
    expect(drawn(tree)).toEqual([
      "Deadlock | ",
      "  #3 a.mu ↔ b.mu L10 | 2 switches (1 forced), 7 steps, smallest found",
      "Panic | 40 orders",
      "  x = 1 | 38 of 64 orders so far",
      "    #2 panic: lost L18 | 2 switches (1 forced), 12 steps, smallest found",
      "  x = 0 | 2 of 64 orders so far",
      "  #1 panic: lost L18 | 9 switches (8 forced), 12 steps, smallest found",
      "Passes | 24 orders",
      "  2 | 23 of 64 orders so far",
      "    #4 main.main | 2 switches (1 forced), 13 steps, smallest found",
      "Other ends, only counted | 1 of 64 orders so far",
    ]);
  });

  it("know what choosing them shows: a schedule that is there, one to run, or nothing", () => {
    const panic = tree[1]?.children ?? [];
    expect(panic.map((it) => it.shows)).toEqual([1, other, 0]);
    expect(tree.map((it) => it.shows)).toEqual([null, null, null, null]);
  });

  it("can be narrowed to those that fail, and to a text", () => {
    const all = filtered(tree, { failing: true, text: "" });
    expect(all.map((it) => it.label)).toEqual(["Deadlock", "Panic"]);
    const some = filtered(tree, { failing: false, text: "X = 0" });
    expect(drawn(some)).toEqual(["Panic | 40 orders", "  x = 0 | 2 of 64 orders so far"]);
    expect(filtered(tree, { failing: false, text: "nowhere" })).toEqual([]);
  });

  it("say how the counts come about", () => {
    expect(countSentences({ summary: [summary], witnesses: [] })).toEqual([
      "64 orders were run. Each stands for all orders that nobody can tell apart.",
      "5 more were given up: all that was left had been run before.",
      "20 of them were walks at random.",
    ]);
    expect(
      countSentences({
        summary: [
          { ...summary, executions: 1, sampled: 0, search: { ...summary.search, blocked: 0 } },
        ],
        witnesses: [],
      }),
    ).toEqual(["1 order was run. It stands for all orders that nobody can tell apart."]);
  });
});

describe("keys in the tree", () => {
  const rows = treeRows(tree, new Set());
  it.each([
    ["deadlock", "ArrowDown", { kind: "to", id: "#2" }],
    ["panic", "ArrowRight", { kind: "to", id: "panic/0" }],
    ["panic", "ArrowLeft", { kind: "close", id: "panic" }],
    ["panic/0", "Enter", { kind: "show", id: "panic/0" }],
    ["panic/1", "ArrowLeft", { kind: "to", id: "panic" }],
    ["panic/1", "c", { kind: "compare", id: "panic/1" }],
    ["panic", " ", { kind: "close", id: "panic" }],
    ["#2", "Home", { kind: "to", id: "deadlock" }],
    ["#2", "End", { kind: "to", id: "rest/0" }],
    ["rest/0", "ArrowDown", { kind: "to", id: "rest/0" }],
    ["rest/0", "Enter", { kind: "none" }],
    ["panic", "n", null],
  ] as const)("%s %s", (here, key, action) => {
    expect(treeKey(rows, here, key)).toEqual(action);
  });

  it("open what is closed", () => {
    const closed = treeRows(tree, new Set(["panic"]));
    expect(closed.map((it) => it.node.id)).not.toContain("panic/0");
    expect(treeKey(closed, "panic", "ArrowRight")).toEqual({ kind: "open", id: "panic" });
  });
});
