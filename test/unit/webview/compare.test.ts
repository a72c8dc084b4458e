import { describe, expect, it } from "vitest";
import type { ExplorationSummary } from "../../../protocol/finding.js";
import type { PanelContent } from "../../../protocol/webview.js";
import type { Witness } from "../../../protocol/witness.js";
import {
  compare,
  partingSentence,
  sameWords,
  splitSentences,
  turnWords,
} from "../../../webview/model/compare.js";
import { compareTarget, noPassing } from "../../../webview/model/compare-target.js";
import { emptyModel, type PanelModel, reduce } from "../../../webview/model/store.js";
import { failing, passing } from "./compared-witnesses.js";
import { Random } from "../../harness/random.js";
import { type Act, deadlock, race, witnessOf } from "./witnesses.js";

describe("two schedules side by side", () => {
  const both = compare(failing, passing);

  it("go together as long as they can, and part at a switch", () => {
    expect(both.same).toBe(5);
    expect(sameWords(both)).toBe("Steps 1–5 are the same.");
    expect(splitSentences(failing, passing, both)).toEqual([
      "At step 6, A lets add #2 run, which begins (L5); B lets add go on, which writes x = 1 (L7).",
      "So in A add #2 reads x = 0 (L6) before add writes x = 1 (L7); in B add writes x = 1 (L7) before add #2 reads x = 1 (L6).",
    ]);
    expect(turnWords(failing, passing, "a", both)).toBe("lets add #2 run");
    expect(turnWords(failing, passing, "b", both)).toBe("lets add go on");
  });

  it("know which step of one is which of the other", () => {
    expect(both.toB[6]).toBe(8);
    expect(both.toA[8]).toBe(6);
    // The panic is not in the run that passes, and what that prints not in the one that panics.
    expect(both.toB[11]).toBeNull();
    expect(both.toA[11]).toBeNull();
  });

  it("find the pair that is turned round also where nobody says which", () => {
    expect(compare({ ...failing, contrast: null }, passing).turned).toEqual({
      a: [6, 9],
      b: [8, 5],
    });
  });

  it("say so where they are the same, where one ends, and where one thread goes two ways", () => {
    const same = compare(passing, passing);
    expect(sameWords(same)).toBe("All steps are the same.");
    expect(splitSentences(passing, passing, same)).toEqual([]);
    const cut = { ...passing, steps: passing.steps.slice(0, 7) };
    const shorter = compare(cut, passing);
    expect(partingSentence(cut, passing, shorter)).toBe("A ends after step 7; B goes on.");
    expect(turnWords(cut, passing, "a", shorter)).toBe("ends here");
    const other = {
      ...passing,
      steps: passing.steps.map((it, row) =>
        row === 4 ? { ...it, action: { kind: "read", object: 0, value: "9" } as const } : it,
      ),
    };
    const values = compare(passing, other);
    expect(partingSentence(passing, other, values)).toBe(
      "At step 5, add reads x = 0 (L6) in A and add reads x = 0 (L6) in B.",
    );
    expect(turnWords(passing, other, "b", values)).toBe("takes another way");
  });

  it("tell of a lock that one of them never gets", () => {
    const unblocked = deadlock.steps.slice(0, 4).map((it) => ({ ...it, blocked: [] }));
    const [last] = unblocked.slice(-1);
    if (last === undefined) throw new Error("no step");
    const acquire = { ...last, action: { kind: "acquire", object: 1, shared: false } as const };
    const lock = {
      ...acquire,
      text: "transfer a→b locks b.mu",
      span: { ...last.span, start: { line: 9, character: 1 } },
    };
    const steps = [...unblocked, lock, ...deadlock.steps.slice(4, 5)];
    const good: Witness = { ...deadlock, steps, outcome: { kind: "ok" } };
    const [, turned] = splitSentences(deadlock, good, compare(deadlock, good));
    expect(turned).toBe(
      "So in A transfer b→a locks b.mu (L9) and transfer a→b is stuck at L10; in B transfer a→b locks b.mu (L10) before transfer b→a locks b.mu (L9).",
    );
  });
});

/** Threads that read and write one variable in a random order. */
function randomRun(random: Random, order: readonly number[]): Witness {
  const next = new Map<number, number>();
  const acts = order.map((thread): Act => {
    const nth = next.get(thread) ?? 0;
    next.set(thread, nth + 1);
    const action = nth % 2 === 0 ? "read" : "write";
    const value = `${random.below(2)}`;
    return { thread, line: 3 + (nth % 4), action: { kind: action, object: 0, value }, text: "" };
  });
  return witnessOf({
    uri: "file:///r.go",
    language: "go",
    entry: "main.main",
    threads: [{ name: "main" }, { name: "w", line: 1 }, { name: "w #2", line: 1 }],
    objects: [{ name: "x", kind: "variable" }],
    acts,
    outcome: { kind: "ok" },
  });
}

