/** Lanes beyond these have the shapes and colours of the first ones again. */
export const shapes = 8;

/** Path of a lane's mark, centred on 0,0; every lane of the first eight has its own shape. */
export function lanePath(lane: number, r: number): string {
  const polygon = (n: number, turn: number, size = r): string =>
    Array.from({ length: n }, (_, i) => {
      const angle = turn + (i * 2 * Math.PI) / n;
      return `${i === 0 ? "M" : "L"}${round(Math.cos(angle) * size)} ${round(Math.sin(angle) * size)}`;
    }).join("") + "Z";
  const up = -Math.PI / 2;
  switch (lane % shapes) {
    case 0:
      return `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;
    case 1:
      return polygon(4, Math.PI / 4, r * 1.22);
    case 2:
      return polygon(4, 0, r * 1.25);
    case 3:
      return polygon(3, up, r * 1.3);
    case 4:
      return polygon(6, 0, r * 1.12);
    case 5:
      return polygon(3, -up, r * 1.3);
    case 6:
      return polygon(5, up, r * 1.15);
    default:
      return polygon(8, Math.PI / 8, r * 1.08);
  }
}

const round = (n: number): number => Math.round(n * 100) / 100;
