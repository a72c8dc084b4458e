import { coveredRows, type Levels, pixelRows } from "../model/levels.js";
import { lookOf } from "../model/shapes.js";
import type { Timeline } from "../model/timeline.js";
import type { Brush, Palette } from "./scene.js";

// The whole schedule from left to right, in a strip: who ran when, and where it went wrong.

const margin = 2;

export function paintOverview(
  brush: Brush,
  timeline: Timeline,
  levels: Levels,
  palette: Palette,
  width: number,
  height: number,
): void {
  const rows = timeline.rows.length;
  if (rows === 0 || width <= 0) return;
  const pixels = pixelRows(0, Math.ceil(width), width / rows, rows);
  const track = (height - 2 * margin) / Math.max(1, levels.length);
  levels.forEach(({ states }, lane) => {
    const run = coveredRows(states.run, pixels);
    brush.fillStyle = palette.lanes[lookOf(lane)] ?? palette.ink;
    const y = margin + lane * track;
    let from = 0;
    for (let it = 1; it <= run.length; it++) {
      const share = shareAt(run, pixels, from);
      if (it < run.length && shareAt(run, pixels, it) === share) continue;
      if (share > 0) {
        brush.globalAlpha = 0.25 + 0.75 * share;
        brush.fillRect(from, y, it - from, Math.max(1.2, track - (track > 2 ? 1 : 0)));
      }
      from = it;
    }
  });
  brush.globalAlpha = 0.4;
  brush.fillStyle = palette.race;
  for (const row of timeline.marked) {
    brush.fillRect((row * width) / rows, 0, Math.max(2, width / rows), height);
  }
  brush.globalAlpha = 1;
}

/** The share of a pixel's rows in which the thread runs, in quarters: neighbours are drawn as one. */
function shareAt(
  run: Int32Array,
  { from, to }: ReturnType<typeof pixelRows>,
  pixel: number,
): number {
  const covered = run[pixel] ?? 0;
  const rows = (to[pixel] ?? 0) - (from[pixel] ?? 0);
  return covered === 0 || rows === 0 ? 0 : Math.max(1, Math.round((4 * covered) / rows)) / 4;
}
