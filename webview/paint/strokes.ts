import { markCorners } from "../model/shapes.js";
import type { Brush } from "./scene.js";

// The lines and marks of the drawing, each as a path that is added to the current one or stroked at once.

/**
 * Down from one lane, along the gap between two rows, and down into another lane: never through the
 * text of a row.
 */
export function elbow(
  brush: Brush,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  gap: number,
): void {
  const side = x2 > x1 ? 1 : -1;
  const r = Math.max(0, Math.min(6, Math.abs(x2 - x1) / 2, gap - y1, y2 - gap));
  brush.moveTo(x1, y1);
  brush.lineTo(x1, gap - r);
  brush.quadraticCurveTo(x1, gap, x1 + side * r, gap);
  brush.lineTo(x2 - side * r, gap);
  brush.quadraticCurveTo(x2, gap, x2, gap + r);
  brush.lineTo(x2, y2);
}

export interface Bow {
  readonly from: readonly [number, number];
  readonly bend: readonly [number, number];
  readonly to: readonly [number, number];
}

/** A bow between two marks that keeps `gap` pixels off both, so that they stay readable. */
export function bowBetween(x1: number, y1: number, x2: number, y2: number, gap: number): Bow {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const length = Math.hypot(dx, dy) || 1;
  const off = Math.min(gap, length / 3);
  const [ux, uy] = [dx / length, dy / length];
  const [ax, ay] = [x1 + ux * off, y1 + uy * off];
  const [bx, by] = [x2 - ux * off, y2 - uy * off];
  // Bowed towards the side with fewer labels: left of the direction of travel when going right.
  const bend = Math.min(40, length * 0.16) * (dx >= 0 ? 1 : -1);
  return {
    from: [ax, ay],
    bend: [(ax + bx) / 2 + uy * bend, (ay + by) / 2 - ux * bend],
    to: [bx, by],
  };
}

export function traceBow(brush: Brush, { from, bend, to }: Bow): void {
  brush.moveTo(...from);
  brush.quadraticCurveTo(...bend, ...to);
}

/** The head of an arrow whose line arrives at `tip` from `from`. */
export function traceHead(
  brush: Brush,
  from: readonly [number, number],
  tip: readonly [number, number],
): void {
  const length = Math.hypot(tip[0] - from[0], tip[1] - from[1]) || 1;
  const [ux, uy] = [(tip[0] - from[0]) / length, (tip[1] - from[1]) / length];
  const at = (along: number, aside: number): void => {
    brush.lineTo(tip[0] + ux * along - uy * aside, tip[1] + uy * along + ux * aside);
  };
  brush.moveTo(tip[0] + ux * 0.9, tip[1] + uy * 0.9);
  at(-6.1, 3.1);
  at(-6.1, -3.1);
  brush.closePath();
}

/** The mark of a lane around a point. */
export function traceMark(brush: Brush, lane: number, x: number, y: number, radius: number): void {
  const corners = markCorners(lane, radius);
  if (corners === null) {
    brush.moveTo(x + radius, y);
    brush.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([cx, cy], index) => {
    if (index === 0) brush.moveTo(x + cx, y + cy);
    else brush.lineTo(x + cx, y + cy);
  });
  brush.closePath();
}

const hatchStep = 7;

/** Slanting lines across a bar; its place in the drawing decides where they fall, so that they stand still while it moves. */
export function traceHatch(
  brush: Brush,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const first = Math.floor(y / hatchStep) * hatchStep;
  for (let it = first; it < y + height + width; it += hatchStep) {
    brush.moveTo(x, it);
    brush.lineTo(x + width, it - width);
  }
}
