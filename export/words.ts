import type { ExplorationSummary } from "../protocol/finding.js";
import type { Step, Witness } from "../protocol/witness.js";
import { waitPhrase } from "../webview/model/labels.js";
import { badgeOf, headline, waitSentence } from "../webview/model/story.js";

// What several formats say alike.

/** The entry as people call it: without the path of its package. */
export function shortEntry({ schedule }: Pick<Witness, "schedule">): string {
  return (
    schedule.entry
      .split("/")
      .at(-1)
      ?.replace(/\$entry$/, "") ?? ""
  );
}

/** What this schedule shows, as one text. */
export function storyText(witness: Witness): string {
  return oneLine(
    headline(witness)
      .map((it) => it.text)
      .join(""),
  );
}

/** How much was looked at, as a sentence. */
export function badgeText(exploration: ExplorationSummary | null, witness: Witness): string {
  return badgeOf(exploration === null ? [] : [exploration], witness).long;
}

/** A line without line breaks or other control characters; they come from values of the program. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

/** A thread that begins to wait. */
export interface Wait {
  readonly thread: number;
  /** `waits for lock b`. */
  readonly phrase: string;
  /** The same as a sentence, with where and who is in the way. */
  readonly text: string;
}

/** Who begins to wait with this step, and why; unless the step says so itself. */
export function newlyBlocked(witness: Witness, index: number): readonly Wait[] {
  const step: Step | undefined = witness.steps[index];
  const before = witness.steps[index - 1]?.blocked ?? [];
  const said = step !== undefined && /\ba?waits\b/.test(step.text) ? step.thread : null;
  return (step?.blocked ?? [])
    .filter(
      (it) =>
        it.thread !== said && !before.some((b) => b.thread === it.thread && b.reason === it.reason),
    )
    .map((it) => ({
      thread: it.thread,
      phrase: oneLine(waitPhrase(it.reason)),
      text: oneLine(`${waitSentence(witness, it)}.`),
    }));
}
