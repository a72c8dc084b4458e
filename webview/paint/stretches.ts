import { laneX, rowY } from "../model/geometry.js";
import type { Lane } from "../model/lanes.js";
import { type LaneLevels, type Stretches, stretchesIn } from "../model/levels.js";
import { lookOf } from "../model/shapes.js";
import type { Brush, Palette, RowRange, Scene } from "./scene.js";
import { traceHatch } from "./strokes.js";

// Lanes whose stretches can be told apart: a bar while the thread runs, dots while it is ready, a
// hatched bar while it waits, and a thin bar for each lock it holds.

export function paintStretches(brush: Brush, scene: Scene, palette: Palette, rows: RowRange): void {
  for (const lane of scene.timeline.lanes) {
    const levels = scene.levels[lane.thread];
    if (levels === undefined) continue;
    const at: LanePlace = {
      x: laneX(scene.geometry, lane.thread),
      h: scene.geometry.rowHeight,
      color: palette.lanes[lookOf(lane.thread)] ?? palette.ink,
    };
    paintBlocked(brush, levels.states.blocked, at, palette, rows);
    paintReady(brush, levels.states.ready, at, rows);
    paintRuns(brush, levels.states.run, at, rows);
    paintEnd(brush, lane, at);
    paintLocks(brush, levels, at, scene, palette, rows);
  }
}

interface LanePlace {
  readonly x: number;
  readonly h: number;
  readonly color: string;
}

const dot = 0.1;
const dotGap = 5;

/** Top and height of every stretch in sight. */
function each(
  stretches: Stretches,
  { from, to }: RowRange,
  h: number,
  visit: (top: number, height: number) => void,
): void {
  const [first, last] = stretchesIn(stretches, from, to);
  for (let it = first; it <= last; it++) {
    const start = stretches.from[it] ?? 0;
    visit(start * h, ((stretches.to[it] ?? 0) - start + 1) * h);
  }
}

function paintRuns(
  brush: Brush,
  runs: Stretches,
  { x, h, color }: LanePlace,
  rows: RowRange,
): void {
  brush.fillStyle = color;
  brush.beginPath();
  each(runs, rows, h, (top, height) => {
    brush.roundRect(x - 3, top, 6, height, Math.min(3, height / 2));
  });
  brush.fill();
}

function paintReady(
  brush: Brush,
  ready: Stretches,
  { x, h, color }: LanePlace,
  rows: RowRange,
): void {
  brush.save();
  brush.globalAlpha = 0.75;
  brush.strokeStyle = color;
  brush.lineWidth = 2;
  brush.lineCap = "round";
  brush.setLineDash([dot, dotGap]);
  brush.beginPath();
  const sight = { top: (rows.from - 1) * h, bottom: (rows.to + 2) * h };
  each(ready, rows, h, (top, height) => {
    const inset = Math.min(3, height / 4);
    // A whole number of dots further down, so that they stand still while the drawing moves.
    const hidden = Math.max(0, sight.top - top - inset);
    const skipped = Math.floor(hidden / (dot + dotGap)) * (dot + dotGap);
    brush.moveTo(x, top + inset + skipped);
    brush.lineTo(x, Math.min(top + height - inset, sight.bottom));
  });
  brush.stroke();
  brush.restore();
}

function paintBlocked(
  brush: Brush,
  blocked: Stretches,
  { x, h }: LanePlace,
  palette: Palette,
  rows: RowRange,
): void {
  const [first, last] = stretchesIn(blocked, rows.from, rows.to);
  if (last < first) return;
  const bars: (readonly [number, number])[] = [];
  each(blocked, rows, h, (top, height) => {
    const inset = Math.min(2, height / 6);
    bars.push([top + inset, height - 2 * inset]);
  });
  const outline = (): void => {
    brush.beginPath();
    for (const [top, height] of bars) {
      brush.roundRect(x - 4, top, 8, height, Math.min(2, height / 2));
    }
  };
  brush.save();
  outline();
  brush.fillStyle = palette.paper;
  brush.fill();
  brush.clip();
  brush.beginPath();
  const sight = { top: (rows.from - 1) * h, bottom: (rows.to + 2) * h };
  for (const [top, height] of bars) {
    const start = Math.max(top, sight.top);
    traceHatch(brush, x - 4, start, 8, Math.min(top + height, sight.bottom) - start);
  }
  brush.strokeStyle = palette.blocked;
  brush.lineWidth = 2;
  brush.stroke();
  brush.restore();
  outline();
  brush.strokeStyle = palette.blocked;
  brush.lineWidth = 1;
  brush.stroke();
}

/** The bar across a lane at its thread's last step. */
function paintEnd(brush: Brush, { endRow }: Lane, { x, h, color }: LanePlace): void {
  if (endRow === null) return;
  const y = (endRow + 1) * h - Math.min(3, h / 2);
  brush.save();
  brush.strokeStyle = color;
  brush.lineWidth = 2.5;
  brush.lineCap = "round";
  brush.beginPath();
  brush.moveTo(x - 6, y);
  brush.lineTo(x + 6, y);
  brush.stroke();
  brush.restore();
}

/** Left edge of the bar of a lock, beside a lane's own bar. */
export function lockLeft({ geometry }: Scene, x: number, slot: number): number {
  return x - (geometry.laneWidth < 22 ? 6 : 10) - slot * 5 - 1.5;
}

function paintLocks(
  brush: Brush,
  levels: LaneLevels,
  { x, h }: LanePlace,
  scene: Scene,
  palette: Palette,
  rows: RowRange,
): void {
  brush.fillStyle = palette.lock;
  brush.strokeStyle = palette.lock;
  brush.lineWidth = 1.2;
  levels.locks.forEach(({ stretches, bars }, slot) => {
    const left = lockLeft(scene, x, slot);
    const [first, last] = stretchesIn(stretches, rows.from, rows.to);
    for (const bar of bars.slice(first, last + 1)) {
      const height = Math.max(h / 2, (bar.to - bar.from) * h + (bar.open ? h / 2 : 0));
      brush.beginPath();
      brush.roundRect(left, rowY(scene.geometry, bar.from), 3, height, Math.min(1.5, height / 2));
      if (bar.shared) brush.stroke();
      else brush.fill();
    }
  });
}
