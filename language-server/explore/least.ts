// Of executions that come to the same, the one that is shown must not depend on which was run first.

import type { Choice } from "../../protocol/witness.js";
import { lineOf, rankOf } from "./dpor/canonical.js";
import type { Execution } from "./dpor/execution.js";

/** An execution, as `rankOf` and `lineOf` see it. */
export interface Line {
  readonly rank: number;
  readonly line: readonly Choice[];
}

export interface Ranked {
  rank(): number;
  line(): readonly Choice[];
}

export function ranked(execution: Execution): Ranked {
  return { rank: () => rankOf(execution), line: () => lineOf(execution) };
}

export function asRanked({ rank, line }: Line): Ranked {
  return { rank: () => rank, line: () => line };
}

/** The lesser of two. */
export function least(known: Line | undefined, other: Ranked): Line {
  const rank = other.rank();
  if (known !== undefined && known.rank < rank) return known;
  const line = other.line();
  if (known?.rank === rank && told(known.line) <= told(line)) return known;
  return { rank, line };
}

function told(line: readonly Choice[]): string {
  return JSON.stringify(line);
}

/** By key, the least execution. */
export class Lines {
  readonly #lines = new Map<string, Line>();

  keep(key: string, other: Ranked): void {
    this.#lines.set(key, least(this.#lines.get(key), other));
  }

  /** By key. */
  sorted(): readonly (readonly [key: string, line: Line])[] {
    return [...this.#lines].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  clear(): void {
    this.#lines.clear();
  }
}
