import { laneX, rowY } from "../model/geometry.js";
import { lookOf } from "../model/shapes.js";
import { type Edge, edgesOf } from "../model/order.js";
import type { Brush, Palette, RowRange, Scene } from "./scene.js";
import { bowBetween, elbow, traceBow, traceHead } from "./strokes.js";

// The lines between lanes: who started whom, where control went, what happens before what, and the
// pair that nothing orders.

/** Below these heights of a row, in pixels, the lines of control would be a grey area. */
const leastForced = 6;
const leastPreempted = 3;

export function paintSpawns(brush: Brush, { timeline, geometry }: Scene, palette: Palette): void {
  const h = geometry.rowHeight;
  brush.save();
  brush.globalAlpha = 0.85;
  brush.lineWidth = h < leastPreempted ? 1 : 2;
  for (const lane of timeline.lanes) {
    const spawner = timeline.rows[lane.spawnRow]?.step.thread;
    const first = lane.spans[0];
    if (spawner === undefined || first === undefined) continue;
    brush.strokeStyle = palette.lanes[lookOf(lane.thread)] ?? palette.ink;
    brush.beginPath();
    elbow(
      brush,
      laneX(geometry, spawner),
      rowY(geometry, lane.spawnRow),
      laneX(geometry, lane.thread),
      first.from * h + Math.min(7, h / 4),
      (lane.spawnRow + 1) * h,
    );
    brush.stroke();
  }
  brush.restore();
}

/** The line of control: from each step to the next one on another lane. */
export function paintBaton(brush: Brush, scene: Scene, palette: Palette, rows: RowRange): void {
  const h = scene.geometry.rowHeight;
  brush.save();
  if (h >= leastForced) {
    brush.strokeStyle = palette.ink;
    brush.globalAlpha = 0.22;
    brush.lineWidth = 1;
    strokeSwitches(brush, scene, rows, "forced");
  }
  if (h >= leastPreempted) {
    brush.strokeStyle = palette.order;
    brush.globalAlpha = 0.95;
    brush.lineWidth = 1.5;
    brush.setLineDash([4, 3]);
    strokeSwitches(brush, scene, rows, "preempted");
  }
  brush.restore();
}

function strokeSwitches(
  brush: Brush,
  { timeline, geometry }: Scene,
  { from, to }: RowRange,
  kind: "forced" | "preempted",
): void {
  brush.beginPath();
  for (let row = Math.max(1, from); row <= to; row++) {
    const now = timeline.rows[row];
    const before = timeline.rows[row - 1];
    if (now?.switched !== kind || before === undefined) continue;
    elbow(
      brush,
      laneX(geometry, before.step.thread),
      rowY(geometry, row - 1),
      laneX(geometry, now.step.thread),
      rowY(geometry, row),
      row * geometry.rowHeight,
    );
  }
  brush.stroke();
}

export function paintArrows(brush: Brush, scene: Scene, palette: Palette, rows: RowRange): void {
  const { incoming, outgoing } = edgesOf(scene.edges, scene.row);
  brush.save();
  brush.strokeStyle = palette.order;
  brush.fillStyle = palette.order;
  brush.lineWidth = 1.6;
  if (scene.allArrows) {
    brush.globalAlpha = 0.4;
    const own = (it: Edge): boolean => it.to === scene.row || it.from === scene.row;
    strokeArrows(
      brush,
      scene,
      edgesIn(scene, rows).filter((it) => !own(it)),
    );
    brush.globalAlpha = 1;
  }
  strokeArrows(brush, scene, incoming);
  brush.setLineDash([5, 3]);
  strokeArrows(brush, scene, outgoing);
  brush.restore();
}

/** At most so many arrows are drawn beside those of the step at the cursor: more would hide each other. */
const mostArrows = 400;

/** The edges that arrive in these rows, and of too many every how-manieth. */
function edgesIn({ edges }: Scene, { from, to }: RowRange): readonly Edge[] {
  const first = lowerBound(edges, from);
  const end = lowerBound(edges, to + 1);
  const stride = Math.max(1, Math.ceil((end - first) / mostArrows));
  const kept: Edge[] = [];
  for (let it = first; it < end; it += stride) {
    const edge = edges[it];
    if (edge !== undefined) kept.push(edge);
  }
  return kept;
}

/** Index of the first edge into this row or a later one. */
function lowerBound(edges: readonly Edge[], row: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle]?.to ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

function strokeArrows(brush: Brush, scene: Scene, edges: readonly Edge[]): void {
  if (edges.length === 0) return;
  const bows = edges.flatMap((it) => {
    const from = placeOf(scene, it.from);
    const to = placeOf(scene, it.to);
    return from === null || to === null ? [] : [bowBetween(...from, ...to, 9)];
  });
  brush.beginPath();
  for (const it of bows) traceBow(brush, it);
  brush.stroke();
  brush.beginPath();
  for (const it of bows) traceHead(brush, it.bend, it.to);
  brush.fill();
}

function placeOf({ timeline, geometry }: Scene, row: number): readonly [number, number] | null {
  const step = timeline.rows[row]?.step;
  return step === undefined ? null : [laneX(geometry, step.thread), rowY(geometry, row)];
}

/** The two accesses that nothing orders, tied by an arrow with two heads. */
export function paintRacePair(brush: Brush, scene: Scene, palette: Palette): void {
  const { race } = scene.timeline;
  const first = race === null ? null : placeOf(scene, race[0]);
  const second = race === null ? null : placeOf(scene, race[1]);
  if (first === null || second === null) return;
  const bow = bowBetween(...first, ...second, 13);
  brush.save();
  brush.strokeStyle = palette.race;
  brush.fillStyle = palette.race;
  brush.lineWidth = 2;
  brush.setLineDash([6, 4]);
  brush.beginPath();
  traceBow(brush, bow);
  brush.stroke();
  brush.beginPath();
  traceHead(brush, bow.bend, bow.to);
  traceHead(brush, bow.bend, bow.from);
  brush.fill();
  brush.restore();
}