describe("any two schedules", () => {
  it("match each step with at most one, of the same thread and place, and as far as they are the same with itself", () => {
    const random = new Random(7);
    for (let round = 0; round < 300; round++) {
      const order = (): number[] => Array.from({ length: random.below(14) }, () => random.below(3));
      const a = randomRun(random, order());
      const b = random.below(8) === 0 ? a : randomRun(random, order());
      const { same, toA, toB, threads, turned } = compare(a, b);
      toB.forEach((there, row) => {
        if (row < same) expect(there).toBe(row);
        if (there === null) return;
        expect(toA[there]).toBe(row);
        expect(threads[b.steps[there]?.thread ?? -1]).toBe(a.steps[row]?.thread);
        expect(b.steps[there]?.span).toEqual(a.steps[row]?.span);
      });
      const matched = toB.filter((it) => it !== null);
      expect(new Set(matched).size).toBe(matched.length);
      expect(a.steps.slice(0, same).map((it) => it.action)).toEqual(
        b.steps.slice(0, same).map((it) => it.action),
      );
      if (a === b) expect(same).toBe(a.steps.length);
      if (turned !== null) {
        const [x, y] = turned.a;
        expect(x === null || y === null || x < y).toBe(true);
        expect(turned.b[0] === null || turned.b[1] === null || turned.b[1] < turned.b[0]).toBe(
          true,
        );
      }
    }
  });
});

const summary: ExplorationSummary = {
  entry: "main.main",
  span: race.steps[0]?.span ?? {
    uri: "",
    start: { line: 0, character: 0 },
    end: { line: 0, character: 0 },
  },
  executions: 4,
  complete: true,
  limit: null,
  estimate: null,
  sampled: 0,
  depth: 100,
  unsupported: null,
  outcomes: [{ kind: "panic", executions: 4 }],
  ends: [],
  search: { blocked: 0, conservative: 0, states: 0 },
};

const content = (witnesses: readonly Witness[], summaries = [summary]): PanelContent => ({
  origin: { uri: "file:///a.go", line: 0, fingerprint: null },
  title: "main.main",
  summary: summaries,
  witnesses,
  selected: 0,
});

describe("what a schedule is compared with", () => {
  it("is the nearest passing one, run or to be run, and the other way round", () => {
    expect(compareTarget(content([failing, deadlock, passing]), 0)).toMatchObject({ witness: 2 });
    expect(compareTarget(content([deadlock, failing, passing]), 2)).toMatchObject({ witness: 1 });
    expect(compareTarget(content([failing]), 0)).toMatchObject({
      kind: "schedule",
      schedule: passing.schedule,
    });
  });

  it("is another end where nothing passes, and says that it is none that passes", () => {
    const alone = { ...failing, contrast: null };
    const ends = [
      { kind: "panic", label: "x = 1", executions: 2, schedule: failing.schedule },
      { kind: "panic", label: "x = 2", executions: 2, schedule: passing.schedule },
    ] as const;
    expect(compareTarget(content([alone], [{ ...summary, ends }]), 0)).toEqual({
      kind: "schedule",
      schedule: passing.schedule,
      note: "Every order fails: all 4 were run.",
    });
    expect(compareTarget(content([alone]), 0).kind).toBe("none");
  });

  it.each([
    [summary, "Every order fails: all 4 were run."],
    [{ ...summary, executions: 1 }, "There is only one order, and it fails."],
    [{ ...summary, complete: false }, "None of the 4 orders looked at so far passes."],
    [
      { ...summary, outcomes: [{ kind: "ok", executions: 1 }] } as const,
      "Some orders pass, but none was found that is close to this one.",
    ],
  ])("claims no more than was looked at: %#", (it, words) => {
    expect(noPassing(failing, [it])).toBe(words);
  });
});

describe("moving in two schedules", () => {
  const opened = (): PanelModel => {
    const shown = reduce(emptyModel, {
      type: "message",
      message: { type: "show", ...content([failing, passing]) },
    });
    return reduce(shown, { type: "compare", with: null });
  };
  const by = (model: PanelModel, rows: number): PanelModel =>
    reduce(model, { type: "move", move: { kind: "by", rows } });
  const rows = ({ compare: it }: PanelModel): readonly (number | undefined)[] => [
    it?.rowA,
    it?.rowB,
  ];

  it("begins where they part", () => {
    expect(rows(opened())).toEqual([5, 5]);
  });

  it("takes the other side along where it has the same step", () => {
    expect(rows(by(opened(), -2))).toEqual([3, 3]);
    expect(rows(by(opened(), 1))).toEqual([6, 8]);
    const onB = reduce(opened(), { type: "side", side: "b" });
    expect(rows(by(onB, 6))).toEqual([5, 11]);
  });

  it("ends where A stands, and ends as soon as another schedule is shown", () => {
    const left = reduce(by(opened(), 1), { type: "leave" });
    expect([left.compare, left.witness, left.row]).toEqual([null, 0, 6]);
    expect(reduce(opened(), { type: "choose", witness: 1 }).compare).toBeNull();
    expect(reduce(opened(), { type: "failing", direction: 1 }).compare).toBeNull();
  });
});
