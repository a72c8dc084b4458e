import type { Blocked, Step, Witness } from "../../protocol/witness.js";
import { fileAndLine } from "../../wording/place.js";
import { labelOf, lineLabel, threadName, waitPhrase } from "../../webview/model/labels.js";
import type { Lane } from "../../webview/model/lanes.js";
import type { Row, Timeline } from "../../webview/model/timeline.js";
import { newlyBlocked, oneLine } from "../words.js";
import type { Point } from "./paths.js";
import { type Run, widthOf } from "./words.js";

// Where things stand: rows downwards, lanes side by side. `columns`: each lane has its own text; `graph`: lanes are bare
// bars, and the text of every step stands in one column beside them.

export const rowHeight = 28;

export interface Grid {
  readonly form: "columns" | "graph";
  /** Left edges of the lanes, and behind the last one where they end. */
  readonly lefts: readonly number[];
  /** From a lane's left edge to the middle of its bar. */
  readonly bar: number;
  /** Where the text column of `graph` begins. */
  readonly textLeft: number;
  /** Right end of the places. */
  readonly right: number;
  readonly places: number;
}

export const gutter = 44;
const mostColumns = 1180;
const [leastLane, mostLane] = [168, 330];

/** Room from a lane's left edge to its text. */
export const textInset = 38;

export function gridOf(witness: Witness, timeline: Timeline): Grid {
  const places = Math.min(190, widest(60, witness.steps.map(placeWidth)));
  const widths = timeline.lanes.map((it) => laneWidth(witness, timeline, it));
  const sum = widths.reduce((a, b) => a + b, 0);
  if (gutter + sum + places <= mostColumns) return columns(widths, places);
  const lane = Math.max(16, Math.min(26, Math.floor(420 / widths.length)));
  const textLeft = gutter + lane * widths.length + 12;
  return {
    form: "graph",
    lefts: Array.from({ length: widths.length + 1 }, (_, index) => gutter + lane * index),
    bar: lane / 2,
    textLeft,
    right: textLeft + 520 + places,
    places,
  };
}

function columns(widths: readonly number[], places: number): Grid {
  const lefts = [gutter];
  for (const it of widths) lefts.push((lefts.at(-1) ?? 0) + it);
  const end = lefts.at(-1) ?? gutter;
  return {
    form: "columns",
    lefts,
    bar: 22,
    textLeft: end,
    right: Math.max(620, end + places),
    places,
  };
}

function placeWidth(step: Step): number {
  return widthOf([{ face: "code", text: placeOf(step) }]) + 18;
}

export function placeOf({ span }: Pick<Step, "span">): string {
  return span.uri === "" ? "" : oneLine(fileAndLine(span));
}

/** As wide as its longest text, within bounds. */
function laneWidth(witness: Witness, { rows }: Timeline, { thread }: Lane): number {
  const { outcome } = witness;
  const stuck = "blocked" in outcome ? outcome.blocked.filter((it) => it.thread === thread) : [];
  const own = rows.filter((it) => it.step.thread === thread);
  const texts = own.map((it) => widthOf(runsOf(witness, it)) + (it.mark === null ? 0 : 46));
  const waits = witness.steps.flatMap((_, index) =>
    newlyBlocked(witness, index).flatMap((it) =>
      it.thread === thread ? [widthOf([{ face: "aside", text: it.phrase }])] : [],
    ),
  );
  const head = widthOf([{ face: "value", text: threadName(witness, thread) }]) + 90;
  const ends = stuck.map((it) => widthOf([{ face: "plain", text: stuckPhrase(it) }]));
  const room = widest(head, [...texts, ...waits, ...ends]) + textInset + 14;
  return Math.min(mostLane, Math.max(leastLane, room));
}

/** Of lists too long to be arguments. */
function widest(least: number, list: readonly number[]): number {
  return list.reduce((a, b) => Math.max(a, b), least);
}

/** Why a thread is stuck in the end. */
export function stuckPhrase({ reason, span }: Blocked): string {
  return oneLine(`stuck: ${waitPhrase(reason)} (${lineLabel(span)})`);
}

/** What a step did, in the pieces that are set in different type. */
export function runsOf(witness: Witness, { step }: Row): readonly Run[] {
  const { verb, object, value } = labelOf(witness, step);
  const runs: readonly Run[] = [
    { face: "plain", text: verb },
    { face: "code", text: oneLine(object) },
    { face: "value", text: oneLine(value) },
  ];
  return runs.filter((it) => it.text !== "");
}

/** Middle of a lane's bar. */
export function laneX(grid: Grid, lane: number): number {
  return (grid.lefts[lane] ?? 0) + grid.bar;
}

/** Middle of a row. */
export function rowY(row: number): number {
  return (row + 0.5) * rowHeight;
}

export function nodeAt(grid: Grid, row: Row): Point {
  return { x: laneX(grid, row.step.thread), y: rowY(row.index) };
}

/** Class of the lane's colour. */
export function laneColor(lane: number): string {
  return `l${(lane % 8) + 1}`;
}
