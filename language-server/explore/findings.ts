// What an exploration has found: one entry per kind and places, with the best schedule so far; and how the program can
// end.

import type { End, OutcomeKind } from "../../protocol/finding.js";
import type { Choice } from "../../protocol/witness.js";
import { smaller } from "./size.js";
import { sightingKey, type Sighting } from "./sighting.js";

/** A sighting with what leads there. */
export interface Best extends Sighting {
  readonly choices: readonly Choice[];
  /** By step of `choices`. */
  readonly preempts: readonly boolean[];
  readonly visible: readonly string[];
  readonly time: "quiet" | "any";
  /** No schedule for it is smaller. */
  readonly minimal: boolean;
}

export class Findings {
  readonly #best = new Map<string, Best>();

  /** In the order in which they were found. */
  all(): readonly Best[] {
    return [...this.#best.values()];
  }

  knows(key: string): boolean {
    return this.#best.has(key);
  }

  /**
   * Keeps the better one. Schedules that see more places win over those that see fewer: their steps show the accesses.
   * Quiet time wins over any.
   */
  keep(candidate: Best): void {
    const key = sightingKey(candidate);
    const known = this.#best.get(key);
    const better = known === undefined || smaller(rank(candidate), rank(known));
    const proves =
      candidate.minimal && known?.minimal === false && !smaller(rank(known), rank(candidate));
    if (better || proves) this.#best.set(key, candidate);
  }

  replace(best: Best): void {
    this.#best.set(sightingKey(best), best);
  }
}

function rank(best: Best): readonly number[] {
  return [best.time === "quiet" ? 0 : 1, -best.visible.length, ...best.cost];
}

/** The worst first. */
export const outcomeOrder: readonly OutcomeKind[] = [
  "ok",
  "race",
  "deadlock",
  "leak",
  "livelock",
  "panic",
  "assertion",
];

interface Counted {
  readonly kind: OutcomeKind;
  readonly label: string;
  readonly choices: readonly Choice[];
  executions: number;
}

/** Different ends beyond these are counted, but not kept one by one. */
const mostEnds = 64;

/** How often each end came, with a schedule for each. */
export class Ends {
  readonly #ends = new Map<string, Counted>();
  readonly #kinds = new Map<OutcomeKind, number>();
  #executions = 0;

  get executions(): number {
    return this.#executions;
  }

  /** Executions that ended badly; of those that were cut nobody knows. */
  get failing(): number {
    let count = 0;
    for (const [kind, executions] of this.#kinds) if (kind !== "ok") count += executions;
    return count;
  }

  count(kind: OutcomeKind, label: string, choices: () => readonly Choice[]): void {
    this.#executions++;
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    const key = `${kind} ${label}`;
    const known = this.#ends.get(key);
    if (known !== undefined) known.executions++;
    else if (this.#ends.size < mostEnds) {
      this.#ends.set(key, { kind, label, choices: choices(), executions: 1 });
    }
  }

  /** Whether all ends are kept, and this is none of them. */
  lacks(kind: OutcomeKind, label: string): boolean {
    return this.#ends.size < mostEnds && !this.#ends.has(`${kind} ${label}`);
  }

  /** An execution of which nothing is known but that it was run. */
  countCut(): void {
    this.#executions++;
  }

  add(other: Ends): void {
    this.#executions += other.#executions;
    for (const [kind, count] of other.#kinds) {
      this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + count);
    }
    for (const [key, end] of other.#ends) {
      const known = this.#ends.get(key);
      if (known !== undefined) known.executions += end.executions;
      else this.#ends.set(key, { ...end });
    }
  }

  kinds(): readonly { readonly kind: OutcomeKind; readonly executions: number }[] {
    return outcomeOrder.flatMap((kind) => {
      const executions = this.#kinds.get(kind) ?? 0;
      return executions === 0 ? [] : [{ kind, executions }];
    });
  }

  list(
    schedule: (kind: OutcomeKind, choices: readonly Choice[]) => End["schedule"],
  ): readonly End[] {
    const order = (it: Counted): number => (it.kind === "ok" ? 1 : 0);
    return [...this.#ends.values()]
      .sort((a, b) => order(a) - order(b) || b.executions - a.executions)
      .map(({ kind, label, executions, choices }) => ({
        kind,
        label,
        executions,
        schedule: schedule(kind, choices),
      }));
  }
}
