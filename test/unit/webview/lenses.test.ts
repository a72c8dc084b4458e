import { h } from "preact";
import { describe, expect, it } from "vitest";
import type { Witness } from "../../../protocol/witness.js";
import { geometryOf } from "../../../webview/model/geometry.js";
import { placeByGo } from "../../../webview/model/lens/go-scheduler.js";
import { placeAsScheduled } from "../../../webview/model/lens/placement.js";
import {
  cellSentence,
  figures,
  queueSentence,
} from "../../../webview/model/lens/placement-words.js";
import { queueSize, RunQueue } from "../../../webview/model/lens/run-queue.js";
import { variablesOf, visibilityAt } from "../../../webview/model/lens/visibility.js";
import {
  readWords,
  sightSentence,
  summaryOf,
} from "../../../webview/model/lens/visibility-words.js";
import { orderEdges } from "../../../webview/model/order.js";
import { emptyModel, reduce } from "../../../webview/model/store.js";
import { litWords } from "../../../webview/model/story.js";
import { layOut } from "../../../webview/model/timeline.js";
import { StepRow } from "../../../webview/view/step-row.js";
import { elements } from "./markup.js";
import { type Act, deadlock, large, race, witnessOf } from "./witnesses.js";

/** `P0: 1 2 3 | P1: . 4`: steps by time, `.` where nothing runs and `_` where a goroutine would be too early. */
function drawn(witness: Witness, processors: number, callLength = 0): string {
  const { cells } = placeByGo(witness, { processors, callLength });
  return Array.from({ length: processors }, (_, processor) => {
    const row = cells.map((at) => {
      const cell = at.find((it) => it.processor === processor);
      return cell === undefined ? "." : cell.row === null ? "_" : `${cell.row + 1}`;
    });
    return `P${processor}: ${row.join(" ")}`;
  }).join(" | ");
}

/** Goroutines by their steps: `spawn 1`, `work`, `print`. */
function program(threads: number, ...script: readonly (readonly [number, string])[]): Witness {
  return witnessOf({
    uri: "file:///a.go",
    language: "go",
    entry: "main.main",
    threads: Array.from({ length: threads }, (_, it) => ({ name: `g${it}`, line: 1 })),
    objects: Array.from({ length: threads }, (_, it) => ({ name: `v${it}`, kind: "variable" })),
    acts: script.map(([thread, what], index): Act => {
      const [verb, argument] = what.split(" ");
      const action: Act["action"] =
        verb === "spawn"
          ? { kind: "spawn", thread: Number(argument) }
          : verb === "print"
            ? { kind: "output", text: "" }
            : { kind: "write", object: Number(argument ?? thread), value: "1" };
      return { thread, line: index + 1, action, text: what };
    }),
    outcome: { kind: "ok" },
  });
}

describe("the run queue of a processor", () => {
  it("runs the one that came last next, and the others in their order", () => {
    const queue = new RunQueue();
    for (const it of [1, 2, 3]) queue.putNext(it, []);
    expect([queue.get(), queue.get(), queue.get(), queue.get()]).toEqual([3, 1, 2, null]);
  });

  it("gives thieves the older half, rounded up, and the next one only as a last resort", () => {
    const queue = new RunQueue();
    for (const it of [1, 2, 3]) queue.put(it, []);
    queue.putNext(4, []);
    expect(queue.grab()).toEqual([1, 2]);
    expect(queue.grab()).toEqual([3]);
    expect(queue.grab()).toEqual([]);
    expect(queue.grabNext()).toBe(4);
  });

  it("moves half of itself to the global queue when it is full", () => {
    const queue = new RunQueue();
    const global: number[] = [];
    for (let it = 0; it <= queueSize; it++) queue.put(it, global);
    expect(queue.others).toHaveLength(queueSize / 2);
    expect(global).toHaveLength(queueSize / 2 + 1);
    expect(global.at(-1)).toBe(queueSize);
  });
});

