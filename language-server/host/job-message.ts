// What crosses between the main thread and the threads that explore.

import type { ExplorationProgress } from "../../protocol/finding.js";
import type { MessagePort } from "node:worker_threads";
import type { CrewTask } from "../explore/crew.js";
import type { Program } from "../ir/ir.js";
import type { ExploreJob, Exploration } from "../explore/explorer.js";
import type { Look, LookJob } from "../explore/play/look.js";

/**
 * What a running job is told, as one shared integer, because a worker that is busy reads no messages. A worker that is
 * paused waits for it to change, and does nothing meanwhile.
 */
export const signals = { run: 0, cancelled: 1, paused: 2 } as const;

/** What a thread is asked to do. */
export type Work =
  | { readonly kind: "explore"; readonly job: ExploreJob }
  | { readonly kind: "look"; readonly job: LookJob };

/** What comes of it, of the same kind. */
export type Done =
  | { readonly kind: "explore"; readonly exploration: Exploration }
  | { readonly kind: "look"; readonly look: Look };

/** Main thread → worker. */
export type WorkMessage = JobMessage | CrewMessage;

export interface JobMessage {
  readonly kind: "job";
  readonly id: number;
  readonly work: Work;
  /** One Int32: one of `signals`. */
  readonly signal: SharedArrayBuffer;
  /** How long a search is at it alone before it is split. */
  readonly aloneMillis: number;
  /** `CrewRequest`s to the main thread, `CrewNews` from it. */
  readonly crew: MessagePort;
}

/** To take part in another worker's job. */
export interface CrewMessage {
  readonly kind: "crew";
  readonly id: number;
  readonly program: Program;
  readonly task: CrewTask;
  readonly member: number;
  readonly board: SharedArrayBuffer;
  /** That of the job. */
  readonly signal: SharedArrayBuffer;
  /** To the leader. */
  readonly leader: MessagePort;
}

/** Worker that has a job → main thread. */
export type CrewRequest =
  | {
      readonly kind: "gather";
      /** The how-manieth crew of the job it is. */
      readonly nth: number;
      readonly task: CrewTask;
      readonly board: SharedArrayBuffer;
    }
  | { readonly kind: "dismiss" };

/** Main thread → worker that has a job. */
export type CrewNews =
  | { readonly kind: "joined"; readonly nth: number; readonly port: MessagePort }
  /** The member's thread has ended. */
  | { readonly kind: "lost"; readonly nth: number; readonly member: number };

/** Worker → main thread. */
export type JobAnswer =
  | { readonly id: number; readonly progress: ExplorationProgress }
  | { readonly id: number; readonly done: Done }
  /** No longer in a crew. */
  | { readonly id: number; readonly left: true }
  | { readonly id: number; readonly error: string };
