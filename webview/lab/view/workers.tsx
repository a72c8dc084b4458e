import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { duration } from "../model/compare.js";
import { mostLanes } from "../model/lane.js";
import type { Run } from "../model/run.js";
import { type Bar, barsOf, laneName, laneView, type LaneView, laneWords } from "../model/work.js";
import { AsTable } from "./as-table.js";
import { type Colors, usePaint, useWidth } from "./drawing.js";

interface WorkersProps {
  readonly run: Run | null;
  readonly theme: number;
}

/** Height of a lane in pixels; the style sheet says the same. */
const laneHeight = 18;

/** Who does what when. */
export function Workers({ run, theme }: WorkersProps): JSX.Element {
  const [place, width] = useWidth();
  const view = useMemo(() => (run === null ? null : laneView(run)), [run]);
  return (
    <section class="room workers" aria-labelledby="workers-title">
      <h2 id="workers-title">Workers</h2>
      <div class="lane-place">
        <ul class="lane-names">
          {run === null
            ? null
            : view?.lanes.map((it) => <li key={`${it.task}.${it.slot}`}>{laneName(it, run)}</li>)}
        </ul>
        <div class="drawing-place" ref={place}>
          {view === null || run === null || width === 0 ? null : (
            <Lanes view={view} width={width} theme={theme} />
          )}
        </div>
      </div>
      {view === null || run === null ? (
        <p class="dim">A lane for each worker: when it fetches, when it waits.</p>
      ) : (
        <>
          <p class="axis dim">
            <span>{duration(view.from)}</span>
            <span>{duration(view.to)}</span>
          </p>
          <p class="dim more">{moreWords(view, run)}</p>
          <Legend />
          <AsTable title="Workers">{() => <LaneTable view={view} run={run} />}</AsTable>
        </>
      )}
    </section>
  );
}

function moreWords({ more, from }: LaneView, run: Run): string {
  const kind = run.form === "event-loop" ? "requests" : run.form === "mutex" ? "tasks" : "workers";
  const rest = more === 0 ? "" : `The ${mostLanes} busiest; ${more} more ${kind} are not drawn. `;
  return from > 0 ? `${rest}Only the latest is kept of long lanes.` : rest;
}

function Lanes({
  view,
  width,
  theme,
}: {
  readonly view: LaneView;
  readonly width: number;
  readonly theme: number;
}): JSX.Element {
  const height = Math.max(1, view.lanes.length * laneHeight);
  const canvas = usePaint(
    width,
    height,
    (brush, colors) => {
      paintLanes(brush, colors, view.lanes.length, barsOf(view, width), width);
    },
    [view, theme],
  );
  const working = view.lanes.filter((it) => it.state === "fetching").length;
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={`${view.lanes.length} lanes over ${duration(view.to - view.from)}; ${working} fetching now`}
    />
  );
}

/** Fetching is a filled bar, waiting a thin line, idle a row of dots. */
function paintLanes(
  brush: CanvasRenderingContext2D,
  colors: Colors,
  lanes: number,
  bars: readonly Bar[],
  width: number,
): void {
  brush.strokeStyle = colors.waiting;
  brush.lineWidth = 1;
  brush.setLineDash([1, 4]);
  for (let lane = 0; lane < lanes; lane++) {
    const y = middleOf(lane);
    brush.beginPath();
    brush.moveTo(0, y);
    brush.lineTo(width, y);
    brush.stroke();
  }
  brush.setLineDash([]);
  for (const it of bars) paintBar(brush, colors, it);
}

function paintBar(brush: CanvasRenderingContext2D, colors: Colors, bar: Bar): void {
  const y = middleOf(bar.lane);
  if (bar.state === "waiting") {
    brush.fillStyle = colors.waiting;
    brush.fillRect(bar.x, y - 2, bar.width, 3);
    return;
  }
  brush.fillStyle = bar.mark === null ? colors.fetching : colors.bad;
  brush.fillRect(bar.x, y - 6, bar.width, 11);
  if (bar.mark === "failed") {
    // Hollow, so that it differs by more than its colour.
    brush.fillStyle = colors.paper;
    brush.fillRect(bar.x + 1.5, y - 4.5, Math.max(0, bar.width - 3), 8);
  }
  if (bar.mark === "duplicate") brush.fillRect(bar.x - 1, y - 9, 3, 17);
}

const middleOf = (lane: number): number => (lane + 0.5) * laneHeight;

function Legend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend of the lanes">
      <li>
        <i class="key bar-fetching" aria-hidden="true" /> fetching
      </li>
      <li>
        <i class="key bar-failed" aria-hidden="true" /> failed
      </li>
      <li>
        <i class="key bar-twice" aria-hidden="true" /> fetched twice
      </li>
      <li>
        <i class="key bar-waiting" aria-hidden="true" /> waiting for a lock or channel
      </li>
      <li>
        <i class="key bar-idle" aria-hidden="true" /> idle
      </li>
    </ul>
  );
}

function LaneTable({ view, run }: { readonly view: LaneView; readonly run: Run }): JSX.Element {
  return (
    <table class="facts-table">
      <thead>
        <tr>
          <th scope="col">Worker</th>
          <th scope="col">Now</th>
          <th scope="col">Pages</th>
          <th scope="col">Fetching</th>
          <th scope="col">Waiting</th>
        </tr>
      </thead>
      <tbody>
        {view.lanes.map((it) => (
          <tr key={`${it.task}.${it.slot}`}>
            <th scope="row">{laneName(it, run)}</th>
            <td>{laneWords(it)}</td>
            <td>{it.fetches}</td>
            <td>{duration(it.fetchMillis)}</td>
            <td>{duration(it.waitMillis)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
