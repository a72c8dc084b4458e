// A schedule as sentences from the first step to the last, nothing left out: what a screen reader reads, and what one
// searches in.

import type { ExplorationSummary } from "../protocol/finding.js";
import type { Witness } from "../protocol/witness.js";
import { fileAndLine } from "../wording/place.js";
import { contrastWords, staleWords } from "../wording/size.js";
import { outcomeName, threadName, threadNoun } from "../webview/model/labels.js";
import { sentence, sizeOf } from "../webview/model/story.js";
import { layOut, type Row } from "../webview/model/timeline.js";
import { type Format, written } from "./format.js";
import { badgeText, newlyBlocked, oneLine, shortEntry, storyText } from "./words.js";

export const transcriptFormat: Format = {
  id: "transcript",
  label: "Transcript",
  detail: "every step as a sentence, for reading aloud and searching",
  extension: "txt",
  pasted: true,
  write: ({ witness, exploration }) => written(transcript(witness, exploration)),
};

/** Ends with a line feed. */
export function transcript(witness: Witness, exploration: ExplorationSummary | null): string {
  const { rows } = layOut(witness);
  const lines = [
    `${outcomeName(witness)} in ${oneLine(shortEntry(witness))}`,
    "",
    storyText(witness),
    `${sizeOf(witness)}.`,
    badgeText(exploration, witness),
    ...[contrastWords(witness), staleWords(witness)]
      .filter((it) => it !== "")
      .map((it) => sentence(it)),
    "",
    `${capital(threadNoun(witness))}s`,
    ...witness.threads.map((_, thread) => `- ${threadText(witness, thread)}`),
    "",
    "Steps",
    ...rows.map((it) => stepText(witness, it)),
    ...endLines(witness),
  ];
  return `${lines.map((it) => oneLine(it)).join("\n")}\n`;
}

function threadText(witness: Witness, thread: number): string {
  const it = witness.threads[thread];
  const at = it?.spawnedAt ?? null;
  const by = it?.spawnedBy ?? null;
  const parent = by === null ? "" : ` by ${threadName(witness, by)}`;
  const start = at === null ? "" : `, started at ${fileAndLine(at)}${parent}`;
  return `${threadName(witness, thread)}${start}`;
}

/** A step as a sentence with its place, and what begins with it. */
export function stepText(witness: Witness, row: Row): string {
  const { step, index } = row;
  const notes = [markText(witness, row), ...newlyBlocked(witness, index).map((it) => it.text)];
  const place = step.span.uri === "" ? "" : ` (${fileAndLine(step.span)})`;
  const said = `${index + 1}. ${step.text.trim()}${place}.`;
  return [said, ...notes.filter((it) => it !== "")].join(" ");
}

function markText({ outcome }: Witness, { mark, index }: Row): string {
  if (mark === null) return "";
  if (outcome.kind !== "race") return "Here it fails.";
  const other = outcome.steps.find((it) => it !== index);
  return other === undefined ? "" : `Races with step ${other + 1}.`;
}

function endLines({ outcome, output }: Witness): readonly string[] {
  const message = "message" in outcome ? ["", `It ends so: ${outcome.message}`] : [];
  const printed = output === "" ? [] : ["", "Printed", ...output.trimEnd().split("\n")];
  return [...message, ...printed];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
