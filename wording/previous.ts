import type { ExplorationSummary } from "../protocol/finding.js";
import type { PreviousVerdict } from "../protocol/witness.js";
import { orders } from "./verdict.js";

/** What became of a schedule that failed before an edit, for people; claims no more than was looked at. */
export function previousText(
  verdict: PreviousVerdict,
  { outcomes }: Pick<ExplorationSummary, "outcomes">,
): string {
  switch (verdict.kind) {
    case "still fails":
      return `still fails: ${verdict.message}`;
    case "no longer applies":
      return `no longer applies: ${verdict.problem}`;
    case "fixed": {
      const seen = orders(verdict.executions);
      if (!verdict.complete) return `fixed in the ${seen} looked at`;
      const others = outcomes.some((it) => it.kind !== "ok");
      const verb = verdict.executions === 1 ? "fails" : "fail";
      return `fixed: 0 of ${seen} ${verb}${others ? " like this" : ""}`;
    }
  }
}
