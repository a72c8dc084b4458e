// What an exploration has found: one entry per kind and places, with the best schedule so far; and how the program can
// end.

import type { End, OutcomeKind } from "../../protocol/finding.js";
import type { Choice } from "../../protocol/witness.js";
import { asRanked, least, type Line, type Ranked } from "./least.js";
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

/** An end, with the first of the executions that end so in an order that does not depend on when they are run. */
export interface Later {
  readonly kind: OutcomeKind;
  readonly label: string;
  readonly executions: number;
  readonly line: Line;
}

/** Ends that were counted elsewhere, as plain data. */
export interface EndCounts {
  readonly executions: number;
  readonly kinds: readonly (readonly [OutcomeKind, number])[];
  /** Without those that were not known. */
  readonly known: readonly (readonly [key: string, executions: number])[];
  readonly later: readonly Later[];
}

/** Different ends beyond these are counted, but not kept one by one. */
const mostEnds = 64;

/** How often each end came, with a schedule for each. */
export class Ends {
  readonly #ends = new Map<string, Counted>();
  readonly #kinds = new Map<OutcomeKind, number>();
  /** Those with the least keys. */
  readonly #later = new Map<string, Later>();
  #executions = 0;
  /** Which executions come first from now on is left to chance. */
  late = false;

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

  /** As `count`; but of new ends those with the least keys are kept, and for each of them the least execution. */
  countLater(kind: OutcomeKind, label: string, it: Ranked): void {
    this.#executions++;
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    const key = `${kind} ${label}`;
    const known = this.#ends.get(key);
    if (known !== undefined) known.executions++;
    else this.#keepLater(key, kind, label, 1, it);
  }

  #keepLater(key: string, kind: OutcomeKind, label: string, executions: number, it: Ranked): void {
    const known = this.#later.get(key);
    if (known === undefined && this.#later.size >= mostEnds) {
      const greatest = [...this.#later.keys()].reduce((a, b) => (a < b ? b : a));
      if (key > greatest) return;
      this.#later.delete(greatest);
    }
    const counted = (known?.executions ?? 0) + executions;
    this.#later.set(key, { kind, label, executions: counted, line: least(known?.line, it) });
  }

  /** Those that came later are ends like the others from now on. `lead` finds what leads a program to one. */
  settle(lead: (line: readonly Choice[], kind: OutcomeKind) => readonly Choice[]): void {
    for (const key of [...this.#later.keys()].sort()) {
      const it = this.#later.get(key);
      if (it === undefined || this.#ends.size >= mostEnds) break;
      const { kind, label, executions, line } = it;
      this.#ends.set(key, { kind, label, executions, choices: lead(line.line, kind) });
    }
    this.#later.clear();
    this.late = false;
  }

  /** For another thread, which counts the same ends. */
  knownKeys(): readonly string[] {
    return [...this.#ends.keys()];
  }

  /** Counts what ends like the known ones from 0. */
  static knowing(keys: readonly string[]): Ends {
    const ends = new Ends();
    for (const key of keys) {
      const kind = key.slice(0, key.indexOf(" ")) as OutcomeKind;
      const label = key.slice(kind.length + 1);
      ends.#ends.set(key, { kind, label, choices: [], executions: 0 });
    }
    return ends;
  }

  counts(): EndCounts {
    return {
      executions: this.#executions,
      kinds: [...this.#kinds],
      known: [...this.#ends].map(([key, { executions }]) => [key, executions]),
      later: [...this.#later.values()],
    };
  }

  /** What another thread has counted, which knew the same ends. */
  addCounts({ executions, kinds, known, later }: EndCounts): void {
    this.#executions += executions;
    for (const [kind, count] of kinds) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + count);
    for (const [key, count] of known) {
      const end = this.#ends.get(key);
      if (end !== undefined) end.executions += count;
    }
    for (const it of later) {
      const { kind, label, executions: count, line } = it;
      this.#keepLater(`${kind} ${label}`, kind, label, count, asRanked(line));
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
