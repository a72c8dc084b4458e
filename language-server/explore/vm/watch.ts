// What threads look at that go round in circles, so that they are known to go on like that until it changes.

/** Something a parked thread has looked at. */
export interface Watch {
  /** As in `Touch.object`. */
  readonly object: number;
  /** Whether it looks different now. */
  changed(): boolean;
}

export function isUnchanged(watches: readonly Watch[]): boolean {
  return !watches.some((it) => it.changed());
}

/** The newest look at each object counts. */
export function merged(older: readonly Watch[], newer: readonly Watch[]): readonly Watch[] {
  const seen = new Set(newer.map((it) => it.object));
  return [...older.filter((it) => !seen.has(it.object)), ...newer];
}
