import type { End, ExplorationSummary, OutcomeKind } from "../protocol/finding.js";
import { number, orders } from "./verdict.js";

/** A way in which the program can end, as a line of a list. */
export interface EndLine {
  /** Null for the last line, which stands for all ends that were not kept. */
  readonly kind: OutcomeKind | null;
  readonly label: string;
  /** `12 of 36 orders`. */
  readonly share: string;
  readonly end: End | null;
}

/** How an end is called that has nothing else to tell it by. */
export const endNames: Readonly<Record<OutcomeKind, string>> = {
  ok: "ends",
  race: "ends",
  deadlock: "nobody goes on",
  leak: "ends and leaves somebody behind",
  livelock: "goes on for ever",
  panic: "dies",
  assertion: "fails",
};

/** Characters of a label beyond which only its beginning is shown. */
const longest = 48;

/** The ends of an exploration, those that were only counted together in the last line. */
export function endLines({ ends, executions, complete }: ExplorationSummary): readonly EndLine[] {
  if (ends.length === 0) return [];
  const of = `${orders(executions)}${complete ? "" : " so far"}`;
  const share = (count: number): string => `${number(count)} of ${of}`;
  const kept = ends.reduce((sum, it) => sum + it.executions, 0);
  const lines = ends.map(
    (end): EndLine => ({
      kind: end.kind,
      label: oneLine(end.label),
      share: share(end.executions),
      end,
    }),
  );
  const rest: EndLine = { kind: null, label: "others", share: share(executions - kept), end: null };
  return kept < executions ? [...lines, rest] : lines;
}

/** Without line breaks, and cut where it gets long. */
export function oneLine(label: string): string {
  const flat = label.trim().replaceAll(/\s*\n\s*/g, " | ");
  return flat.length <= longest ? flat : `${flat.slice(0, longest - 1)}…`;
}
