import { describe, expect, it } from "vitest";
import { geometryOf, laneX, rowY } from "../../../webview/model/geometry.js";
import { laneAt, nearestRow, rowAt } from "../../../webview/model/hit.js";
import { levelsOf, stretchesOf } from "../../../webview/model/levels.js";
import { layOut } from "../../../webview/model/timeline.js";
import { randomWitness } from "./random-witness.js";

describe("a point of the drawing", () => {
  it("on the mark of a step means that step, at every zoom at which marks can be told apart", () => {
    for (const [seed, zoom] of [
      [1, 1],
      [2, 0.5],
      [3, 0.1],
      [4, 2],
    ] as const) {
      const timeline = layOut(randomWitness(seed));
      const levels = levelsOf(timeline);
      const geometry = geometryOf(700, timeline.lanes.length, zoom);
      for (const { index, step } of timeline.rows) {
        const [x, y] = [laneX(geometry, step.thread), rowY(geometry, index)];
        expect([seed, rowAt(geometry, levels, timeline.rows.length, x, y)]).toEqual([seed, index]);
      }
    }
  });

  it("on a lane means the nearest step of that lane, as looking at all of them gives", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const witness = randomWitness(seed);
      const timeline = layOut(witness);
      const geometry = geometryOf(700, timeline.lanes.length, 0.2);
      timeline.lanes.forEach(({ thread }) => {
        const own = witness.steps.flatMap((it, row) => (it.thread === thread ? [row] : []));
        for (let row = 0; row < witness.steps.length; row++) {
          const [x, y] = [laneX(geometry, thread), rowY(geometry, row)];
          const found = rowAt(geometry, levelsOf(timeline), witness.steps.length, x, y);
          const least = Math.min(...own.map((it) => Math.abs(it - row)));
          const distance = own.length === 0 ? 0 : Math.abs((found ?? -1) - row);
          expect([seed, thread, distance]).toEqual([seed, thread, own.length === 0 ? 0 : least]);
        }
      });
    }
  });

  it("beside the lanes means the row at its height, and below the last one the last", () => {
    const timeline = layOut(randomWitness(5));
    const rows = timeline.rows.length;
    const geometry = geometryOf(700, timeline.lanes.length);
    const at = (x: number, y: number): number | null =>
      rowAt(geometry, levelsOf(timeline), rows, x, y);
    expect(at(3, rowY(geometry, 2))).toBe(2);
    expect(at(3, 1e6)).toBe(rows - 1);
    expect(rowAt(geometry, [], 0, 3, 3)).toBeNull();
    expect(laneAt(geometry, timeline.lanes.length, 3)).toBeNull();
    expect(laneAt(geometry, timeline.lanes.length, 699)).toBeNull();
  });

  it("on a lane of a thread that never runs means the row at its height", () => {
    expect(nearestRow(stretchesOf([]), 4)).toBeNull();
    expect(nearestRow(stretchesOf([{ from: 6, to: 8 }]), 4)).toBe(6);
    expect(nearestRow(stretchesOf([{ from: 0, to: 2 }]), 4)).toBe(2);
  });
});
