/** The part of the schedule that is in sight, as shares of the whole from 0 to 1. */
export interface SightRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Where the lanes are scrolled to. It changes with every frame of a scroll, so whoever shows it listens and moves one
 * element, instead of the panel being rendered again.
 */
export class Sight {
  #range: SightRange = { from: 0, to: 1 };
  #listener: ((range: SightRange) => void) | null = null;

  set(range: SightRange): void {
    this.#range = range;
    this.#listener?.(range);
  }

  /** Calls back at once and on every change, until the returned function is called. */
  listen(listener: (range: SightRange) => void): () => void {
    this.#listener = listener;
    listener(this.#range);
    return () => {
      if (this.#listener === listener) this.#listener = null;
    };
  }
}
