import { describe, expect, it } from "vitest";
import type { ExplorationSummary } from "../../../protocol/finding.js";
import type { PanelContent } from "../../../protocol/webview.js";
import { formOf, geometryOf, laneX, visibleRows } from "../../../webview/model/geometry.js";
import { keyAction } from "../../../webview/model/keys.js";
import { labelOf, shortened } from "../../../webview/model/labels.js";
import { thingsAt } from "../../../webview/model/shared-things.js";
import { stateAt } from "../../../webview/model/state.js";
import {
  emptyModel,
  type PanelEvent,
  type PanelModel,
  reduce,
} from "../../../webview/model/store.js";
import {
  badgeOf,
  groupByOutcome,
  headline,
  scheduleName,
  stepSentence,
} from "../../../webview/model/story.js";
import { endChoices, witnessOf } from "../../../webview/model/ends.js";
import { waitForDiagram } from "../../../webview/model/wait-for.js";
import { rowsOnLine } from "../../../webview/model/cursor.js";
import { at, deadlock, race } from "./witnesses.js";

const summary = (over: Partial<ExplorationSummary>): ExplorationSummary => ({
  entry: "main.main",
  span: at("file:///a.go", 1),
  executions: 24,
  complete: true,
  limit: null,
  estimate: null,
  sampled: 0,
  depth: 2000,
  unsupported: null,
  outcomes: [],
  ends: [],
  search: { blocked: 0, conservative: 0, states: 0 },
  ...over,
});

const passing = { ...race, outcome: { kind: "ok" } } as const;

const content: PanelContent = {
  origin: { uri: "file:///a.go", line: 3, fingerprint: null },
  title: "main.main",
  summary: [summary({})],
  witnesses: [race, passing, deadlock],
  selected: 0,
};

function after(...events: readonly PanelEvent[]): PanelModel {
  return [{ type: "message", message: { type: "show", ...content } } as const, ...events].reduce(
    reduce,
    emptyModel,
  );
}

const key = (name: string, shiftKey = false): PanelEvent => {
  const pressed = { key: name, code: "", shiftKey, ctrlKey: false, altKey: false, metaKey: false };
  const action = keyAction(pressed);
  if (action === null || typeof action === "string") throw new Error(`${name} moves nothing`);
  return action;
};

describe("moving", () => {
  it("starts at the access that completes the race", () => {
    expect(after().row).toBe(11);
  });

  it("stays inside the schedule", () => {
    expect(after(key("End")).row).toBe(20);
    expect(after(key("End"), key("ArrowDown")).row).toBe(20);
    expect(after(key("Home"), key("ArrowUp")).row).toBe(0);
  });

  it("goes along one lane with Shift", () => {
    expect(after(key("Home"), key("ArrowDown", true)).row).toBe(1);
    expect(after(key("ArrowUp", true)).row).toBe(5);
    expect(after(key("ArrowUp", true), key("ArrowUp", true)).row).toBe(5);
  });

  it("goes round the failing schedules", () => {
    expect(after(key("n")).witness).toBe(2);
    expect(after(key("n"), key("n")).witness).toBe(0);
    expect(after(key("p")).witness).toBe(2);
  });

  it("plays to the end and stops there", () => {
    const playing = after(key("End"), key("ArrowUp"), key(" "));
    expect(playing.playing).toBe(true);
    const done = reduce(playing, { type: "tick" });
    expect([done.row, done.playing]).toEqual([20, false]);
    expect(reduce(done, key(" ")).row).toBe(0);
  });

  it("leaves keys with modifiers to the editor", () => {
    const pressed = { key: "n", code: "KeyN", shiftKey: false, altKey: false, metaKey: false };
    expect(keyAction({ ...pressed, ctrlKey: true })).toBeNull();
  });

  it("clamps a remembered step to a schedule that became shorter", () => {
    const shown = reduce(emptyModel, {
      type: "message",
      message: { type: "show", ...content, selected: 2, step: 99 },
    });
    expect(shown.row).toBe(deadlock.steps.length - 1);
  });

  it("lights the steps of the editor's line", () => {
    const uri = race.steps[0]?.span.uri ?? "";
    expect([...rowsOnLine(race, uri, 21)]).toEqual([5, 6]);
    expect([...rowsOnLine(race, "file:///other.go", 21)]).toEqual([]);
  });
});

