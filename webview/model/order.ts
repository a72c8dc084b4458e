import type { Step, ThreadId, Witness } from "../../protocol/witness.js";

// The happens-before order of a witness, read off its vector clocks. `clock[u]` of a step counts the
// steps of thread `u` that happen before it, so an entry that grew since the thread's own previous
// step is an edge from that step of `u`.

/** Rows: `from` happens before `to`, directly, across threads. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

/** Every direct edge between different threads, by target row. */
export function orderEdges(witness: Witness): Edge[] {
  const own: number[][] = witness.threads.map(() => []);
  const last: (readonly number[])[] = witness.threads.map(() => []);
  const edges: Edge[] = [];
  witness.steps.forEach((step, row) => {
    const sources = newlyKnown(step, last[step.thread] ?? [], own);
    for (const it of sources) {
      const implied = sources.some(
        (other) => other !== it && knows(witness, other.from, it.thread) >= it.count,
      );
      if (!implied) edges.push({ from: it.from, to: row });
    }
    own[step.thread]?.push(row);
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
  own: readonly (readonly number[])[],
): readonly Source[] {
  const { clock } = step;
  let found: Source[] | null = null;
  for (let thread = 0; thread < clock.length; thread++) {
    const count = clock[thread] ?? 0;
    if (thread === step.thread || count <= (before[thread] ?? 0)) continue;
    const from = own[thread]?.[count - 1];
    if (from === undefined) continue;
    found ??= [];
    found.push({ thread, count, from });
  }
  return found ?? none;
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
