import { type Geometry, hasText, stuckHeight } from "./geometry.js";
import type { Timeline } from "./timeline.js";

/** In pixels of the drawing. */
export interface Scrolled {
  /** Where what is in sight begins. */
  readonly top: number;
  /** Of what is in sight, without the heads of the lanes. */
  readonly height: number;
}

/** Where to scroll to so that a row is seen, with its partner in a race if both fit, and with the last one who is stuck. */
export function topToSee(
  timeline: Timeline,
  geometry: Geometry,
  stuck: number,
  row: number,
  { top, height }: Scrolled,
): number {
  const h = geometry.rowHeight;
  // A label is higher than its row.
  const around = hasText(geometry) ? h : geometry.labelHeight;
  const partner = timeline.race?.find((other) => other !== row);
  const both = timeline.race?.includes(row) === true && partner !== undefined;
  const least = both ? Math.min(row, partner) : row;
  const most = both ? Math.max(row, partner) : row;
  const fits = (most - least) * h + 3 * around <= height;
  const last = row === timeline.rows.length - 1;
  const above = (fits ? least : row) * h - around;
  const below = last ? Math.max(around, stuckHeight(geometry, stuck)) : around;
  const bottom = ((fits ? most : row) + 1) * h + below;
  if (above < top) return Math.max(0, above);
  return bottom > top + height ? bottom - height : top;
}
