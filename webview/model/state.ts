import type { Blocked, ThreadId, Witness } from "../../protocol/witness.js";

/** A variable as the steps up to the cursor left it. */
export interface Variable {
  readonly name: string;
  /** Before the step at the cursor; null: it had no value yet. */
  readonly before: string | null;
  readonly now: string;
  readonly changed: boolean;
}

/** The program right after the step at the cursor. */
export interface StateAt {
  readonly variables: readonly Variable[];
  /** Threads that may run next; null where the schedule stops before anybody was chosen. */
  readonly runnable: readonly ThreadId[] | null;
  /** Which of them the schedule picks; null at the end. */
  readonly next: ThreadId | null;
  readonly blocked: readonly Blocked[];
}

export function stateAt(witness: Witness, row: number): StateAt {
  const steps = witness.steps.slice(0, row + 1);
  const values = new Map<string, { before: string | null; now: string; changed: boolean }>();
  steps.forEach((step, index) => {
    for (const { name, value } of step.changed) {
      const before = values.get(name)?.now ?? null;
      values.set(name, { before, now: value, changed: index === row && before !== value });
    }
  });
  const changedHere = new Set(witness.steps[row]?.changed.map((it) => it.name));
  const next = witness.steps[row + 1];
  const stuck = witness.outcome.kind === "deadlock" || witness.outcome.kind === "leak";
  const runnable = (next?.enabled ?? []).map((it) => it.thread);
  return {
    variables: [...values].map(([name, it]) => ({
      name,
      now: it.now,
      before: changedHere.has(name) ? it.before : it.now,
      changed: it.changed,
    })),
    runnable: next === undefined && !stuck ? null : [...new Set(runnable)].sort((a, b) => a - b),
    next: next?.thread ?? null,
    blocked: witness.steps[row]?.blocked ?? [],
  };
}
