import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Witness } from "../../protocol/witness.js";
import { type Geometry, geometryOf, visibleRows } from "../model/geometry.js";
import { orderEdges } from "../model/order.js";
import type { Timeline } from "../model/timeline.js";
import { Drawing } from "./drawing.js";
import { LaneHeads } from "./lane-heads.js";
import { useLitInSight } from "./lit-in-sight.js";
import { StepRow } from "./step-row.js";
import { StuckRow, stuckThreads } from "./stuck-row.js";

interface Props {
  readonly witness: Witness;
  readonly timeline: Timeline;
  readonly row: number;
  /** Rows of the line the editor's cursor is on. */
  readonly lit: ReadonlySet<number>;
  readonly allArrows: boolean;
  readonly go: (row: number, focus: boolean) => void;
}

/** Lanes as columns, steps as rows: a real grid for keyboards and screen readers, with the drawing behind it. */
export function Grid({ witness, timeline, row, lit, allArrows, go }: Props): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useView(scroller);
  const geometry = useMemo(
    () => geometryOf(view.width, timeline.lanes.length),
    [view.width, timeline.lanes.length],
  );
  const edges = useMemo(() => orderEdges(witness), [witness]);
  const window = visibleRows(geometry, timeline.rows.length, view.top, view.height);
  useKeepInSight(scroller, row, geometry, timeline, view.height);
  useLitInSight(scroller, lit, geometry);
  const stuck = stuckThreads(witness);
  return (
    <div
      class={`grid ${geometry.form} ${roomOf(geometry)}`}
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Steps of the schedule, one lane per thread"
      aria-rowcount={timeline.rows.length + 1}
      aria-activedescendant={timeline.rows.length > 0 ? `step-${row}` : undefined}
    >
      <LaneHeads witness={witness} timeline={timeline} geometry={geometry} row={row} />
      <div
        class="rows"
        role="rowgroup"
        style={{
          height: `${(timeline.rows.length + (stuck.length > 0 ? 1 : 0)) * geometry.rowHeight}px`,
          width: `${geometry.width}px`,
        }}
      >
        <Drawing
          witness={witness}
          timeline={timeline}
          geometry={geometry}
          edges={edges}
          window={window}
          row={row}
          allArrows={allArrows}
        />
        {timeline.rows.slice(window.from, window.to).map((it) => (
          <StepRow
            key={it.index}
            witness={witness}
            timeline={timeline}
            geometry={geometry}
            row={it}
            here={it.index === row}
            lit={lit.has(it.index)}
            go={go}
          />
        ))}
        {stuck.length === 0 ? null : (
          <StuckRow witness={witness} timeline={timeline} geometry={geometry} stuck={stuck} />
        )}
      </div>
    </div>
  );
}

/** How much the common text column of the graph form can hold. */
function roomOf({ form, textWidth }: Geometry): "" | "tight" | "roomy" {
  if (form === "columns") return "";
  return textWidth < 330 ? "tight" : textWidth >= 430 ? "roomy" : "";
}

interface View {
  readonly width: number;
  readonly height: number;
  readonly top: number;
}

/** Size and scroll position of the element, kept up to date. */
function useView(element: { readonly current: HTMLDivElement | null }): View {
  const [view, setView] = useState<View>({ width: 600, height: 400, top: 0 });
  useLayoutEffect(() => {
    const it = element.current;
    if (it === null) return undefined;
    const measure = (): void => {
      const next = { width: it.clientWidth, height: it.clientHeight, top: it.scrollTop };
      setView((old) =>
        old.width === next.width && old.height === next.height && old.top === next.top ? old : next,
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(it);
    it.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      it.removeEventListener("scroll", measure);
    };
  }, [element]);
  return view;
}

/** Scrolls so that the row at the cursor is seen, with its partner in the race if both fit. */
function useKeepInSight(
  scroller: { readonly current: HTMLDivElement | null },
  row: number,
  geometry: Geometry,
  timeline: Timeline,
  /** Of the scroller: when it changes, what was in sight may no longer be. */
  room: number,
): void {
  useEffect(() => {
    const it = scroller.current;
    if (it === null) return;
    const head = it.firstElementChild?.clientHeight ?? 0;
    const height = room - head;
    const h = geometry.rowHeight;
    const partner = timeline.race?.find((other) => other !== row);
    const both = timeline.race?.includes(row) === true && partner !== undefined;
    const least = both ? Math.min(row, partner) : row;
    const most = both ? Math.max(row, partner) : row;
    const fits = (most - least + 3) * h <= height;
    const top = ((fits ? least : row) - 1) * h;
    const bottom = ((fits ? most : row) + 2) * h;
    if (top < it.scrollTop) it.scrollTop = Math.max(0, top);
    else if (bottom > it.scrollTop + height) it.scrollTop = bottom - height;
  }, [scroller, row, geometry, timeline, room]);
}
