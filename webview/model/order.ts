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
  const own = witness.threads.map(() => new Map<number, number>());
  const last: (readonly number[])[] = witness.threads.map(() => []);
  const edges: Edge[] = [];
  witness.steps.forEach((step, row) => {
    const before = last[step.thread] ?? [];
    const sources = step.clock.flatMap((count, thread) => {
      if (thread === step.thread || count <= (before[thread] ?? 0)) return [];
      const from = own[thread]?.get(count);
      return from === undefined ? [] : [{ thread, count, from }];
    });
    for (const it of sources) {
      const implied = sources.some(
        (other) => other !== it && knows(witness, other.from, it.thread) >= it.count,
      );
      if (!implied) edges.push({ from: it.from, to: row });
    }
    number(own, step, row);
    last[step.thread] = step.clock;
  });
  return edges;
}

/** Notes the row as the step of its thread, and of the receiver that it meets. */
function number(own: readonly Map<number, number>[], step: Step, row: number): void {
  const { action, thread } = step;
  const partner = action.kind === "send" ? action.partner : undefined;
  for (const it of partner === undefined ? [thread] : [thread, partner]) {
    const count = ordinalOf(step, it);
    if (own[it]?.has(count) === false) own[it].set(count, row);
  }
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
