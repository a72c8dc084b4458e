import type { PanelContent } from "../../protocol/webview.js";
import type { Schedule } from "../../protocol/witness.js";
import { endLines, type EndLine } from "../../wording/ends.js";

/** A way in which the program can end, and the witness that shows it, if there is one already. */
export interface EndChoice extends EndLine {
  readonly witness: number | null;
}

/** All ways in which the program can end, the bad ones first. */
export function endChoices({ summary, witnesses }: PanelContent): readonly EndChoice[] {
  return summary.flatMap(endLines).map((line): EndChoice => {
    const schedule = line.end?.schedule ?? null;
    const witness = schedule === null ? -1 : witnessOf({ witnesses }, schedule);
    return { ...line, witness: witness < 0 ? null : witness };
  });
}

/** Index of the witness that is the execution of a schedule; -1: there is none. */
export function witnessOf(
  { witnesses }: Pick<PanelContent, "witnesses">,
  schedule: Schedule,
): number {
  const wanted = nameOf(schedule);
  return witnesses.findIndex((it) => nameOf(it.schedule) === wanted);
}

function nameOf({ entry, visible, choices }: Schedule): string {
  return JSON.stringify([entry, visible, choices]);
}
