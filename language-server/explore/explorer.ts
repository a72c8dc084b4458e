import type { ExplorationSummary, OutcomeKind } from "../../protocol/finding.js";
import type { Outcome, PortableSchedule, Schedule } from "../../protocol/witness.js";
import type { FuncId, Program } from "../ir/ir.js";

export interface Limits {
  readonly executions: number;
  /** Steps of one execution. */
  readonly depth: number;
  readonly millis: number;
}

/** A search as plain data, because it crosses a thread boundary. */
export interface ExploreJob {
  readonly program: Program;
  readonly entry: FuncId;
  readonly limits: Limits;
  /** Schedules of an earlier version of the program that failed: tried first. */
  readonly previous?: readonly PortableSchedule[];
  /** Nothing but those: there is no search. */
  readonly previousOnly?: boolean;
}

/** One bad outcome, kept once per kind and code positions, with the best schedule for it. */
export interface Found {
  readonly kind: OutcomeKind;
  /** Places in the code that tell this finding from others, as `uri:line:column`, sorted. */
  readonly places: readonly string[];
  readonly schedule: Schedule;
  readonly outcome: Outcome;
  /** One plain sentence. */
  readonly message: string;
}

export interface Exploration {
  readonly summary: ExplorationSummary;
  readonly found: readonly Found[];
  /** The first execution: no preemption, in the order of the program; drawn when nothing bad was found. */
  readonly natural: Schedule;
  /** What each schedule of `ExploreJob.previous` shows again, in their order; null: nothing of the kind. */
  readonly again?: readonly (Found | null)[];
}
