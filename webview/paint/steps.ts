import { laneX, rowY } from "../model/geometry.js";
import { lookOf } from "../model/shapes.js";
import type { Row } from "../model/timeline.js";
import { type Brush, detailOf, type Palette, type RowRange, type Scene } from "./scene.js";
import { traceHatch, traceMark } from "./strokes.js";

// Single steps: the mark of each where there is room, and at every zoom the ones that matter.

export function paintSteps(brush: Brush, scene: Scene, palette: Palette, rows: RowRange): void {
  const { timeline } = scene;
  if (detailOf(scene.geometry) === "steps") {
    for (let row = rows.from; row <= rows.to; row++) {
      const it = timeline.rows[row];
      if (it !== undefined) paintStep(brush, scene, palette, it);
    }
    return;
  }
  for (const row of [...timeline.marked, scene.row]) {
    const it = timeline.rows[row];
    if (it !== undefined && row >= rows.from && row <= rows.to)
      paintStep(brush, scene, palette, it);
  }
}

function paintStep(
  brush: Brush,
  { geometry, row }: Scene,
  palette: Palette,
  { step, index, mark, aside }: Row,
): void {
  const x = laneX(geometry, step.thread);
  const y = rowY(geometry, index);
  const color = palette.lanes[lookOf(step.thread)] ?? palette.ink;
  const fits = Math.max(4, geometry.rowHeight * 0.42);
  const radius = Math.min(fits, geometry.laneWidth < 22 ? 4 : 5.2);
  if (mark !== null) {
    brush.beginPath();
    brush.arc(x, y, 10, 0, 2 * Math.PI);
    brush.fillStyle = palette.paper;
    brush.fill();
    brush.strokeStyle = palette.race;
    brush.lineWidth = 2;
    brush.stroke();
  }
  brush.beginPath();
  traceMark(brush, step.thread, x, y, radius);
  // Hollow when it does not matter: told by its form, not by its colour alone.
  brush.fillStyle = aside ? palette.paper : color;
  brush.fill();
  brush.strokeStyle = index === row ? palette.ink : aside ? color : palette.paper;
  brush.lineWidth = 1.6;
  brush.stroke();
}

/** A wedge at the edge of the column of step numbers for every pixel in which a step matches the search. */
export function paintFound(brush: Brush, scene: Scene, palette: Palette, rows: RowRange): void {
  const { found, geometry } = scene;
  const x = geometry.gutter - 2;
  let last = -2;
  brush.fillStyle = palette.ink;
  brush.beginPath();
  for (let it = firstFrom(found, rows.from); it < found.length; it++) {
    const row = found[it] ?? 0;
    if (row > rows.to) break;
    const y = Math.round(rowY(geometry, row));
    if (y <= last + 1) continue;
    last = y;
    brush.moveTo(x, y);
    brush.lineTo(x - 5, y - 3);
    brush.lineTo(x - 5, y + 3);
    brush.closePath();
  }
  brush.fill();
}

function firstFrom(rows: readonly number[], row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Below the last step, each thread that can never go on: its bar runs against a wall. */
export function paintStuck(brush: Brush, scene: Scene, palette: Palette): void {
  const { geometry, timeline, stuck } = scene;
  const top = timeline.rows.length * geometry.rowHeight;
  const length = geometry.labelHeight / 2;
  brush.save();
  brush.lineCap = "round";
  for (const thread of stuck) {
    const x = laneX(geometry, thread);
    brush.save();
    brush.beginPath();
    brush.rect(x - 4, top, 8, length);
    brush.fillStyle = palette.paper;
    brush.fill();
    brush.clip();
    brush.beginPath();
    traceHatch(brush, x - 4, top, 8, length);
    brush.strokeStyle = palette.blocked;
    brush.lineWidth = 2;
    brush.stroke();
    brush.restore();
    brush.beginPath();
    brush.moveTo(x - 7, top + length);
    brush.lineTo(x + 7, top + length);
    brush.strokeStyle = palette.race;
    brush.lineWidth = 3;
    brush.stroke();
  }
  brush.restore();
}
