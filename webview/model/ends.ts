import type { PanelContent } from "../../protocol/webview.js";
import type { Choice, Schedule } from "../../protocol/witness.js";
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
  return witnesses.findIndex((it) => sameExecution(it.schedule, schedule));
}

/** Compared piece by piece, because schedules are long and mostly differ at once. */
function sameExecution(a: Schedule, b: Schedule): boolean {
  return (
    a.entry === b.entry &&
    a.choices.length === b.choices.length &&
    a.visible.length === b.visible.length &&
    a.visible.every((it, index) => it === b.visible[index]) &&
    a.choices.every((it, index) => sameChoice(it, b.choices[index]))
  );
}

function sameChoice(a: Choice, b: Choice | undefined): boolean {
  return (
    a.thread === b?.thread &&
    a.arm === b.arm &&
    a.partner === b.partner &&
    a.partnerArm === b.partnerArm
  );
}
