// What crosses between the main thread and the threads that explore.

import type { ExplorationProgress } from "../../protocol/finding.js";
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
export interface JobMessage {
  readonly id: number;
  readonly work: Work;
  /** One Int32: one of `signals`. */
  readonly signal: SharedArrayBuffer;
}

/** Worker → main thread. */
export type JobAnswer =
  | { readonly id: number; readonly progress: ExplorationProgress }
  | { readonly id: number; readonly done: Done }
  | { readonly id: number; readonly error: string };
