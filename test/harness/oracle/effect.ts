import type { Touch } from "./occurrence.js";

/** What an operation did. */
export interface Effect {
  readonly label: number;
  readonly touches: readonly Touch[];
  readonly partner?: number;
  readonly partnerLabel?: number;
  readonly spawned?: number;
  readonly wokenBy?: number;
  /** The thread has not gone past its operation: it fell asleep. */
  readonly stays?: boolean;
}
