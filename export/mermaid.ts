// A schedule as mermaid's sequence diagrams, in Markdown, because that is where people paste them. Mermaid reads no more
// than 50,000 characters of a diagram; what is longer becomes several, each of which stands alone.

import type { Step, ThreadId, Witness } from "../protocol/witness.js";
import { lineLabel, outcomeName, threadName } from "../webview/model/labels.js";
import { orderEdges } from "../webview/model/order.js";
import { sizeOf } from "../webview/model/story.js";
import { type Format, written } from "./format.js";
import { badgeText, newlyBlocked, oneLine, shortEntry, storyText } from "./words.js";

/** Characters and messages of one diagram at most. */
export const mostCharacters = 50_000;
export const mostMessages = 500;

/** Characters of one message beyond which only its beginning is shown. */
const longest = 140;

export const mermaidFormat: Format = {
  id: "mermaid",
  label: "Mermaid sequence diagram",
  detail: "in Markdown, as GitHub, GitLab and most wikis draw it",
  extension: "md",
  pasted: true,
  write: ({ witness, exploration }) => {
    const parts = sequenceDiagrams(witness);
    const head = [
      `### ${markdown(outcomeName(witness))} in ${markdown(shortEntry(witness))}`,
      markdown(storyText(witness)),
      markdown(`${sizeOf(witness)} · ${badgeText(exploration, witness)}`),
    ];
    const cut =
      parts.length === 1
        ? []
        : [`The schedule is too long for one diagram: ${parts.length} parts.`];
    const diagrams = parts.flatMap(({ text, from, to }, index) => {
      const fence = `\`\`\`mermaid\n${text}\n\`\`\``;
      const title = `Part ${index + 1} of ${parts.length}: steps ${from + 1} to ${to}`;
      return parts.length === 1 ? [fence] : [title, fence];
    });
    return written(`${[...head, ...cut, ...diagrams].join("\n\n")}\n`);
  },
};

export interface DiagramPart {
  /** Without a line feed at the end. */
  readonly text: string;
  /** Steps, as a half-open range. */
  readonly from: number;
  readonly to: number;
}

/** The whole schedule, in as many diagrams as it takes. */
export function sequenceDiagrams(witness: Witness): readonly DiagramPart[] {
  const head = headLines(witness);
  const known: Known = { messages: messagesOf(witness), held: heldBefore(witness) };
  const ending = endLines(witness);
  const room = mostCharacters - length(head) - length(ending);
  const parts: DiagramPart[] = [];
  let open = partFrom(witness, 0);
  witness.steps.forEach((_, index) => {
    const lines = stepLines(witness, index, known);
    const full = open.lines.length + lines.length + ending.length > mostMessages;
    if (index > open.from && (full || length(open.lines) + length(lines) > room)) {
      parts.push({ text: [...head, ...open.lines].join("\n"), from: open.from, to: index });
      open = partFrom(witness, index);
    }
    open.lines.push(...lines);
  });
  const text = [...head, ...open.lines, ...ending].join("\n");
  return [...parts, { text, from: open.from, to: witness.steps.length }];
}

function length(lines: readonly string[]): number {
  return lines.reduce((sum, it) => sum + it.length + 1, 0);
}

/** A part begins with the locks that are held there. */
function partFrom(witness: Witness, from: number): { readonly from: number; lines: string[] } {
  const lines = witness.threads.flatMap((_, thread) => {
    const last = witness.steps.findLast((it, index) => index < from && it.thread === thread);
    return (last?.held ?? []).map(() => `  activate t${thread}`);
  });
  return { from, lines };
}

/** What is told of the whole schedule once. */
interface Known {
  /** By row of a step that takes a message: the row of the one that gave it. */
  readonly messages: ReadonlyMap<number, number>;
  /** By row: what the thread of the step held before it. */
  readonly held: readonly Step["held"][];
}

function heldBefore({ threads, steps }: Witness): Known["held"] {
  const now: Step["held"][] = threads.map(() => []);
  return steps.map(({ thread, held }) => {
    const before = now[thread] ?? [];
    now[thread] = held;
    return before;
  });
}

function headLines(witness: Witness): readonly string[] {
  const title = `${outcomeName(witness)} in ${shortEntry(witness)}`;
  return [
    "sequenceDiagram",
    `  accTitle: ${escaped(title)}`,
    `  accDescr: ${escaped(storyText(witness))}`,
    ...witness.threads.map(
      (_, thread) => `  participant t${thread} as ${escaped(threadName(witness, thread)) || "?"}`,
    ),
  ];
}