describe("goroutines on processors", () => {
  const two = program(2, [0, "spawn 1"], [0, "work"], [0, "work"], [1, "work"], [1, "work"]);

  it("wait for the only processor until who started them is done", () => {
    expect(drawn(two, 1)).toBe("P0: 1 2 3 4 5");
  });

  it("are stolen by an idle processor, which is woken for that", () => {
    expect(drawn(two, 2)).toBe("P0: 1 2 3 | P1: . 4 5");
    const { counts } = placeByGo(two, { processors: 2, callLength: 0 });
    expect(counts).toMatchObject({ steals: 1, stolen: 1, threads: 2, preemptions: 0 });
  });

  it("are forced off where the schedule goes on with another one, if there is one processor only", () => {
    const raced = program(2, [0, "spawn 1"], [0, "work 0"], [1, "work 0"], [0, "work 0"]);
    const count = (processors: number): number =>
      placeByGo(raced, { processors, callLength: 0 }).counts.preemptions;
    expect([count(1), count(2)]).toEqual([1, 0]);
    expect(drawn(raced, 2)).toBe("P0: 1 2 _ 4 | P1: . _ 3 .");
  });

  it("leave their processor to others while they are in the operating system", () => {
    const printing = program(
      2,
      [0, "spawn 1"],
      [0, "print"],
      [0, "work"],
      [1, "work"],
      [1, "work"],
    );
    expect(drawn(printing, 1)).toBe("P0: 1 2 3 4 5");
    expect(drawn(printing, 1, 3)).toBe("P0: 1 2 4 5 . 3");
    const { counts, calls } = placeByGo(printing, { processors: 1, callLength: 3 });
    expect(counts).toMatchObject({ handOffs: 1, threads: 2 });
    expect(calls.map(({ thread, from, to }) => [thread, from, to])).toEqual([[0, 2, 5]]);
  });

  it("wait to the end in a deadlock", () => {
    const { length, byRow } = placeByGo(deadlock, { processors: 2, callLength: 0 });
    expect(byRow).toHaveLength(deadlock.steps.length);
    expect(length).toBeLessThanOrEqual(deadlock.steps.length);
  });

  it("are placed in a schedule of 10,000 steps and 16 lanes", () => {
    const witness = large(16, 10_000);
    expect(placeByGo(witness, { processors: 8, callLength: 0 }).byRow).toHaveLength(10_000);
  });

  it("are told in sentences", () => {
    const placement = placeByGo(race, { processors: 2, callLength: 0 });
    const cell = placement.byRow[5];
    if (cell === undefined) throw new Error("step 6 has no place");
    expect(cellSentence(race, cell)).toBe(
      'P1 with thread M1: crawl /a, stolen, step 6: reads fetched["/c"] → false.',
    );
    expect(queueSentence(race, placement, 3)).toMatch(/^Step 4 runs on P0, thread M0, at time 3\./);
    const words = figures(race, placement).map((it) => `${it.value} ${it.words}`);
    expect(words).toContain("1 forced off");
    expect(words).toContain("2 threads");
  });

  it("of an event loop are tasks of one thread", () => {
    const tasks: Witness = { ...race, language: "ts" };
    const words = figures(tasks, placeAsScheduled(tasks)).map((it) => `${it.value} ${it.words}`);
    expect(words).toEqual(["6 switches", "1 thread", "1.00× speed-up"]);
    expect(queueSentence(tasks, placeAsScheduled(tasks), 5)).toMatch(/Ready: crawl \/b\.$/);
  });
});

describe("who sees a write", () => {
  const edges = orderEdges(race);
  const seen = (witness: Witness, object: number, row: number): readonly string[] =>
    visibilityAt(witness, object, row, orderEdges(witness)).sights.map((it) =>
      it.map((sight) => sight.seen).join(" "),
    );

  it("is asked of the variables of the race first", () => {
    expect(variablesOf(race)).toEqual([0, 3]);
    expect(variablesOf({ ...race, outcome: { kind: "race", object: 3, steps: [9, 13] } })).toEqual([
      3, 0,
    ]);
  });

  it("is not decided where nothing orders write and reader", () => {
    expect(seen(race, 0, 7)).toEqual(["may may gone", "may may sees"]);
    const at = visibilityAt(race, 0, 7, edges);
    expect([0, 1, 2].map((it) => readWords(at, it))).toEqual([
      "true or false",
      "true or false",
      "true",
    ]);
    expect(summaryOf(race, at)).toBe(
      'Nothing decides what main or crawl /a would read from fetched["/c"] now.',
    );
  });

  it("is handed on by locks, and told with both steps", () => {
    const at = visibilityAt(race, 3, 12, edges);
    const [, write] = at.writes;
    const sight = at.sights[1]?.[1];
    if (write === undefined || sight === undefined) throw new Error("step 10 is no write");
    expect(sightSentence(race, write, sight, 1)).toBe(
      "crawl /a sees the write of step 10 and nothing else. It knows of it since step 13, by: crawl /b unlocks stats.mu (step 11, L32) → crawl /a locks stats.mu (step 13, L30).",
    );
  });

  it("is everybody in an event loop, at once", () => {
    expect(seen({ ...race, language: "ts" }, 0, 7)).toEqual(["gone gone gone", "sees sees sees"]);
  });
});

describe("the panel", () => {
  it("remembers the lens, and forgets the variable of another schedule", () => {
    const message = {
      type: "show",
      origin: { uri: "", line: 0, fingerprint: null },
      title: "",
      summary: [],
      witnesses: [race, deadlock],
      selected: 0,
    } as const;
    const shown = reduce(emptyModel, { type: "message", message });
    const chosen = reduce(shown, { type: "lens", lens: { shows: "memory", variable: 3 } });
    expect(chosen.lens).toMatchObject({ shows: "memory", variable: 3, processors: 2 });
    const other = reduce(chosen, { type: "choose", witness: 1 });
    expect(other.lens).toMatchObject({ shows: "memory", variable: null });
  });

  it("says which steps the line of the editor's cursor has", () => {
    expect(litWords(null, new Set([1]))).toBe("");
    expect(litWords(4, new Set())).toBe("");
    expect(litWords(4, new Set([2]))).toBe("Line 5: step 3.");
    expect(litWords(4, new Set([2, 5]))).toBe("Line 5: steps 3, 6.");
    expect(litWords(0, new Set(Array.from({ length: 10 }, (_, it) => it)))).toBe(
      "Line 1: steps 1, 2, 3, 4, 5, 6, 7, 8 and 2 more.",
    );
  });

  it("marks a read that overlooks the newest write", () => {
    const steps = race.steps.map((it, index) =>
      index === 6 && it.action.kind === "read"
        ? { ...it, action: { ...it.action, stale: { by: 1, value: "true" } } }
        : it,
    );
    const witness: Witness = { ...race, steps };
    const timeline = layOut(witness);
    const marks = timeline.rows.map((row) =>
      elements(
        h(StepRow, {
          witness,
          timeline,
          geometry: geometryOf(1200, 3),
          row,
          here: false,
          lit: false,
          found: false,
          go: () => undefined,
        }),
      ).some((it) => it.props["class"] === "mark-word old"),
    );
    expect(marks.flatMap((it, row) => (it ? [row] : []))).toEqual([6]);
  });
});
