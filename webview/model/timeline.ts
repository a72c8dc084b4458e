import type { Step, Witness } from "../../protocol/witness.js";
import { type Lane, lanesOf } from "./lanes.js";

// Witness → what is drawn. Rows are steps, in the order of the schedule; lanes are threads. Row
// numbers are indices of steps. Nothing here knows pixels.

/** How the schedule came to this row's thread. */
export type Switch =
  | "none"
  /** The thread before could not go on. */
  | "forced"
  /** The thread before could have gone on: this is where schedules differ. */
  | "preempted";

export interface Row {
  readonly step: Step;
  readonly index: number;
  readonly switched: Switch;
  readonly mark: "race" | "failure" | null;
  /** What went wrong would have without this step. */
  readonly aside: boolean;
}

export interface Timeline {
  readonly rows: readonly Row[];
  readonly lanes: readonly Lane[];
  /** Rows in which it goes wrong, ascending. */
  readonly marked: readonly number[];
  /** Rows of the two accesses that nothing orders. */
  readonly race: readonly [number, number] | null;
  readonly switches: number;
  /** Whether its steps are in more than one file, so that the number of a line does not say where it is. */
  readonly severalFiles: boolean;
}

export function layOut(witness: Witness): Timeline {
  const race = witness.outcome.kind === "race" ? ordered(witness.outcome.steps) : null;
  const marked = markedRows(witness);
  const mark = race === null ? "failure" : "race";
  let switches = 0;
  const rows = witness.steps.map((step, index): Row => {
    const switched = switchBefore(witness.steps[index - 1], step);
    if (switched !== "none") switches += 1;
    return {
      step,
      index,
      switched,
      mark: marked.includes(index) ? mark : null,
      aside: !step.essential,
    };
  });
  return {
    rows,
    lanes: lanesOf(witness),
    marked,
    race,
    switches,
    severalFiles: inSeveralFiles(witness),
  };
}

function inSeveralFiles({ steps }: Witness): boolean {
  const first = steps.find(({ span }) => span.uri !== "")?.span.uri;
  return steps.some(({ span }) => span.uri !== "" && span.uri !== first);
}

function ordered([a, b]: readonly [number, number]): readonly [number, number] {
  return a <= b ? [a, b] : [b, a];
}

function switchBefore(previous: Step | undefined, step: Step): Switch {
  if (previous === undefined || previous.thread === step.thread) return "none";
  return step.enabled.some((it) => it.thread === previous.thread) ? "preempted" : "forced";
}

function markedRows({ outcome, steps }: Witness): readonly number[] {
  const rows =
    outcome.kind === "race"
      ? ordered(outcome.steps)
      : outcome.kind === "panic" || outcome.kind === "assertion"
        ? [outcome.step]
        : [];
  return [...new Set(rows)].filter((it) => it < steps.length);
}
