import { describe, expect, it } from "vitest";
import type { CrawlEvent } from "../../../protocol/crawl.js";
import { formWords, type ToLab } from "../../../protocol/lab.js";
import { rowsOf, serialSpeed } from "../../../webview/lab/model/compare.js";
import { kneeSentence, scalesOf } from "../../../webview/lab/model/curve.js";
import { cellAt, layOutCells, layOutPages } from "../../../webview/lab/model/graph.js";
import { busiest, mostLanes, mostSpans } from "../../../webview/lab/model/lane.js";
import {
  fold,
  mostKeptLanes,
  mostPages,
  newRun,
  queueOf,
  type Run,
  speedOf,
} from "../../../webview/lab/model/run.js";
import { emptyLab, type LabModel, reduceLab } from "../../../webview/lab/model/store.js";
import { barsOf, laneName, laneView } from "../../../webview/lab/model/work.js";
import { choice, crawled, crawlEvents, curveNews, urlOf } from "./crawls.js";

const empty = (): Run => newRun("pool", 4, urlOf(0));
const after = (...messages: readonly ToLab[]): LabModel =>
  reduceLab(emptyLab(null), { type: "messages", messages });

describe("folding a crawl", () => {
  it("counts pages, the queue, what is under way and what failed", () => {
    const run = fold(empty(), crawlEvents(40, 4));
    expect(run.pages.size).toBe(40);
    expect([run.begun, run.underway, run.finished, run.failed]).toEqual([40, 0, 40, 4]);
    expect([queueOf(run), run.duplicates, run.tasks]).toEqual([0, 0, 4]);
    expect(run.pages.get(urlOf(5))).toMatchObject({ depth: 2, from: urlOf(2), times: 1 });
    expect(speedOf(run)).toBeCloseTo((40 * 1000) / run.now);
  });

  it("in any bundles gives the same", () => {
    const events = crawlEvents(60, 4);
    let run = empty();
    for (let i = 0; i < events.length; i += 7) run = fold(run, events.slice(i, i + 7));
    expect(run).toEqual(fold(empty(), events));
  });

  it("leaves the run before as it was", () => {
    const events = crawlEvents(20, 2);
    const before = fold(empty(), events.slice(0, 30));
    const copy = structuredClone(before);
    fold(before, events.slice(30));
    expect(before).toEqual(copy);
  });

  it("halfway: what is found and not begun is the queue", () => {
    const run = fold(empty(), [
      { kind: "found", at: 0, url: "/", from: null },
      { kind: "fetching", at: 1, task: 1, url: "/", time: 1 },
      { kind: "fetched", at: 5, task: 1, url: "/", bytes: 1, cut: false },
      { kind: "found", at: 5, url: "/a", from: "/" },
      { kind: "found", at: 5, url: "/b", from: "/" },
      { kind: "fetching", at: 6, task: 1, url: "/a", time: 1 },
    ]);
    expect([queueOf(run), run.underway, run.begun]).toEqual([1, 1, 2]);
  });

  it("marks a page that is asked for again, and the lane that does it", () => {
    const run = fold(empty(), [
      { kind: "found", at: 0, url: "/", from: null },
      { kind: "fetching", at: 1, task: 1, url: "/", time: 1 },
      { kind: "fetching", at: 2, task: 2, url: "/", time: 2 },
      { kind: "fetched", at: 5, task: 2, url: "/", bytes: 1, cut: false },
    ]);
    expect(run.duplicates).toBe(1);
    expect(run.pages.get("/")?.times).toBe(2);
    expect(run.lanes.get("2.0")?.spans).toEqual([
      { state: "fetching", from: 2, to: 5, what: "/", mark: "duplicate" },
    ]);
  });

  it("gives a task that has several pages on their way a lane for each", () => {
    const run = fold(newRun("event-loop", 4, "/"), [
      { kind: "fetching", at: 1, task: 0, url: "/a", time: 1 },
      { kind: "fetching", at: 1, task: 0, url: "/b", time: 1 },
      { kind: "fetched", at: 5, task: 0, url: "/a", bytes: 1, cut: false },
      { kind: "fetching", at: 6, task: 0, url: "/c", time: 1 },
    ]);
    const lanes = [...run.lanes.values()];
    expect(lanes.map((it) => laneName(it, run))).toEqual(["request 1", "request 2"]);
    expect(lanes.map((it) => it.what)).toEqual(["/c", "/b"]);
  });

  it("50,000 events: nothing grows without bound", () => {
    const events = crawlEvents(10_000, 400);
    expect(events.length).toBeGreaterThan(50_000);
    let run = empty();
    const costs: number[] = [];
    for (let i = 0; i < events.length; i += 250) {
      const begin = performance.now();
      run = fold(run, events.slice(i, i + 250));
      costs.push(performance.now() - begin);
    }
    const total = costs.reduce((sum, it) => sum + it, 0);
    console.log(
      `${events.length} events in ${costs.length} bundles: ${total.toFixed(0)} ms, at most ${Math.max(...costs).toFixed(1)} ms each`,
    );
    expect(run.pages.size).toBe(mostPages);
    expect(run.unlisted).toBe(10_000 - mostPages);
    expect(run.begun).toBe(10_000);
    expect(run.lanes.size).toBeLessThanOrEqual(2 * mostKeptLanes);
    const spans = [...run.lanes.values()].map((it) => it.spans.length);
    expect(Math.max(...spans)).toBeLessThanOrEqual(mostSpans);
  });

  it("a lane keeps the latest stretches and says from when on", () => {
    const events = Array.from({ length: 2 * mostSpans }, (_, i): CrawlEvent[] => [
      { kind: "waits", at: 10 * i, task: 1, reason: "lock" },
      { kind: "goes-on", at: 10 * i + 5, task: 1 },
    ]).flat();
    const run = fold(empty(), events);
    const lane = run.lanes.get("1.0");
    expect(lane?.spans.length).toBe(mostSpans);
    expect(lane?.keptFrom).toBe(10 * mostSpans - 5);
    expect(laneView(run).from).toBe(10 * mostSpans - 5);
  });

  it("counts reasons for links that were not followed, a bounded number of them", () => {
    const skipped = Array.from(
      { length: 100 },
      (_, i): CrawlEvent => ({ kind: "skipped", at: i, url: "/x", reason: `reason ${i % 50}` }),
    );
    const run = fold(empty(), skipped);
    expect(run.skipped).toBe(100);
    expect(run.reasons.size).toBe(12);
    expect(run.reasons.get("reason 0")).toBe(2);
  });
});

