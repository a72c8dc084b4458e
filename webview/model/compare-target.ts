import type { ExplorationSummary } from "../../protocol/finding.js";
import type { PanelContent } from "../../protocol/webview.js";
import type { Schedule, Witness } from "../../protocol/witness.js";
import { number } from "../../wording/verdict.js";
import { witnessOf } from "./ends.js";

// With what a schedule is compared when nobody says: the nearest passing one, or, where there is none, another end.

export type CompareTarget =
  | { readonly kind: "witness"; readonly witness: number; readonly note: string }
  /** Has to be run first. */
  | { readonly kind: "schedule"; readonly schedule: Schedule; readonly note: string }
  | { readonly kind: "none"; readonly note: string };

export function compareTarget(content: PanelContent, index: number): CompareTarget {
  const witness = content.witnesses[index];
  if (witness === undefined) return { kind: "none", note: "" };
  if (witness.outcome.kind === "ok") return failingTarget(content, index);
  if (witness.contrast !== null) return towards(content, witness.contrast.schedule, "");
  const note = noPassing(witness, content.summary);
  const others = content.summary.flatMap((it) => it.ends.flatMap((end) => end.schedule ?? []));
  const other =
    others.find((it) => it.entry === witness.schedule.entry && isOther(content, index, it)) ??
    content.witnesses.find((_, at) => at !== index)?.schedule;
  return other === undefined ? { kind: "none", note } : towards(content, other, note);
}

/** The failing schedule to which this one is the nearest passing one, else the first failing one. */
function failingTarget({ witnesses }: PanelContent, index: number): CompareTarget {
  const own = JSON.stringify(witnesses[index]?.schedule.choices);
  const nearest = witnesses.findIndex(
    (it) => it.contrast !== null && JSON.stringify(it.contrast.schedule.choices) === own,
  );
  const failing = witnesses.findIndex((it) => it.outcome.kind !== "ok");
  const witness = nearest >= 0 ? nearest : failing;
  if (witness >= 0) return { kind: "witness", witness, note: "" };
  const other = witnesses.findIndex((_, at) => at !== index);
  return other < 0
    ? { kind: "none", note: "There is no other schedule to compare with." }
    : { kind: "witness", witness: other, note: "" };
}

function towards(content: PanelContent, schedule: Schedule, note: string): CompareTarget {
  const witness = witnessOf(content, schedule);
  return witness < 0 ? { kind: "schedule", schedule, note } : { kind: "witness", witness, note };
}

function isOther(content: PanelContent, index: number, schedule: Schedule): boolean {
  return witnessOf(content, schedule) !== index;
}

/** Why a failing schedule has no passing one beside it; claims no more than was looked at. */
export function noPassing({ schedule }: Witness, summaries: readonly ExplorationSummary[]): string {
  const summary = summaryOf(schedule, summaries);
  if (summary === undefined) return "Nothing is known of other orders.";
  const { executions, complete, outcomes } = summary;
  const passing = outcomes.find((it) => it.kind === "ok")?.executions ?? 0;
  if (passing > 0) return "Some orders pass, but none was found that is close to this one.";
  if (!complete) return `None of the ${number(executions)} orders looked at so far passes.`;
  if (executions === 1) return "There is only one order, and it fails.";
  return `Every order fails: all ${number(executions)} were run.`;
}

/** Whether everything was run and nothing passes: then how much was looked at says so already. */
export function everyOrderFails(
  { schedule }: Witness,
  summaries: readonly ExplorationSummary[],
): boolean {
  const summary = summaryOf(schedule, summaries);
  if (summary === undefined || summaries.length > 1) return false;
  return summary.complete && summary.outcomes.every((it) => it.kind !== "ok");
}

/** Of the schedule's own entry: summaries name it for people, without the folder of its package. */
function summaryOf(
  { entry }: Schedule,
  summaries: readonly ExplorationSummary[],
): ExplorationSummary | undefined {
  const short = entry.slice(entry.lastIndexOf("/") + 1).replace(/\$entry$/, "");
  return summaries.find((it) => it.entry === short) ?? summaries[0];
}
