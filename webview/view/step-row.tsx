import type { JSX } from "preact";
import type { Witness } from "../../protocol/witness.js";
import { fileWidth, type Geometry } from "../model/geometry.js";
import { fileName } from "../../wording/place.js";
import {
  labelOf,
  lineLabel,
  objectName,
  placeLabel,
  shortened,
  threadName,
} from "../model/labels.js";
import { stepSentence } from "../model/story.js";
import { type Lane, type LaneSpan, spanAt } from "../model/lanes.js";
import type { Row, Timeline } from "../model/timeline.js";
import { Icon, laneClass } from "./icons.js";

interface Props {
  readonly witness: Witness;
  readonly timeline: Timeline;
  /** Its heights are of no concern here. */
  readonly geometry: Geometry;
  readonly row: Row;
  readonly here: boolean;
  readonly lit: boolean;
  /** Matches the search. */
  readonly found: boolean;
  /** Of the row, in pixels, where it does not follow from its number: a label beside rows that are too low for text. */
  readonly top?: number;
  readonly go: (row: number, focus: boolean) => void;
}

/** One step: who did what, on which line, and what the others were doing meanwhile. */
export function StepRow(props: Props): JSX.Element {
  const { witness, timeline, geometry, row, here, lit, found, go } = props;
  const { step, index, switched, mark, aside } = row;
  const classes = [
    "row",
    here ? "here" : "",
    lit ? "lit" : "",
    found ? "found" : "",
    aside ? "aside" : "",
    mark ?? "",
    switched === "none" ? "" : `switch ${switched}`,
  ];
  const px = (it: number): { width: string } => ({ width: `${it}px` });
  return (
    <div
      class={classes.join(" ")}
      id={`step-${index}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={here}
      aria-label={[
        stepSentence(witness, index),
        markWords(timeline, row),
        switchWords(row),
        asideWords(row),
        found ? "Matches the search." : "",
      ]
        .filter((it) => it !== "")
        .join(" ")}
      style={placeOf(props)}
      onClick={() => {
        go(index, false);
      }}
      onDblClick={() => {
        go(index, true);
      }}
    >
      <span class="cell number" role="rowheader" style={px(geometry.gutter)}>
        {switched === "preempted" ? (
          <span class="switch-icon" title={switchWords(row)}>
            <Icon name="swap" />
          </span>
        ) : null}
        {found ? (
          <span class="found-icon" title="Matches the search">
            <Icon name="search" />
          </span>
        ) : null}
        {index + 1}
      </span>
      {timeline.lanes.map((lane) => (
        <LaneCell key={lane.thread} {...props} lane={lane} />
      ))}
      {geometry.form === "graph" ? (
        <span class="cell text" role="gridcell" style={px(geometry.textWidth)}>
          <span class={`who ${laneClass(step.thread)}`}>
            {shortened(threadName(witness, step.thread), 20)}
          </span>
          <What {...props} />
          {startsWaiting(timeline, index).map(({ lane, span }) => (
            <span key={lane.thread} class="waits" title={span.reason}>
              {threadName(witness, lane.thread)} {span.reason}
            </span>
          ))}
        </span>
      ) : null}
      <span class="cell line" role="gridcell" title={`${fileName(step.span.uri)}, ${step.func}`}>
        <span class="ellipsis">
          {timeline.severalFiles && geometry.lineWidth >= fileWidth
            ? placeLabel(witness, step.span)
            : lineLabel(step.span)}
        </span>
      </span>
    </div>
  );
}

/**
 * By its number, which the style sheet multiplies by the height of a row: so a row is the same at every zoom, and zooming
 * renders none again. A label is where it is told to be.
 */
function placeOf({ row, top, geometry }: Props): Readonly<Record<string, string>> {
  return top === undefined
    ? { "--index": `${row.index}` }
    : { top: `${top}px`, height: `${geometry.labelHeight}px` };
}

/** The acting thread's lane says what it does, one that begins to wait says why; others only tell screen readers. */
function LaneCell(props: Props & { readonly lane: Lane }): JSX.Element {
  const { witness, lane, geometry, row } = props;
  const style = { width: `${geometry.laneWidth}px` };
  const words = geometry.form === "columns" ? laneText(props, lane) : null;
  if (words === null) {
    // A label instead of hidden text: there are hundreds of these, and they cost nothing to paint.
    const state = laneWords(lane, row.index);
    const title = heldWords(witness, lane, row.index);
    return (
      <span class="cell lane" role="gridcell" style={style} aria-label={state} title={title} />
    );
  }
  return (
    <span
      class="cell lane"
      role="gridcell"
      style={style}
      title={heldWords(witness, lane, row.index)}
    >
      {words}
    </span>
  );
}

function laneText(props: Props, lane: Lane): JSX.Element | null {
  const { step, index } = props.row;
  if (lane.thread === step.thread) return <What {...props} />;
  const span = waitFrom(lane, index);
  if (span === null) return null;
  return (
    <span class="waits" title={span.reason}>
      <Icon name="wait" />
      <span class="ellipsis">{span.reason}</span>
    </span>
  );
}

function What({ witness, geometry, row }: Props): JSX.Element {
  const { step, mark } = row;
  const { verb, object, value } = labelOf(witness, step);
  const room = geometry.form === "columns" ? geometry.laneWidth : geometry.textWidth;
  const words = room < 190 ? "!" : mark === "race" ? "race" : "fails";
  return (
    <span class={`what${mark === null ? "" : " marked"}`} title={step.text}>
      {mark === null ? null : <span class="mark-word">{words}</span>}
      {overlooks(row) ? <span class="mark-word old">old</span> : null}
      <span class="verb">{verb}</span>
      {object === "" ? null : <code>{object}</code>}
      {value === "" ? null : <code class="value">{value}</code>}
    </span>
  );
}

/** For screen readers: the state that the bar shows. */
function laneWords(lane: Lane, row: number): string | undefined {
  const span = spanAt(lane, row);
  if (span === undefined) return undefined;
  switch (span.state) {
    case "run":
      return "runs";
    case "ready":
      return "ready";
    case "blocked":
      return span.reason;
  }
}

/** Whose bars stand beside the lane: `holds alice and bob`. */
function heldWords(witness: Witness, lane: Lane, row: number): string | undefined {
  const held = lane.locks.filter(({ from, to }) => from <= row && row <= to);
  if (held.length === 0) return undefined;
  const names = held.map((it) => objectName(witness, it.object)).join(" and ");
  return `${threadName(witness, lane.thread)} holds ${names}`;
}

function startsWaiting(timeline: Timeline, row: number): { lane: Lane; span: LaneSpan }[] {
  return timeline.lanes.flatMap((lane) => {
    const span = waitFrom(lane, row);
    return span === null ? [] : [{ lane, span }];
  });
}

/** The wait that begins at a row. */
function waitFrom(lane: Lane, row: number): LaneSpan | null {
  const span = spanAt(lane, row);
  return span?.from === row && span.state === "blocked" ? span : null;
}

function markWords(timeline: Timeline, row: Row): string {
  if (row.mark === null) return "";
  const partner = timeline.race?.find((it) => it !== row.index);
  return partner === undefined ? "Here it fails." : `Races with step ${partner + 1}.`;
}

/** Whether the step reads something else than what was written last; its sentence says what. */
function overlooks({ step: { action } }: Row): boolean {
  return action.kind === "read" && action.stale !== undefined;
}

function asideWords({ aside }: Row): string {
  return aside ? "It would end the same way without this step." : "";
}

function switchWords(row: Row): string {
  switch (row.switched) {
    case "none":
      return "";
    case "forced":
      return "Switched to it because the one before could not go on.";
    case "preempted":
      return "Switched to it although the one before could have gone on.";
  }
}