/** As far as the order of events tells. */
function messagesOf(witness: Witness): Known["messages"] {
  const given = new Map<number, number>();
  for (const { from, to } of orderEdges(witness)) {
    const [giver, taker] = [witness.steps[from]?.action, witness.steps[to]?.action];
    if (giver?.kind !== "send" || taker?.kind !== "recv") continue;
    const same = giver.object === taker.object && giver.value === taker.value;
    if (same && giver.partner === undefined) given.set(to, from);
  }
  return given;
}

function stepLines(witness: Witness, index: number, { messages, held }: Known): readonly string[] {
  const step = witness.steps[index];
  if (step === undefined) return [];
  const place = step.span.uri === "" ? "" : ` · ${lineLabel(step.span)}`;
  const said = `${index + 1}. ${saidOf(witness, step)}${place}`;
  const does = arrowOf(witness, step, index, messages);
  const what = `  ${does}: ${escaped(said)}`;
  const marked = isMarked(witness, index)
    ? ["  rect rgba(220, 60, 60, 0.25)", what, "  end"]
    : [what];
  const waits = newlyBlocked(witness, index).map(
    ({ thread, text }) => `  Note over t${thread}: ${escaped(withoutName(witness, thread, text))}`,
  );
  return [...marked, ...lockLines(step, held[index] ?? []), ...waits];
}

/** Who it goes to, where it goes to somebody; else a note over who does it. */
function arrowOf(
  { steps }: Witness,
  { thread, action }: Step,
  index: number,
  messages: Known["messages"],
): string {
  if (action.kind === "spawn") return `t${thread}->>t${action.thread}`;
  if (action.kind === "send" && action.partner !== undefined) {
    return `t${thread}->>t${action.partner}`;
  }
  const from = steps[messages.get(index) ?? -1]?.thread;
  return from === undefined ? `Note over t${thread}` : `t${from}-)t${thread}`;
}

/** The lane says who, so that the sentence need not. */
function saidOf(witness: Witness, step: Step): string {
  return shortened(withoutName(witness, step.thread, oneLine(step.text).trim()));
}

function withoutName(witness: Witness, thread: ThreadId, text: string): string {
  const name = `${threadName(witness, thread)} `;
  return text.startsWith(name) ? text.slice(name.length) : text;
}

function isMarked({ outcome }: Witness, index: number): boolean {
  if (outcome.kind === "race") return outcome.steps.includes(index);
  return "step" in outcome && outcome.step === index;
}

/** Locks are bars on the lane of who has them. */
function lockLines({ thread, held }: Step, before: Step["held"]): readonly string[] {
  const taken = held.filter((it) => !before.includes(it));
  const left = before.filter((it) => !held.includes(it));
  return [
    ...taken.map(() => `  activate t${thread}`),
    ...left.map(() => `  deactivate t${thread}`),
  ];
}

function endLines(witness: Witness): readonly string[] {
  const { outcome, steps } = witness;
  const over = (threads: readonly ThreadId[]): string =>
    [...new Set([Math.min(...threads), Math.max(...threads)])].map((it) => `t${it}`).join(",");
  const note = (threads: readonly ThreadId[], text: string): readonly string[] =>
    threads.length === 0 ? [] : [`  Note over ${over(threads)}: ${escaped(text)}`];
  switch (outcome.kind) {
    case "ok":
      return [];
    case "race": {
      const [a, b] = outcome.steps;
      const threads = outcome.steps.flatMap((it) => steps[it]?.thread ?? []);
      return note(threads, `Nothing orders steps ${a + 1} and ${b + 1}: ${outcomeName(witness)}`);
    }
    case "deadlock":
    case "leak":
    case "livelock":
    case "panic":
    case "assertion": {
      const threads =
        "blocked" in outcome
          ? outcome.blocked.map((it) => it.thread)
          : [steps[outcome.step]?.thread ?? 0];
      return note(threads, `${outcomeName(witness)}: ${shortened(outcome.message)}`);
    }
  }
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Everything that mermaid could read as its own becomes the number of the character; names come from the program. */
function escaped(text: string): string {
  return oneLine(text)
    .replaceAll(/[^\p{L}\p{N} .,()[\]=+*/'"!?·…→↔←–_&-]/gu, (it) => `#${it.codePointAt(0) ?? 32};`)
    .trim();
}

/** The same for Markdown, around the diagrams. What stands in backquotes stays code where these are sure to be pairs. */
export function markdown(text: string): string {
  const line = oneLine(text);
  const parts = line.split("`");
  if (parts.length % 2 === 0 || line.includes("``")) return prose(line);
  return parts.map((it, index) => (index % 2 === 1 ? `\`${it}\`` : prose(it))).join("");
}

function prose(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]#|~$>]/g, (it) => `\\${it}`);
}
