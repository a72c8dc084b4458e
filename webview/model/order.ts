import type { Step, ThreadId, Witness } from "../../protocol/witness.js";

// The happens-before order of a witness, read off its vector clocks. `clock[u]` of a step counts the
// steps of thread `u` that happen before it, so an entry that grew since the thread's own previous
// step is an edge from that step of `u`.

/** Rows: `from` happens before `to`, directly, across threads. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

/**
 * The number of a step among those of a thread that takes part in it, as clocks count. It is not the number of the row
 * among the thread's rows: the receiver of a rendezvous has no row of its own, and what is printed along with a step
 * does not count.
 */
export function ordinalOf(step: Step, thread: ThreadId): number {
  return step.clock[thread] ?? 0;
}

/** Whether the step of row `from` happens before the one of row `to`, or is it. */
export function happensBefore(witness: Witness, from: number, to: number): boolean {
  const step = witness.steps[from];
  const later = witness.steps[to];
  if (step === undefined || later === undefined || from > to) return false;
  if (step.thread === later.thread) return true;
  return (later.clock[step.thread] ?? 0) >= ordinalOf(step, step.thread);
}

/** Every direct edge between different threads, by target row. */
export function orderEdges(witness: Witness): Edge[] {
  const rows = countedRows(witness);
  const last: (readonly number[])[] = witness.threads.map(() => []);
  const edges: Edge[] = [];
  witness.steps.forEach((step, row) => {
    const sources = newlyKnown(step, last[step.thread] ?? [], rows);
    for (const it of sources) {
      const implied = sources.some(
        (other) => other !== it && knows(witness, other.from, it.thread) >= it.count,
      );
      if (!implied) edges.push({ from: it.from, to: row });
    }
    last[step.thread] = step.clock;
  });
  return edges;
}

interface Source {
  readonly thread: ThreadId;
  readonly count: number;
  readonly from: number;
}

const none: readonly Source[] = [];

/** The latest steps of other threads that this step is the first of its thread to know of. */
function newlyKnown(
  step: Step,
  before: readonly number[],
  rows: readonly (readonly (number | undefined)[])[],
): readonly Source[] {
  const { clock } = step;
  let found: Source[] | null = null;
  for (let thread = 0; thread < clock.length; thread++) {
    // A handover is a step of its partner too, and does not come before itself.
    const count = (clock[thread] ?? 0) - (hasPartner(step, thread) ? 1 : 0);
    if (thread === step.thread || count <= (before[thread] ?? 0)) continue;
    const from = rows[thread]?.[count];
    if (from === undefined) continue;
    found ??= [];
    found.push({ thread, count, from });
  }
  return found ?? none;
}

function hasPartner({ action }: Step, thread: ThreadId): boolean {
  return action.kind === "send" && action.partner === thread;
}

/**
 * Row by thread and how many steps of it there are by then. Output and ends have rows and are no steps of their own; a
 * handover is a step of both and has one row.
 */
function countedRows({ steps, threads }: Witness): readonly (readonly (number | undefined)[])[] {
  const rows = threads.map((): (number | undefined)[] => []);
  const note = (thread: ThreadId, row: number): void => {
    const own = rows[thread];
    if (own !== undefined) own[steps[row]?.clock[thread] ?? 0] ??= row;
  };
  steps.forEach(({ thread, action }, row) => {
    note(thread, row);
    if (action.kind === "send" && action.partner !== undefined) note(action.partner, row);
  });
  return rows;
}

/** The last step of a thread that happens before the step of this row: its row; null: none does. */
export function lastKnown(witness: Witness, row: number, thread: ThreadId): number | null {
  const count = knows(witness, row, thread);
  if (count === 0) return null;
  for (let at = row - 1; at >= 0; at--) {
    const step = witness.steps[at];
    if (step === undefined || (step.clock[thread] ?? 0) > count) continue;
    if (step.thread === thread || hasPartner(step, thread)) return at;
  }
  return null;
}

/** How many steps of `thread` happen before the step of this row. */
function knows(witness: Witness, row: number, thread: ThreadId): number {
  return witness.steps[row]?.clock[thread] ?? 0;
}

export interface Neighbours {
  readonly incoming: readonly Edge[];
  readonly outgoing: readonly Edge[];
}

export function edgesOf(edges: readonly Edge[], row: number): Neighbours {
  return {
    incoming: edges.filter((it) => it.to === row),
    outgoing: edges.filter((it) => it.from === row),
  };
}
