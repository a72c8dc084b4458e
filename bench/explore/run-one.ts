// The only place of the benchmarks that knows how the explorer is called.

import { getHeapStatistics } from "node:v8";
import type { OutcomeKind } from "../../protocol/finding.js";
import { searchAll } from "../../language-server/explore/dpor/adaptive.js";
import type { Execution } from "../../language-server/explore/dpor/execution.js";
import { traceHash } from "../../language-server/explore/dpor/trace-hash.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { FuncId, Program } from "../../language-server/ir/ir.js";

export interface Job {
  readonly program: Program;
  readonly entry: FuncId;
  /** Stop at the first execution that ends badly. */
  readonly untilBug: boolean;
  /** Give up after that much CPU time. */
  readonly cpuSeconds: number;
}

/** What a search counts. */
export interface Counts {
  /** Executions that differ in more than the order of independent steps. */
  readonly traces: number;
  /** All that were begun, with those that turned out to be blocked by a sleep set. */
  readonly executions: number;
  readonly blocked: number;
  /** Complete executions of a trace that had been seen. */
  readonly duplicates: number;
  /** Steps the machine took. */
  readonly events: number;
  /** How many traces ended so. */
  readonly outcomes: Readonly<Partial<Record<OutcomeKind, number>>>;
  /** Nothing was cut. */
  readonly complete: boolean;
}

export interface Result extends Counts {
  /** User and system time of this process. */
  readonly cpuMillis: number;
  readonly firstBugMillis: number | null;
  /** Live and dead objects of V8 at the end. */
  readonly heapMegabytes: number;
}

/** Explores a program; a second time, outside the measurement, to look for traces that are run twice. */
export function explore(job: Job): Result {
  const result = measured((bug) => search(job, bug, () => undefined));
  const seen = new Set<number>();
  let duplicates = 0;
  if (!job.untilBug && result.traces <= mostHashed) {
    search(
      job,
      () => undefined,
      (execution) => {
        const hash = traceHash(execution);
        if (seen.has(hash)) duplicates++;
        seen.add(hash);
      },
    );
  }
  return { ...result, duplicates };
}

/** Traces whose hashes are kept. */
const mostHashed = 300_000;

function search(
  { program, entry, untilBug, cpuSeconds }: Job,
  bug: () => void,
  visit: (execution: Execution) => void,
): Counts {
  const machine = makeMachine(program);
  const start = process.cpuUsage();
  let outcomes: Partial<Record<OutcomeKind, number>> = {};
  let complete = true;
  const { tally } = searchAll(
    { machine, entry, depth: 5000, visible: new Set(), time: "quiet" },
    () => {
      outcomes = {};
      complete = true;
    },
    (it, halt) => {
      visit(it.execution);
      if (halt?.kind !== "finished") {
        complete = false;
        return "go on";
      }
      const { kind } = halt.outcome;
      outcomes[kind] = (outcomes[kind] ?? 0) + 1;
      if (kind !== "ok") bug();
      const late = process.cpuUsage(start).user > cpuSeconds * 1e6;
      if (!late && !(untilBug && kind !== "ok")) return "go on";
      complete = false;
      return "stop";
    },
  );
  const { traces, blocked, events } = tally;
  return {
    traces,
    executions: traces + blocked,
    blocked,
    duplicates: 0,
    events,
    outcomes,
    complete,
  };
}

/** Measures a search, which calls `bug` whenever an execution has ended badly. */
export function measured(search: (bug: () => void) => Counts): Result {
  const start = process.cpuUsage();
  const millis = (): number => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  let firstBugMillis: number | null = null;
  const counts = search(() => {
    firstBugMillis ??= millis();
  });
  const cpuMillis = millis();
  const heapMegabytes = getHeapStatistics().used_heap_size / 2 ** 20;
  return { ...counts, cpuMillis, firstBugMillis, heapMegabytes };
}
