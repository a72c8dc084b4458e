// Vector clocks as immutable arrays: undoing an execution puts old ones back instead of copying.
// A component that is not there is 0.

export type Clock = readonly number[];

export const zeroClock: Clock = [];

/** Whether `a` has nothing that `b` does not know. */
export function covers(b: Clock, a: Clock): boolean {
  if (a === b) return true;
  for (let index = 0; index < a.length; index++) {
    if ((a[index] ?? 0) > (b[index] ?? 0)) return false;
  }
  return true;
}

/** The least clock that covers both; one of the two arguments where it is. */
export function joinClocks(a: Clock, b: Clock): Clock {
  if (covers(a, b)) return a;
  if (covers(b, a)) return b;
  const length = Math.max(a.length, b.length);
  const joined = new Array<number>(length);
  for (let index = 0; index < length; index++) {
    joined[index] = Math.max(a[index] ?? 0, b[index] ?? 0);
  }
  return joined;
}

/** `clock` with `value` at `index`. */
export function withComponent(clock: Clock, index: number, value: number): Clock {
  const changed = clock.slice();
  while (changed.length < index) changed.push(0);
  changed[index] = value;
  return changed;
}