describe("the lanes", () => {
  it("are the busiest ones, and it is said how many there are besides", () => {
    const run = fold(empty(), crawlEvents(200, 40));
    const { shown, more } = busiest(run.lanes.values(), run.tasks);
    expect(shown.length).toBe(mostLanes);
    expect(more).toBe(40 - mostLanes);
    const least = Math.min(...shown.map((it) => it.fetchMillis));
    const hidden = [...run.lanes.values()].filter((it) => !shown.includes(it));
    expect(hidden.every((it) => it.fetchMillis <= least)).toBe(true);
  });

  it("are drawn within their place", () => {
    const run = fold(empty(), crawlEvents(100, 4).slice(0, 300));
    const bars = barsOf(laneView(run), 400);
    expect(bars.length).toBeGreaterThan(50);
    expect(bars.every((it) => it.x >= 0 && it.x + it.width <= 401)).toBe(true);
    expect(bars.some((it) => it.mark === "failed")).toBe(true);
  });
});

describe("the pages", () => {
  it("stand in rows by their depth and inside the width", () => {
    const pages = [...fold(empty(), crawlEvents(60, 4)).pages.values()];
    const { nodes, lines, height } = layOutPages(pages, 300);
    expect(nodes.length).toBe(60);
    expect(lines.length).toBe(59);
    expect(nodes.every((it) => it.x >= 0 && it.x <= 300 && it.y < height)).toBe(true);
    for (const { from, to } of lines) expect(to.y).toBeGreaterThan(from.y);
    const places = new Set(nodes.map((it) => `${it.x} ${it.y}`));
    expect(places.size).toBe(60);
  });

  it("are cells when they are many, and a cell is found again by its place", () => {
    const pages = [...fold(empty(), crawlEvents(500, 4)).pages.values()];
    const cells = layOutCells(pages, 300);
    expect(cells.cells.every((it) => it.x + cells.size <= 300)).toBe(true);
    const some = cells.cells[137];
    expect(some === undefined ? null : cellAt(cells, some.x + 2, some.y + 2)).toBe(some);
    expect(cellAt(cells, 0, cells.height + 1)).toBeNull();
  });
});