describe("words", () => {
  it("say which two accesses nothing orders", () => {
    const pieces = headline(race);
    expect(pieces.map((it) => it.text).join("")).toBe(
      'crawl /b reads fetched["/c"] (main.go:22, step 7), crawl /a writes fetched["/c"] (main.go:23, step 12): ' +
        'no lock or message orders the two accesses of fetched["/c"].',
    );
    expect(pieces.flatMap((it) => (it.row === null ? [] : [it.row]))).toEqual([6, 11]);
  });

  it("say who waits for what, held by whom", () => {
    expect(
      headline(deadlock)
        .map((it) => it.text)
        .join(""),
    ).toBe(
      "Nothing can run. transfer a→b waits for lock b.mu (transfer.go:10, held by transfer b→a); " +
        "transfer b→a waits for lock a.mu (transfer.go:10, held by transfer a→b).",
    );
  });

  it("name what a step did, to what, with which value", () => {
    const step = race.steps[6];
    if (step === undefined) throw new Error("no step");
    expect(labelOf(race, step)).toEqual({
      verb: "reads",
      object: 'fetched["/c"]',
      value: "→ false",
    });
    expect(stepSentence(race, 2)).toBe("3. main adds 1 to wg, which is 2.");
  });

  it("never call a bounded search complete", () => {
    const limits = ["time", "executions", "depth", "cancelled", "unsupported", null] as const;
    for (const limit of limits) {
      const badge = badgeOf([summary({}), summary({ complete: false, limit })]);
      expect([limit, badge.tone]).toEqual([limit, "limited"]);
      expect(badge.long).toContain("may miss cases");
    }
    expect(badgeOf([summary({})])).toEqual({
      tone: "complete",
      short: "Explored all 24 orders",
      long: "No failing order among all 24.",
    });
    expect(badgeOf([]).tone).toBe("unknown");
  });

  it("say what was not modelled, and where", () => {
    const unsupported = { span: at("file:///a.go", 40), reason: "call of cgo function" };
    const badge = badgeOf([summary({ complete: false, limit: "unsupported", unsupported })]);
    expect(badge.long).toContain("not modelled at a.go:40: call of cgo function");
  });

  it("name a schedule by what goes wrong in it", () => {
    expect([race, deadlock, passing].map(scheduleName)).toEqual([
      'fetched["/c"] L22 ↔ L23',
      "a.mu ↔ b.mu L10",
      "main.main",
    ]);
  });

  it("shorten names but keep the ends, where they differ", () => {
    expect(shortened("Account.deposit #2", 14)).toBe("Account…sit #2");
    expect(shortened("main", 14)).toBe("main");
  });

  it("put schedules under what went wrong, with the counts of the exploration", () => {
    const outcomes = [
      { kind: "ok", executions: 9 },
      { kind: "race", executions: 15 },
      { kind: "panic", executions: 0 },
      { kind: "livelock", executions: 2 },
    ] as const;
    expect(groupByOutcome(content.witnesses, [summary({ outcomes })])).toEqual([
      { kind: "race", executions: 15, witnesses: [0] },
      { kind: "deadlock", executions: null, witnesses: [2] },
      { kind: "livelock", executions: 2, witnesses: [] },
      { kind: "ok", executions: 9, witnesses: [1] },
    ]);
  });

  it("say who goes round in a livelock", () => {
    const blocked = [
      {
        thread: 1,
        span: at("file:///a.go", 9),
        object: null,
        reason: "stop to change, asking again and again",
        holders: [],
      },
    ];
    const outcome = { kind: "livelock", blocked, message: "" } as const;
    const pieces = headline({ ...race, outcome }).map((it) => it.text);
    expect(pieces).toEqual([
      "Goes on for ever and gets nowhere: crawl /a goes round: stop to change, asking again and again (a.go:9).",
    ]);
  });

  it("draw the cycle of a deadlock", () => {
    expect(waitForDiagram(deadlock)).toBe(
      [
        "flowchart LR",
        '  t1["transfer a→b"]',
        '  t2["transfer b→a"]',
        '  t1 -->|"b.mu"| t2',
        '  t2 -->|"a.mu"| t1',
      ].join("\n"),
    );
    expect(waitForDiagram(race)).toBe("");
  });

  it("keep names of the program out of the diagram's grammar", () => {
    const threads = deadlock.threads.map((it) => ({ ...it, name: 'x"] --> y; click #quot;' }));
    const lines = waitForDiagram({ ...deadlock, threads }).split("\n");
    expect(lines[1]).toBe(`  t1["x'] --  y  click  quot "]`);
  });
});

