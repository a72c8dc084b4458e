import { funcOf, spanOf } from "../ir/access.js";
import type { Exploration, ExploreJob } from "./explorer.js";

/** What is known of an entry for whose search there was no time. */
export function unexplored({ program, entry }: ExploreJob): Exploration {
  const { name, span } = funcOf(program, entry);
  return {
    summary: {
      entry: name,
      span: spanOf(program, span),
      executions: 0,
      complete: false,
      limit: "time",
      unsupported: null,
      outcomes: [],
    },
    found: [],
    natural: { program: "", entry: name, visible: [], choices: [] },
  };
}
