import type { Op } from "./skeleton.js";
import { merge, type State } from "./state.js";
import type { TokenSets } from "./token-sets.js";

type Deferred = Extract<Op, { readonly kind: "defer" }>;

/** What the data flow through one function knows at a point. */
export interface Flow {
  readonly state: State;
  readonly deferred: readonly Deferred[];
}

/** Where two ways meet; `left` itself when the other adds nothing. */
export function mergeFlow(left: Flow, right: Flow, sets: TokenSets): Flow {
  const state = merge(left.state, right.state, sets);
  const missing = right.deferred.filter((it) => !left.deferred.includes(it));
  const deferred = missing.length === 0 ? left.deferred : [...left.deferred, ...missing];
  return state === left.state && deferred === left.deferred ? left : { state, deferred };
}
