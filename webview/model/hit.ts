import { type Geometry, laneX } from "./geometry.js";
import { type Levels, type Stretches, stretchBefore } from "./levels.js";

// Which step a point of the drawing means.

/** The lane whose bar is nearest to `x`; null left of the lanes and right of them. */
export function laneAt(geometry: Geometry, lanes: number, x: number): number | null {
  const { gutter, laneWidth } = geometry;
  const lane = Math.floor((x - gutter) / laneWidth);
  return lane < 0 || lane >= lanes ? null : lane;
}

/** How far from a lane's bar, in pixels, a point still means that lane. */
const reach = 14;

/**
 * The row that a point means: on a lane's bar the step of that lane which is nearest, elsewhere the row at that height.
 * Null where there are no rows.
 */
export function rowAt(
  geometry: Geometry,
  levels: Levels,
  rows: number,
  x: number,
  y: number,
): number | null {
  if (rows === 0) return null;
  const row = Math.min(rows - 1, Math.max(0, Math.floor(y / geometry.rowHeight)));
  const lane = laneAt(geometry, levels.length, x);
  const run = lane === null ? undefined : levels[lane]?.states.run;
  if (lane === null || run === undefined) return row;
  return Math.abs(x - laneX(geometry, lane)) > reach ? row : (nearestRow(run, row) ?? row);
}

/** The covered row that is nearest to a row, the earlier one of two; null: none is covered. */
export function nearestRow(stretches: Stretches, row: number): number | null {
  const before = stretchBefore(stretches, row);
  const end = stretches.to[before];
  const next = stretches.from[before + 1];
  if (end !== undefined && row <= end) return row;
  if (end === undefined) return next ?? null;
  return next !== undefined && next - row < row - end ? next : end;
}
