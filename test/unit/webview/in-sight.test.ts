import { describe, expect, it } from "vitest";
import { geometryOf, stuckHeight } from "../../../webview/model/geometry.js";
import { topToSee } from "../../../webview/model/in-sight.js";
import { layOut } from "../../../webview/model/timeline.js";
import { deadlock, large, race } from "./witnesses.js";

const geometry = geometryOf(900, 16);
const h = geometry.rowHeight;

describe("scrolling to a row", () => {
  const timeline = layOut(large(16, 1000));
  const from = (row: number, top: number, height = 20 * h): number =>
    topToSee(timeline, geometry, 0, row, { top, height });

  it("moves nothing while the row and its neighbours are in sight", () => {
    expect(from(510, 500 * h)).toBe(500 * h);
  });

  it("moves only as far as it must, with one row beyond", () => {
    expect(from(499, 500 * h)).toBe(498 * h);
    expect(from(520, 500 * h)).toBe(502 * h);
    expect(from(0, 500 * h)).toBe(0);
  });

  it("shows both accesses of a race where they fit, else the one at the cursor", () => {
    const raced = layOut(race);
    const [first, second] = raced.race ?? [0, 0];
    const rows = second - first + 3;
    const both = topToSee(raced, geometry, 0, second, { top: 20 * h, height: rows * h });
    expect(both).toBe((first - 1) * h);
    const one = topToSee(raced, geometry, 0, second, { top: 20 * h, height: 4 * h });
    expect(one).toBe((second - 1) * h);
  });

  it("shows with the last row those who are stuck", () => {
    const stuck = layOut(deadlock);
    const last = stuck.rows.length - 1;
    const height = 3 * h;
    const top = topToSee(stuck, geometry, 2, last, { top: 0, height });
    expect(top + height).toBe((last + 1) * h + stuckHeight(geometry, 2));
  });
});
