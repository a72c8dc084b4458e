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

/** How far the search is. */
export interface Figures {
  readonly ends: Ends;
  /** Keys of those that are known. */
  readonly failures: readonly string[];
  /** Executions that may still be run. */
  readonly left: number;
  /** How many orders there seem to be. */
  readonly orders: number | null;
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
  /** What the others were asked for. */
  #task: CrewTask | null = null;
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
    this.dismiss();
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

  /** Asks for others when it is time; whether some have come. Null: the search is not to be split. */
  due(search: OptimalSearch, mode: SplitMode, figures: () => Figures): (() => boolean) | null {
    const crew = this.#crew;
    if (crew === undefined || this.#dropped || mode.time !== "quiet") return null;
    if (this.#job.program.language !== "go") return null;
    const since = Date.now();
    return () => {
      if (!this.#plain || Date.now() - since < crew.aloneMillis) return false;
      if (!search.exact || search.tally().blocked > 0) return false;
      if (this.#task === null && isWorthIt(figures())) this.#gather(crew, mode, figures());
      return this.#task !== null && crew.called && crew.members() > 0;
    };
  }

  /** What is known then stays so in the round: whatever comes later is kept apart. */
  #gather(crew: Crew, { assumptions, visible }: SplitMode, { ends, failures }: Figures): void {
    const { entry, limits } = this.#job;
    this.#task = {
      entry,
      depth: limits.depth,
      visible: [...visible],
      assumptions,
      ends: ends.knownKeys(),
      failures,
    };
    crew.gather(this.#task);
  }

  /** Nobody has to come any more. */
  dismiss(): void {
    if (this.#task !== null) this.#crew?.dismiss();
    this.#task = null;
  }

  /** Goes on with the search together with those who have come. Executions: at most. */
  run(search: OptimalSearch, ends: Ends, most: number): SplitOutcome {
    const crew = present(this.#crew, "a crew");
    const task = present(this.#task, "a task for it");
    const { program } = this.#job;
    const audit = new Audit(program, task, ends, this.failures);
    const makeMachine = (): Machine => this.#makeMachine(program);
    const stopped = this.#stopped;
    this.#leader = new Leader({ task, audit, makeMachine, crew, stopped, most }, search);
    const end = this.#leader.run();
    const executions = audit.executions + this.executions;
    this.#leader = null;
    this.dismiss();
    if (end === "spoilt") {
      this.#dropped = true;
      this.spoiler = audit.spoiler ?? [];
      this.failures.clear();
    }
    return { end, executions, timed: audit.timed };
  }
}

function isWorthIt({ ends, left, orders }: Figures): boolean {
  const run = ends.executions;
  if (orders !== null && orders - run < leastLeft * run) return false;
  return run + left >= leastRoom * Math.max(orders ?? 0, run);
}
