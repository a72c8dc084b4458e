// The only place of the benchmarks that knows how the explorer is called.

import { getHeapStatistics } from "node:v8";
import type { OutcomeKind } from "../../protocol/finding.js";
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

/** There is no search to call. */
export class NotConnected extends Error {
  override readonly name = "NotConnected";
}

/** Explores a program once. */
export function explore(job: Job): Result {
  return measured(() => {
    throw new NotConnected(`no search explores function ${job.entry}`);
  });
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
