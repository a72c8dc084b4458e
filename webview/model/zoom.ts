// How high rows are, in heights of a row with text: 1 is text at its normal size.

export interface Zoom {
  readonly factor: number;
  /** The factor at which the whole schedule is in sight, at most 1: there is nothing beyond it. */
  readonly least: number;
}

export const normalZoom: Zoom = { factor: 1, least: 1 };

const most = 2;

/** Of one press of a key. */
export const zoomStep = 1.4;

export function zoomedTo(zoom: Zoom, factor: number): Zoom {
  return { ...zoom, factor: Math.min(most, Math.max(zoom.least, factor)) };
}

/** For a panel or schedule of another size. What was in sight as a whole stays so. */
export function withRoom(zoom: Zoom, least: number): Zoom {
  const whole = zoom.least < 1 && zoom.factor <= zoom.least;
  return zoomedTo({ ...zoom, least }, whole ? least : zoom.factor);
}