describe("ends", () => {
  const other = { ...race.schedule, choices: [{ thread: 1 }] };
  const ends = [
    { kind: "race", label: "x = 1", executions: 12, schedule: race.schedule },
    { kind: "ok", label: "x = 2", executions: 8, schedule: other },
    { kind: "ok", label: "", executions: 3, schedule: null },
  ] as const;

  it("are listed with their share, and with the witness that shows them", () => {
    const choices = endChoices({ ...content, summary: [summary({ ends })] });
    expect(choices.map((it) => [it.kind, it.label, it.share, it.witness])).toEqual([
      ["race", "x = 1", "12 of 24 orders", 0],
      ["ok", "x = 2", "8 of 24 orders", null],
      ["ok", "", "3 of 24 orders", null],
      [null, "others", "1 of 24 orders", null],
    ]);
  });

  it("find a witness by its choices, wherever its program was read from", () => {
    expect(witnessOf(content, { ...race.schedule, program: "another" })).toBe(0);
    expect(witnessOf(content, other)).toBe(-1);
  });
});

describe("state at a step", () => {
  it("has values before and now, locks, who can run and who waits", () => {
    const state = stateAt(race, 9);
    expect(state.variables).toEqual([
      { thread: 0, name: "wg", before: "2", now: "2", changed: false },
      { thread: 2, name: 'fetched["/c"]', before: "true", now: "true", changed: false },
      { thread: 2, name: "stats.pages", before: null, now: "1", changed: true },
    ]);
    expect(thingsAt(race, 9).locks).toEqual([
      { object: 2, holders: [2], shared: false, waiters: [] },
    ]);
    expect([state.runnable, state.next]).toEqual([[1, 2], 2]);
    expect(state.blocked.map((it) => it.reason)).toEqual(["wg"]);
  });

  it("tells variables of one name apart by whose they are", () => {
    const steps = race.steps.map((it, row) => ({
      ...it,
      thread: row === 1 ? 1 : 0,
      changed:
        row === 0
          ? [{ name: "own", value: "1" }]
          : row === 1
            ? [
                { name: "own", value: "2" },
                { name: "own", value: "3", threads: [0, 2] },
              ]
            : [],
    }));
    expect(stateAt({ ...race, steps }, 1).variables).toEqual([
      { thread: 0, name: "own", before: "1", now: "3", changed: true },
      { thread: 1, name: "own", before: null, now: "2", changed: true },
      { thread: 2, name: "own", before: null, now: "3", changed: true },
    ]);
  });

  it("knows that nobody can run at the end of a deadlock", () => {
    const state = stateAt(deadlock, deadlock.steps.length - 1);
    expect([state.runnable, state.next]).toEqual([[], null]);
    expect(stateAt(race, race.steps.length - 1).runnable).toBeNull();
    expect(state.blocked).toHaveLength(3);
  });
});

describe("geometry", () => {
  it("has three forms by width", () => {
    expect([300, 559, 560, 899, 900].map(formOf)).toEqual([
      "narrow",
      "narrow",
      "medium",
      "medium",
      "wide",
    ]);
  });

  it("gives lanes their own text only where it fits", () => {
    expect(geometryOf(860, 3).form).toBe("columns");
    expect(geometryOf(300, 3).form).toBe("graph");
    expect(geometryOf(860, 16).form).toBe("graph");
  });

  it("keeps every lane, the text and the line inside the width down to 300 pixels", () => {
    for (let lanes = 1; lanes <= 6; lanes++) {
      const it = geometryOf(300, lanes);
      expect(it.width).toBe(300);
      expect(laneX(it, lanes - 1)).toBeLessThan(300 - it.lineWidth - it.textWidth);
    }
  });

  it("draws all of a short schedule and what is in sight of a long one", () => {
    const it = geometryOf(860, 3);
    expect(visibleRows(it, 100, 5000, 400)).toEqual({ from: 0, to: 100 });
    const { from, to } = visibleRows(it, 50_000, 30_000, 600);
    expect([from, to - from]).toEqual([990, 40]);
  });
});
