// Lines between places in the drawing.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Down from one lane, along the gap between two rows, and down into another lane: never through the text of a row. */
export function elbow(from: Point, to: Point, gap: number): string {
  const side = to.x > from.x ? 1 : -1;
  const r = Math.max(0, Math.min(6, Math.abs(to.x - from.x) / 2, gap - from.y, to.y - gap));
  return [
    `M${n(from.x)} ${n(from.y)}V${n(gap - r)}`,
    `Q${n(from.x)} ${n(gap)} ${n(from.x + side * r)} ${n(gap)}`,
    `H${n(to.x - side * r)}`,
    `Q${n(to.x)} ${n(gap)} ${n(to.x)} ${n(gap + r)}`,
    `V${n(to.y)}`,
  ].join("");
}

/** A bow between two marks, with what it takes to put heads and a label on it. */
export interface Bow {
  readonly path: string;
  readonly middle: Point;
  /** Triangles at its two ends. */
  readonly startHead: string;
  readonly endHead: string;
}

/** Keeps `gap` pixels off both marks. */
export function bow(from: Point, to: Point, gap: number): Bow {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const start = { x: from.x + ux * gap, y: from.y + uy * gap };
  const end = { x: to.x - ux * gap, y: to.y - uy * gap };
  const bend = Math.min(40, length * 0.16) * (dx >= 0 ? 1 : -1);
  const control = { x: (start.x + end.x) / 2 + uy * bend, y: (start.y + end.y) / 2 - ux * bend };
  return {
    path: `M${n(start.x)} ${n(start.y)}Q${n(control.x)} ${n(control.y)} ${n(end.x)} ${n(end.y)}`,
    middle: {
      x: (start.x + end.x) / 4 + control.x / 2,
      y: (start.y + end.y) / 4 + control.y / 2,
    },
    startHead: head(control, start),
    endHead: head(control, end),
  };
}

/** A triangle that points to `tip`, coming from `from`. */
function head(from: Point, tip: Point): string {
  const length = Math.hypot(tip.x - from.x, tip.y - from.y) || 1;
  const [ux, uy] = [(tip.x - from.x) / length, (tip.y - from.y) / length];
  const [bx, by] = [tip.x - ux * 7, tip.y - uy * 7];
  const corner = (side: number): string => `${n(bx - uy * 3.5 * side)} ${n(by + ux * 3.5 * side)}`;
  return `M${n(tip.x)} ${n(tip.y)}L${corner(1)} ${corner(-1)}Z`;
}

function n(value: number): number {
  return Math.round(value * 10) / 10;
}
