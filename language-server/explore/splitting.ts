// When a search is split over a crew, and what of it is kept.

import type { Choice } from "../../protocol/witness.js";
import { present } from "../base/assert.js";
import type { Program } from "../ir/ir.js";
import { Audit, isPlain, Leader, type Crew, type CrewTask, type Together } from "./crew.js";
import type { Assumptions } from "./dpor/adaptive.js";
import type { Execution } from "./dpor/execution.js";
import type { OptimalSearch } from "./dpor/optimal.js";
import type { ExploreJob } from "./explorer.js";
import type { Ends } from "./findings.js";
import { Lines, ranked } from "./least.js";
import type { Machine } from "./vm/machine.js";

/** A search is not split if there seem to be no more orders left than this share of those that were run. */
const leastLeft = 0.5;
/**
 * Nor if the limit is less than so many times the orders that there seem to be, or that were run: guesses are often far
 * too low, and what is done together is void when it comes to the limit.
 */
const leastRoom = 10;

/** How the search of the running round goes about it. */
export interface SplitMode {
  readonly assumptions: Assumptions;
  readonly visible: ReadonlySet<string>;
  readonly time: "quiet" | "any";
}

export interface SplitOutcome {
  readonly end: Together;
  /** Of all together. */
  readonly executions: number;
  /** Somebody waited for time. */
  readonly timed: boolean;
}

export class Splitting {
  readonly #job: ExploreJob;
  readonly #makeMachine: (program: Program) => Machine;
  readonly #crew: Crew | undefined;
  readonly #stopped: () => boolean;
  /** What had to be dropped once is not done together again. */
  #dropped = false;
  /**
   * An execution for which that was: it is looked at in the end if the search alone was cut before it.
   * Empty: there is none.
   */
  spoiler: readonly Choice[] = [];
  /** Failures that came since the search was long, by key. */
  readonly failures = new Lines();
  /** All executions of the round end alike in whatever order their independent steps are run. */
  #plain = true;
  #leader: Leader | null = null;

  constructor(
    job: ExploreJob,
    makeMachine: (program: Program) => Machine,
    crew: Crew | undefined,
    stopped: () => boolean,
  ) {
    this.#job = job;
    this.#makeMachine = makeMachine;
    this.#crew = crew;
    this.#stopped = stopped;
  }

  /** Executions of other threads that are under way. */
  get executions(): number {
    return this.#leader?.executions ?? 0;
  }

  /** A new round of the search. */
  begin(): void {
    this.#plain = true;
    this.failures.clear();
  }

  /** The machine has ended an execution of the search. */
  saw(machine: Machine): void {
    this.#plain &&= isPlain(machine);
  }

  keep(failure: string, execution: Execution): void {
    this.failures.keep(failure, ranked(execution));
  }

  /** Whether the search should be split as soon as that holds; null: not at all. `orders`: how many there seem to be. */
  due(
    search: OptimalSearch,
    { time }: SplitMode,
    figures: () => { readonly run: number; readonly most: number; readonly orders: number | null },
  ): (() => boolean) | null {
    const crew = this.#crew;
    if (crew === undefined || this.#dropped || time !== "quiet") return null;
    if (this.#job.program.language !== "go") return null;
    const since = Date.now();
    return () => {
      if (Date.now() - since < crew.aloneMillis || !this.#plain) return false;
      const { run, most, orders } = figures();
      if (orders !== null && orders - run < leastLeft * run) return false;
      if (most < leastRoom * Math.max(orders ?? 0, run)) return false;
      return search.exact && search.tally().blocked === 0;
    };
  }

  /** Goes on with the search together with whoever has nothing to do. `most`: executions. Counts in the known ends. */
  run(
    search: OptimalSearch,
    { assumptions, visible }: SplitMode,
    { ends, failures }: { readonly ends: Ends; readonly failures: readonly string[] },
    most: number,
  ): SplitOutcome {
    const crew = present(this.#crew, "a crew");
    const { program, entry, limits } = this.#job;
    const task: CrewTask = {
      entry,
      depth: limits.depth,
      visible: [...visible],
      assumptions,
      ends: ends.knownKeys(),
      failures,
    };
    const audit = new Audit(program, task, ends, this.failures);
    const makeMachine = (): Machine => this.#makeMachine(program);
    const stopped = this.#stopped;
    this.#leader = new Leader({ task, audit, makeMachine, crew, stopped, most }, search);
    const end = this.#leader.run();
    const executions = audit.executions + this.executions;
    this.#leader = null;
    if (end === "spoilt") {
      this.#dropped = true;
      this.spoiler = audit.spoiler ?? [];
      this.failures.clear();
    }
    return { end, executions, timed: audit.timed };
  }
}
