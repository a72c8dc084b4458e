import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Witness } from "../../protocol/witness.js";
import {
  fittingZoom,
  type Geometry,
  geometryOf,
  hasText,
  heightOf,
  visibleRows,
} from "../model/geometry.js";
import { topToSee } from "../model/in-sight.js";
import { rowAt } from "../model/hit.js";
import type { Levels } from "../model/levels.js";
import type { Edge } from "../model/order.js";
import type { PanelEvent, PanelModel } from "../model/store.js";
import type { Timeline } from "../model/timeline.js";
import type { Scene } from "../paint/scene.js";
import { useDragging } from "./dragging.js";
import { LaneCanvas } from "./lane-canvas.js";
import { LaneHeads } from "./lane-heads.js";
import { useLitInSight } from "./lit-in-sight.js";
import { memo } from "./memo.js";
import { usePainted } from "./painted.js";
import { useGlances, useKeepInSight, useSight, useView, useZoomAnchor } from "./scrolling.js";
import type { Sight } from "./sight.js";
import { StepLabels } from "./step-labels.js";
import { StepRow } from "./step-row.js";
import { StuckRow, stuckThreads } from "./stuck-row.js";

interface Props {
  readonly witness: Witness;
  readonly timeline: Timeline;
  readonly levels: Levels;
  readonly edges: readonly Edge[];
  readonly model: PanelModel;
  /** Rows of the line the editor's cursor is on. */
  readonly lit: ReadonlySet<number>;
  readonly sight: Sight;
  readonly go: (row: number, focus: boolean) => void;
  readonly send: (event: PanelEvent) => void;
}

const Heads = memo(LaneHeads);
const Step = memo(StepRow);
const nothing: readonly number[] = [];

/** Lanes as columns, steps as rows: a real grid for keyboards and screen readers, with the drawing behind it. */
export function Grid({
  witness,
  timeline,
  levels,
  edges,
  model,
  lit,
  sight,
  go,
  send,
}: Props): JSX.Element {
  const { row, allArrows } = model;
  const scroller = useRef<HTMLDivElement>(null);
  const { factor } = model.zoom;
  const lanes = timeline.lanes.length;
  const files = timeline.severalFiles;
  const blocked = useMemo(() => stuckThreads(witness), [witness]);
  const { view, measure } = useView(scroller, ({ width, height, head }) => {
    const shown = geometryOf(width, lanes, factor, files);
    return topToSee(timeline, shown, blocked.length, row, { top: 0, height: height - head });
  });
  const geometry = useMemo(
    () => geometryOf(view.width, lanes, factor, files),
    [view.width, lanes, factor, files],
  );
  // What rows and heads see of it does not change with the zoom.
  const columns = useMemo(
    () => geometryOf(view.width, lanes, 1, files),
    [view.width, lanes, files],
  );
  const stuck = useMemo(() => blocked.map((it) => it.thread), [blocked]);
  const rows = timeline.rows.length;
  const height = heightOf(geometry, rows, stuck.length);
  const found = model.search?.rows ?? nothing;
  const scene = useMemo(
    (): Scene => ({ timeline, levels, geometry, edges, stuck, row, allArrows, found }),
    [timeline, levels, geometry, edges, stuck, row, allArrows, found],
  );
  const least = fittingZoom(geometry, rows, stuck.length, view.height - view.head);
  useEffect(() => {
    if (view.height > 0) send({ type: "room", least });
  }, [send, least, view.height]);
  const { top, onWheel } = useZoomAnchor(scroller, geometry, row, measure, send);
  useKeepInSight(scroller, row, geometry, timeline, stuck.length, view);
  const dragging = useDragging(scroller);
  useLitInSight(scroller, lit, geometry);
  useGlances(scroller, model.glance, geometry, row);
  useSight(scroller, geometry, rows, sight);
  const clicked = (event: MouseEvent, focus: boolean): void => {
    const place = event.currentTarget;
    if (!(place instanceof Element) || inRow(event.target)) return;
    const box = place.getBoundingClientRect();
    const at = rowAt(geometry, levels, rows, event.clientX - box.left, event.clientY - box.top);
    if (at !== null) go(at, focus);
  };
  const shared = { witness, timeline, geometry, model, lit, go };
  return (
    <div
      class={`grid ${geometry.form} ${roomOf(geometry)}${hasText(geometry) ? "" : " far"}`}
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Steps of the schedule, one lane per thread"
      aria-rowcount={rows + 1}
      aria-activedescendant={rows > 0 ? `step-${row}` : undefined}
      onWheel={onWheel}
    >
      <Heads witness={witness} timeline={timeline} geometry={columns} row={row} />
      <div
        class="rows"
        role="rowgroup"
        style={{
          height: `${height}px`,
          width: `${geometry.width}px`,
          "--row-height": `${geometry.rowHeight}px`,
        }}
        {...dragging}
        onClick={(event) => {
          clicked(event, false);
        }}
        onDblClick={(event) => {
          clicked(event, true);
        }}
      >
        <LaneCanvas scene={scene} height={height} scroller={scroller} />
        {view.width === 0 ? null : hasText(geometry) ? (
          <StepRows {...shared} columns={columns} top={top ?? view.top} height={view.height} />
        ) : (
          <StepLabels {...shared} height={height} />
        )}
        {blocked.length === 0 ? null : (
          <StuckRow witness={witness} timeline={timeline} geometry={geometry} stuck={blocked} />
        )}
      </div>
    </div>
  );
}

/** Rows answer clicks themselves. */
function inRow(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".row") !== null;
}

export interface RowsProps {
  readonly witness: Witness;
  readonly timeline: Timeline;
  readonly geometry: Geometry;
  readonly model: PanelModel;
  readonly lit: ReadonlySet<number>;
  readonly go: (row: number, focus: boolean) => void;
}

/** The rows in sight, and wherever it is the one at the cursor: it is what a screen reader reads. */
function StepRows(
  props: RowsProps & {
    readonly columns: Geometry;
    readonly top: number;
    readonly height: number;
  },
): JSX.Element {
  const { witness, timeline, geometry, model, lit, go } = props;
  const first = !usePainted();
  const { from, to } = visibleRows(geometry, timeline.rows.length, props.top, props.height, first);
  const rows = timeline.rows.slice(from, to);
  const here = timeline.rows[model.row];
  if (here !== undefined && (here.index < from || here.index >= to)) rows.push(here);
  const found = useMemo(() => new Set(model.search?.rows), [model.search]);
  return (
    <>
      {rows.map((it) => (
        <Step
          key={it.index}
          witness={witness}
          timeline={timeline}
          geometry={props.columns}
          row={it}
          here={it.index === model.row}
          lit={lit.has(it.index)}
          found={found.has(it.index)}
          go={go}
        />
      ))}
    </>
  );
}

/** How much the common text column of the graph form can hold. */
function roomOf({ form, textWidth }: Geometry): "" | "tight" | "roomy" {
  if (form === "columns") return "";
  return textWidth < 330 ? "tight" : textWidth >= 430 ? "roomy" : "";
}
