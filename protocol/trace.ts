import type { ExplorationSummary } from "./finding.js";
import type { Witness } from "./witness.js";

/**
 * A schedule as a file: what happened, and how much of all that can happen was looked at. Described by
 * `docs/schema/trace.schema.json`.
 */
export interface TraceDocument {
  /** Raised whenever a field changes its meaning or goes; new fields may come without that. */
  readonly schema: "happens-before-trace/1";
  readonly witness: Witness;
  /** The search that found it; null: no exploration stands behind it. */
  readonly exploration: ExplorationSummary | null;
}
