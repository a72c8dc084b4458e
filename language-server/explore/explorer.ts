import type {
  ExplorationProgress,
  ExplorationSummary,
  OutcomeKind,
} from "../../protocol/finding.js";
import type {
  Contrast,
  Outcome,
  PortableSchedule,
  Schedule,
  ScheduleSize,
  Stale,
} from "../../protocol/witness.js";
import type { CancelToken } from "../base/cancel.js";
import type { FuncId, Program } from "../ir/ir.js";
import type { Crew } from "./crew.js";
import type { MadeUp } from "./vm/machine.js";

export interface Limits {
  readonly executions: number;
  /** Steps of one execution. */
  readonly depth: number;
  readonly millis: number;
}

/** Some thread's step at a place as in `Found.places`. `thread` tells those of one order apart, and means nothing else. */
export interface OrderedStep {
  readonly thread: number;
  readonly place: string;
}

/** A search as plain data, because it crosses a thread boundary. */
export interface ExploreJob {
  readonly program: Program;
  readonly entry: FuncId;
  readonly limits: Limits;
  /** Pairs of places, as in `Found.places`, that static analysis suspects: they are looked at first. */
  readonly candidates: readonly (readonly [string, string])[];
  /** A schedule that does these steps one after the other is tried before the others. */
  readonly orders?: readonly (readonly OrderedStep[])[];
  /** To be shown in the order of their places. */
  readonly between?: readonly Between[];
  /** Schedules of an earlier version of the program that failed: tried first. */
  readonly previous?: readonly PortableSchedule[];
  /** Nothing but those: there is no search. */
  readonly previousOnly?: boolean;
}

/** Accesses of one object: a look, another thread's write and what comes of the look. */
export interface Between {
  /** As in `Schedule.visible`. */
  readonly places: readonly [look: string, other: string, act: string];
  readonly accesses: "read write write" | "read write read" | "write write read";
}

/** How a running exploration is told to stop, and tells how far it is. Polled between any two steps. */
export interface Control extends CancelToken {
  /** Called now and then. Waits inside while the exploration is paused. */
  report(progress: ExplorationProgress): void;
  /** Other threads that may take part in a search. */
  readonly crew?: Crew;
}

/** One bad outcome (or, of kind "ok", one that was asked for by `ExploreJob.between`), kept once per kind and code positions, with the best schedule for it. */
export interface Found {
  readonly kind: OutcomeKind;
  /** Places in the code that tell this finding from others, as `uri:line:column`, sorted. */
  readonly places: readonly string[];
  readonly schedule: Schedule;
  readonly outcome: Outcome;
  readonly size: ScheduleSize;
  readonly contrast: Contrast | null;
  /** Of a race: a run in which the write is not seen, and that ends as no order of the steps does. */
  readonly stale: Stale | null;
  /** One plain sentence. */
  readonly message: string;
  /** What it rests on that came from outside. */
  readonly madeUp: MadeUp | null;
}

export interface Exploration {
  readonly summary: ExplorationSummary;
  readonly found: readonly Found[];
  /** The first execution: no preemption, in the order of the program; drawn when nothing bad was found. */
  readonly natural: Schedule;
  /** What each schedule of `ExploreJob.previous` shows again, in their order; null: nothing of the kind. */
  readonly again?: readonly (Found | null)[];
}

/** Nobody stops it, and nobody asks. */
export const uncontrolled: Control = {
  cancelled: false,
  report: () => undefined,
};