describe("the page", () => {
  const forms = formWords.map((it) => it.name);

  it("compares all forms on one clock, with serial as the baseline", () => {
    const model = after(...crawled(forms, 40), { type: "over", stopped: false });
    const rows = rowsOf(model);
    expect(rows.map((it) => it.words.name)).toEqual(forms);
    expect(rows[0]).toMatchObject({ share: 1, timesSerial: 1 });
    expect(rows[2]?.timesSerial).toBeGreaterThan(3);
    expect(model).toMatchObject({ work: null, running: null, shown: "threads" });
    expect(model.said).toContain("0 fetched twice");
  });

  it("draws the one that runs, until somebody picks another one", () => {
    const first = after(...crawled(["serial"], 10));
    expect(first.shown).toBe("serial");
    const picked = reduceLab(first, { type: "show", form: "serial" });
    const more = crawled(["pool"], 10).slice(2);
    expect(reduceLab(picked, { type: "messages", messages: more }).shown).toBe("serial");
    expect(reduceLab(first, { type: "messages", messages: more }).shown).toBe("pool");
  });

  it("keeps the other forms' figures when one runs again on the same site, and none on another site", () => {
    const model = after(...crawled(forms, 10), { type: "over", stopped: false });
    const again = reduceLab(model, {
      type: "messages",
      messages: [{ type: "began", work: "run", choice: { ...choice, form: "pool" } }],
    });
    expect([...again.runs.keys()]).toEqual(forms.filter((it) => it !== "pool"));
    const other = reduceLab(model, {
      type: "messages",
      messages: [{ type: "began", work: "run", choice: { ...choice, form: "pool", seed: 8 } }],
    });
    expect(other.runs.size).toBe(0);
  });

  it("a measurement that is stopped leaves no curve", () => {
    const whole = curveNews("pool");
    const begun: ToLab = {
      type: "news",
      news: [
        { kind: "curve", form: "channel", points: [{ workers: 1, throughput: 9 }], knee: null },
      ],
    };
    const model = after(whole, begun, { type: "over", stopped: true });
    expect([...model.curves.keys()]).toEqual(["pool"]);
    expect(model.said).toBe("Stopped.");
  });

  it("says where the knee is, and how much more than serial", () => {
    const model = after(...crawled(["serial"], 40), curveNews("pool"));
    expect(kneeSentence(model.curves.get("pool"), 30)).toBe(
      "At most 240 pages/s, with 16 workers, 8.0 times serial. The knee is at 8: beyond it more workers pay less.",
    );
    expect(serialSpeed(model)).toBeGreaterThan(0);
  });

  it("the scale of the curve begins at 0 and ends at a round number", () => {
    const frame = { width: 300, height: 200, left: 30, right: 10, top: 10, bottom: 30 };
    const { x, y, ticks } = scalesOf(238, frame);
    expect(ticks).toEqual([0, 150, 300]);
    expect([x(1), x(32), y(0), y(300)]).toEqual([30, 290, 170, 10]);
  });
});
