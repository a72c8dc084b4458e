import type { Limit } from "../../protocol/finding.js";
import type { Exploration, ExploreJob } from "./explorer.js";
import { funcOf, spanOf } from "../ir/access.js";

/** The answer for an entry of which no schedule was run, and why. `reason`: what could not be done, if that was it. */
export function nothingExplored(
  { program, entry, limits }: Pick<ExploreJob, "program" | "entry" | "limits">,
  limit: Limit,
  reason: string | null = null,
): Exploration {
  const { name, span: extent } = funcOf(program, entry);
  const span = spanOf(program, extent);
  return {
    summary: {
      entry: name,
      span,
      executions: 0,
      complete: false,
      limit,
      estimate: null,
      sampled: 0,
      depth: limits.depth,
      unsupported: reason === null ? null : { span, reason },
      outcomes: [],
      ends: [],
      search: { blocked: 0, conservative: 0, states: 0 },
    },
    found: [],
    natural: { program: "", entry: name, visible: [], choices: [] },
  };
}
