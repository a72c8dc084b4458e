import type { Blocked, ObjectId, ThreadId, Witness } from "../../protocol/witness.js";

/** A variable as the steps up to the cursor left it. */
export interface Variable {
  readonly name: string;
  /** Before the step at the cursor; null: it had no value yet. */
  readonly before: string | null;
  readonly now: string;
  readonly changed: boolean;
}

export interface HeldLock {
  readonly object: ObjectId;
  readonly holders: readonly ThreadId[];
}

/** The program right after the step at the cursor. */
export interface StateAt {
  readonly variables: readonly Variable[];
  readonly locks: readonly HeldLock[];
  /** Threads that may run next; null where the schedule stops before anybody was chosen. */
  readonly runnable: readonly ThreadId[] | null;
  /** Which of them the schedule picks; null at the end. */
  readonly next: ThreadId | null;
  readonly blocked: readonly Blocked[];
}

export function stateAt(witness: Witness, row: number): StateAt {
  const steps = witness.steps.slice(0, row + 1);
  const values = new Map<string, { before: string | null; now: string; changed: boolean }>();
  const held = new Map<ThreadId, readonly ObjectId[]>();
  steps.forEach((step, index) => {
    held.set(step.thread, step.held);
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
    locks: locksOf(witness, held),
    runnable: next === undefined && !stuck ? null : [...new Set(runnable)].sort((a, b) => a - b),
    next: next?.thread ?? null,
    blocked: witness.steps[row]?.blocked ?? [],
  };
}

/** Every lock the witness speaks of, with who holds it: a free lock is news too. */
function locksOf(witness: Witness, held: ReadonlyMap<ThreadId, readonly ObjectId[]>): HeldLock[] {
  return witness.objects.flatMap((it, object) => {
    const isLock = it.kind === "mutex" || it.kind === "rwmutex";
    const holders = [...held].flatMap(([thread, objects]) =>
      objects.includes(object) ? [thread] : [],
    );
    return isLock || holders.length > 0 ? [{ object, holders }] : [];
  });
}
