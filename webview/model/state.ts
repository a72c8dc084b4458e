import type { Blocked, Step, ThreadId, Witness } from "../../protocol/witness.js";

/** A variable as the steps up to the cursor left it. */
export interface Variable {
  /** Whose it is. */
  readonly thread: ThreadId;
  readonly name: string;
  /** Before the step at the cursor; null: it had no value yet. */
  readonly before: string | null;
  readonly now: string;
  readonly changed: boolean;
}

/** The program right after the step at the cursor. */
export interface StateAt {
  /** By thread. */
  readonly variables: readonly Variable[];
  /** Threads that may run next; null where the schedule stops before anybody was chosen. */
  readonly runnable: readonly ThreadId[] | null;
  /** Which of them the schedule picks; null at the end. */
  readonly next: ThreadId | null;
  readonly blocked: readonly Blocked[];
}

export function stateAt(witness: Witness, row: number): StateAt {
  const next = witness.steps[row + 1];
  const stuck = witness.outcome.kind === "deadlock" || witness.outcome.kind === "leak";
  const runnable = (next?.enabled ?? []).map((it) => it.thread);
  return {
    variables: variablesAt(witness.steps.slice(0, row + 1)),
    runnable: next === undefined && !stuck ? null : [...new Set(runnable)].sort((a, b) => a - b),
    next: next?.thread ?? null,
    blocked: witness.steps[row]?.blocked ?? [],
  };
}

function variablesAt(steps: readonly Step[]): readonly Variable[] {
  const values = new Map<string, Variable>();
  steps.forEach((step, index) => {
    const last = index === steps.length - 1;
    for (const { name, value, threads } of step.changed) {
      for (const thread of threads ?? [step.thread]) {
        const key = `${thread} ${name}`;
        const before = values.get(key)?.now ?? null;
        // Before the step at the cursor; of what it leaves alone that is what it is now.
        values.set(key, {
          thread,
          name,
          before: last ? before : value,
          now: value,
          changed: last && before !== value,
        });
      }
    }
  });
  return [...values.values()].sort((a, b) => a.thread - b.thread);
}
