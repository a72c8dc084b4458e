// How many orders there seem to be. Guesses from single executions differ widely: the last ones count together.

const most = 200;
const least = 4;

export class Estimates {
  readonly #last: number[] = [];

  clear(): void {
    this.#last.length = 0;
  }

  add(guess: number): void {
    this.#last.push(guess);
    if (this.#last.length > most) this.#last.shift();
  }

  /** To one digit; null when there is nothing to go by, or it would be no more than what has been run. */
  beyond(run: number): number | null {
    if (this.#last.length < least) return null;
    const mean = this.#last.reduce((sum, it) => sum + it, 0) / this.#last.length;
    const unit = 10 ** Math.max(0, Math.floor(Math.log10(mean)));
    const rounded = Math.round(mean / unit) * unit;
    return rounded > run ? rounded : null;
  }
}
