// A place between two events of the execution that the search is in, with what is known of how to go on from there.

import type { NodeId } from "./wakeup-tree.js";

/**
 * A plan that is asleep. A weak one (negative) was explored where the reductions are not exact: no sequence leads to all
 * that conflicts with it later, so it says only that it need not be run itself.
 */
export type Asleep = number;

export interface Frame {
  mark: number;
  /** Explored from here already, and not to be tried again until something happens that conflicts. */
  readonly sleep: Asleep[];
  /** How many of `sleep` were asleep before the place was reached; the others were explored from here. */
  inherited: number;
  /** What is to be explored, the one under way first; what was given away keeps its place among them. */
  kids: NodeId;
  /** Everything that may run is to be explored. */
  all: boolean;
  expanded: boolean;
  /** Branches explored to their end. */
  tried: number;
}

export function emptyFrame(): Frame {
  return { mark: 0, sleep: [], inherited: 0, kids: 0, all: false, expanded: false, tried: 0 };
}
