import type { ThreadId, Witness } from "../../../protocol/witness.js";
import { labelOf, lineLabel, objectName, threadName } from "../labels.js";
import type { Known } from "./paths.js";
import type { Seen, Sight, Visibility, Write } from "./visibility.js";

const words: Readonly<Record<Seen, string>> = {
  sees: "sees",
  may: "may see",
  gone: "no more",
  nobody: "–",
};

export function seenWords(seen: Seen): string {
  return words[seen];
}

/** What was written; of what there was before, as far as the schedule tells. */
export function writeWords({ row, value }: Write): string {
  if (row !== null) return value;
  return value === "" ? "before all writes" : `${value}, at first`;
}

/** What a thread can see of one write, in a sentence. */
export function sightSentence(
  witness: Witness,
  write: Write,
  { seen, known }: Sight,
  thread: ThreadId,
): string {
  const who = threadName(witness, thread);
  const what = write.row === null ? "the first value" : `the write of step ${write.row + 1}`;
  const since =
    known === null ? "" : ` It knows of it since step ${known.row + 1}${way(witness, known)}.`;
  switch (seen) {
    case "sees":
      return `${who} sees ${what} and nothing else.${since}`;
    case "may":
      return known === null && write.row !== null
        ? `${who} may see ${what} or not: nothing orders the two.`
        : `${who} may see ${what}, or that of another write that nothing orders.${since}`;
    case "gone":
      return `${who} cannot see ${what} any more: a newer write hides it.${since}`;
    case "nobody":
      return `${who} does not run at this moment.`;
  }
}

/** `, by: w1 unlocks mu (step 9) → main locks mu (step 12)` */
function way(witness: Witness, { by }: Known): string {
  if (by.length === 0) return "";
  const rows = by.flatMap(({ from, to }) => (from === to ? [from] : [from, to]));
  const told = rows
    .filter((it, index) => it !== rows[index - 1])
    .map((it) => stepWords(witness, it));
  return `, by: ${told.join(" → ")}`;
}

function stepWords(witness: Witness, row: number): string {
  const step = witness.steps[row];
  if (step === undefined) return "";
  const { verb, object } = labelOf(witness, step);
  const what = [threadName(witness, step.thread), verb, object].filter((it) => it !== "");
  return `${what.join(" ")} (step ${row + 1}, ${lineLabel(step.span)})`;
}

/** What a read by the thread would give now. */
export function readWords(visibility: Visibility, thread: ThreadId): string {
  const values = visibility.values[thread] ?? [];
  return values.map((it) => (it === "" ? "the value before" : it)).join(" or ");
}

/** Whose next read is not decided, in one sentence. */
export function summaryOf(witness: Witness, { object, sights, values }: Visibility): string {
  const name = objectName(witness, object);
  const names = values.flatMap((it, thread) =>
    it.length > 1 ? [threadName(witness, thread)] : [],
  );
  if (names.length > 0) return `Nothing decides what ${joined(names)} would read from ${name} now.`;
  const open = sights.some((it) => it.some(({ seen }) => seen === "may"));
  return open
    ? `Everybody who reads ${name} now gets the same, though nothing orders the writes.`
    : `What a read of ${name} gives now is certain for everybody.`;
}

function joined(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}
