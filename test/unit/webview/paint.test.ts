import { describe, expect, it } from "vitest";
import type { Witness } from "../../../protocol/witness.js";
import { fittingZoom, geometryOf } from "../../../webview/model/geometry.js";
import { levelsOf } from "../../../webview/model/levels.js";
import { orderEdges } from "../../../webview/model/order.js";
import { layOut } from "../../../webview/model/timeline.js";
import { paintOverview } from "../../../webview/paint/overview.js";
import { paint } from "../../../webview/paint/paint.js";
import { detailOf, type Palette, type Scene } from "../../../webview/paint/scene.js";
import { recordingBrush, type RecordingBrush } from "./brush.js";
import { randomWitness } from "./random-witness.js";
import { deadlock, large, race } from "./witnesses.js";

const palette: Palette = {
  ink: "ink",
  paper: "paper",
  here: "here",
  order: "order",
  race: "race",
  lock: "lock",
  blocked: "blocked",
  lanes: ["lane1", "lane2", "lane3", "lane4", "lane5", "lane6", "lane7", "lane8"],
};

function sceneOf(witness: Witness, zoom: number, more: Partial<Scene> = {}): Scene {
  const timeline = layOut(witness);
  const { outcome } = witness;
  return {
    timeline,
    levels: levelsOf(timeline),
    geometry: geometryOf(800, timeline.lanes.length, zoom),
    edges: orderEdges(witness),
    stuck: "blocked" in outcome ? outcome.blocked.map((it) => it.thread) : [],
    row: 0,
    allArrows: false,
    found: [],
    ...more,
  };
}

function painted(scene: Scene, top = 0, height = 600): RecordingBrush {
  const record = recordingBrush();
  paint(record.brush, scene, palette, { left: 0, top, width: 800, height });
  return record;
}

const zoomOf = (witness: Witness): number =>
  fittingZoom(geometryOf(800, witness.threads.length), witness.steps.length, 0, 600);

describe("painting", () => {
  it("uses the colours of what is there: lanes, locks, waits, the race, arrows", () => {
    const all = new Set(painted(sceneOf(race, 1, { row: 12 })).strokes);
    for (const it of ["fill lane1", "fill lane2", "fill lane3", "fill lock", "stroke blocked"]) {
      expect(all).toContain(it);
    }
    expect(all).toContain("stroke race");
    expect(all).toContain("fill order");
    const passing = sceneOf({ ...race, outcome: { kind: "ok" } }, 1);
    expect(new Set(painted(passing).strokes)).not.toContain("stroke race");
  });

  it("shows who is stuck against a wall", () => {
    const walls = painted(sceneOf(deadlock, 1)).strokes.filter((it) => it === "stroke race");
    expect(walls).toHaveLength(2);
  });

  it("shows where it goes wrong at every zoom", () => {
    const far = {
      ...large(16, 3000),
      outcome: { kind: "panic", step: 1500, message: "" },
    } as const;
    const scene = sceneOf(far, zoomOf(far));
    expect(detailOf(scene.geometry)).toBe("pixels");
    expect(painted(scene).strokes).toContain("stroke race");
  });

  it("marks what the search found, however low the rows are", () => {
    const witness = large(16, 3000);
    const without = painted(sceneOf(witness, 0.01)).numbers.length;
    const found = [10, 11, 1900];
    // Two of the three are in one pixel and share a mark of three corners.
    const marks = painted(sceneOf(witness, 0.01, { found })).numbers.length - without;
    expect(marks).toBe(2 * 3 * 2);
  });

  it("does as much for twenty thousand steps as for two thousand in the same pixels", () => {
    const calls = (steps: number): number => {
      const witness = large(16, steps);
      return painted(sceneOf(witness, zoomOf(witness), { allArrows: true })).calls();
    };
    expect(calls(20_000)).toBeLessThan(2 * calls(2_000));
  });

  it("paints only what is in sight of a long schedule", () => {
    const scene = sceneOf(large(8, 5000), 1);
    expect(painted(scene, 60_000).calls()).toBeLessThan(3000);
    const { numbers } = painted({ ...scene, allArrows: false, row: 2100 }, 60_000);
    expect(numbers.length).toBeGreaterThan(100);
  });

  it("leaves the brush as it was, and passes no coordinate that is no number", () => {
    for (let seed = 1; seed <= 80; seed++) {
      for (const zoom of [0.01, 0.05, 0.2, 0.5, 1, 2]) {
        const witness = randomWitness(seed);
        const row = seed % witness.steps.length;
        const record = painted(sceneOf(witness, zoom, { row, allArrows: true, found: [row] }));
        expect([seed, zoom, record.depth()]).toEqual([seed, zoom, 0]);
        expect([seed, zoom, record.numbers.every(Number.isFinite)]).toEqual([seed, zoom, true]);
        expect(record.brush.globalAlpha).toBe(1);
      }
    }
  });

  it("of an empty schedule is nothing", () => {
    expect(painted(sceneOf({ ...race, steps: [], outcome: { kind: "ok" } }, 1)).calls()).toBe(0);
  });

  it("of the overview keeps inside the strip", () => {
    for (const witness of [race, large(16, 5000)]) {
      const timeline = layOut(witness);
      const record = recordingBrush();
      paintOverview(record.brush, timeline, levelsOf(timeline), palette, 300, 22);
      expect(record.numbers.length).toBeGreaterThan(0);
      expect(Math.max(...record.numbers)).toBeLessThanOrEqual(300);
      expect(Math.min(...record.numbers)).toBeGreaterThanOrEqual(0);
    }
  });
});
