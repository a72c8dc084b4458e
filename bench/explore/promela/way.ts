// One of several ways in which a thread may take a step.

import type { Line } from "./line.js";

/** A way to take the step. */
export interface Way {
  /** Null: always. */
  readonly guard: string | null;
  /** Instead of a guard: how it meets a partner; `pc` is asked for inside. */
  readonly meeting: { readonly text: string; readonly targets: readonly string[] } | null;
  readonly effect: readonly Line[];
  /** `fatal` ends the program at once, without deferred calls. */
  readonly then: "next" | "panic" | "fatal";
}

export const way = (
  guard: string | null,
  effect: readonly Line[],
  then: Way["then"] = "next",
): Way => ({ guard, meeting: null, effect, then });
