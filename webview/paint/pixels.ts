import { laneX } from "../model/geometry.js";
import { coveredRows, type LaneLevels, pixelRows, type PixelRows } from "../model/levels.js";
import { lookOf } from "../model/shapes.js";
import type { Brush, Palette, Scene, Viewport } from "./scene.js";
import { lockLeft } from "./stretches.js";
import { traceHatch } from "./strokes.js";

// Lanes of which several steps share a pixel. The bar of a pixel is as wide as the thread is busy in
// its rows; behind it is a hatched bar where it waits in any of them, else a line where it is ready.

const widths = [0, 2, 3, 4, 5, 6] as const;

export function paintPixels(brush: Brush, scene: Scene, palette: Palette, port: Viewport): void {
  const first = Math.floor(port.top);
  const { geometry, timeline } = scene;
  const pixels = pixelRows(
    first,
    Math.ceil(port.height) + 1,
    geometry.rowHeight,
    timeline.rows.length,
  );
  scene.levels.forEach((levels, lane) => {
    const x = laneX(geometry, lane);
    const color = palette.lanes[lookOf(lane)] ?? palette.ink;
    const blocked = coveredRows(levels.states.blocked, pixels);
    const ready = coveredRows(levels.states.ready, pixels);
    const run = coveredRows(levels.states.run, pixels);
    const waits = (it: number): number => ((blocked[it] ?? 0) > 0 ? 1 : 0);
    const isReady = (it: number): number => (waits(it) === 0 && (ready[it] ?? 0) > 0 ? 1 : 0);
    const busy = (it: number): number => shareStep(run[it] ?? 0, rowsOf(pixels, it));
    hatch(brush, x, first, runsOf(pixels, waits), palette);
    fill(brush, runsOf(pixels, isReady), first, color, 0.55, () => [x - 0.5, 1]);
    fill(brush, runsOf(pixels, busy), first, color, 1, (level) => {
      const width = widths[level] ?? 6;
      return [x - width / 2, width];
    });
    paintLocks(brush, levels, pixels, first, x, scene, palette);
  });
}

const rowsOf = ({ from, to }: PixelRows, it: number): number => (to[it] ?? 0) - (from[it] ?? 0);

/** 0: never, 5: in all rows; a share of one row in ten thousand is still seen. */
function shareStep(covered: number, rows: number): number {
  if (covered === 0 || rows === 0) return 0;
  return Math.max(1, Math.round((5 * covered) / rows));
}

interface PixelRun {
  readonly level: number;
  readonly from: number;
  readonly count: number;
}

/** Neighbouring pixels of one level as one; those of level 0 are left out. */
function runsOf(pixels: PixelRows, levelOf: (pixel: number) => number): PixelRun[] {
  const runs: PixelRun[] = [];
  const count = pixels.from.length;
  let from = 0;
  let level = count === 0 ? 0 : levelOf(0);
  for (let it = 1; it <= count; it++) {
    const next = it === count ? -1 : levelOf(it);
    if (next === level) continue;
    if (level > 0) runs.push({ level, from, count: it - from });
    from = it;
    level = next;
  }
  return runs;
}

function fill(
  brush: Brush,
  runs: readonly PixelRun[],
  first: number,
  color: string,
  alpha: number,
  place: (level: number) => readonly [left: number, width: number],
): void {
  brush.globalAlpha = alpha;
  brush.fillStyle = color;
  brush.beginPath();
  for (const it of runs) {
    const [left, width] = place(it.level);
    brush.rect(left, first + it.from, width, it.count);
  }
  brush.fill();
  brush.globalAlpha = 1;
}

function hatch(
  brush: Brush,
  x: number,
  first: number,
  runs: readonly PixelRun[],
  palette: Palette,
): void {
  if (runs.length === 0) return;
  fill(brush, runs, first, palette.blocked, 0.3, () => [x - 4, 8]);
  brush.save();
  brush.beginPath();
  for (const it of runs) brush.rect(x - 4, first + it.from, 8, it.count);
  brush.clip();
  brush.beginPath();
  const last = runs[runs.length - 1];
  const start = first + (runs[0]?.from ?? 0);
  traceHatch(brush, x - 4, start, 8, first + (last?.from ?? 0) + (last?.count ?? 0) - start);
  brush.strokeStyle = palette.blocked;
  brush.lineWidth = 2;
  brush.stroke();
  brush.restore();
}

function paintLocks(
  brush: Brush,
  levels: LaneLevels,
  pixels: PixelRows,
  first: number,
  x: number,
  scene: Scene,
  palette: Palette,
): void {
  levels.locks.forEach(({ stretches }, slot) => {
    const held = coveredRows(stretches, pixels);
    const level = (it: number): number => shareStep(held[it] ?? 0, rowsOf(pixels, it));
    const left = lockLeft(scene, x, slot);
    fill(brush, runsOf(pixels, level), first, palette.lock, 1, (it) => [left, it >= 3 ? 3 : 1.5]);
  });
}
