// The mark of a lane: each of the first eight has its own shape, so that none is told by colour alone.

/** Lanes beyond these have the shapes and colours of the first ones again. */
export const shapes = 8;

/** Index of a lane's colour and shape, from 0. */
export const lookOf = (lane: number): number => lane % shapes;

/** Corners of a lane's mark around 0,0, as x and y; null: it is a circle of this radius. */
export function markCorners(
  lane: number,
  radius: number,
): readonly (readonly [number, number])[] | null {
  const polygon = (n: number, turn: number, size: number): readonly (readonly [number, number])[] =>
    Array.from({ length: n }, (_, i) => {
      const angle = turn + (i * 2 * Math.PI) / n;
      return [round(Math.cos(angle) * size), round(Math.sin(angle) * size)] as const;
    });
  const up = -Math.PI / 2;
  switch (lookOf(lane)) {
    case 0:
      return null;
    case 1:
      return polygon(4, Math.PI / 4, radius * 1.22);
    case 2:
      return polygon(4, 0, radius * 1.25);
    case 3:
      return polygon(3, up, radius * 1.3);
    case 4:
      return polygon(6, 0, radius * 1.12);
    case 5:
      return polygon(3, -up, radius * 1.3);
    case 6:
      return polygon(5, up, radius * 1.15);
    default:
      return polygon(8, Math.PI / 8, radius * 1.08);
  }
}

const round = (n: number): number => Math.round(n * 100) / 100;

/** Path of a lane's mark, centred on 0,0. */
export function lanePath(lane: number, r: number): string {
  const corners = markCorners(lane, r);
  if (corners === null) return `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;
  return `${corners.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("")}Z`;
}
