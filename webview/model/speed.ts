// How fast the schedule plays.

export const speeds = [0.5, 1, 2, 4] as const;
export type Speed = (typeof speeds)[number];

/** Milliseconds that a step stays at speed 1. */
const normalPause = 900;

export const pauseOf = (speed: Speed): number => normalPause / speed;

/** The next speed in a direction; at the ends the same. */
export function faster(speed: Speed, by: 1 | -1): Speed {
  return speeds[speeds.indexOf(speed) + by] ?? speed;
}

/** The next speed, from the fastest to the slowest again. */
export function nextSpeed(speed: Speed): Speed {
  return speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? speed;
}
