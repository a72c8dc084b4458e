import type { JSX } from "preact";
import type { Witness } from "../../protocol/witness.js";
import { type Geometry, laneX, rowY, type RowWindow } from "../model/geometry.js";
import { objectName } from "../model/labels.js";
import { type Edge, edgesOf } from "../model/order.js";
import type { Lane, LaneSpan, Timeline } from "../model/timeline.js";
import { laneClass, lanePath } from "./icons.js";

interface Props {
  readonly witness: Witness;
  readonly timeline: Timeline;
  readonly geometry: Geometry;
  readonly edges: readonly Edge[];
  readonly window: RowWindow;
  readonly row: number;
  readonly allArrows: boolean;
}

/** The picture behind the text: bars, locks, switches, arrows, and the pair that races. */
export function Drawing(props: Props): JSX.Element {
  const { timeline, geometry, window } = props;
  const height = timeline.rows.length * geometry.rowHeight;
  return (
    <svg class="drawing" width={geometry.width} height={height} aria-hidden="true">
      <defs>
        <pattern
          id="hatch"
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class="hatch-ground" width="5" height="5" />
          <rect class="hatch-line" width="2" height="5" />
        </pattern>
        {["order", "race", "spawn"].map((it) => (
          <marker
            key={it}
            id={`head-${it}`}
            class={`head ${it}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
            markerUnits="userSpaceOnUse"
          >
            <path d="M0 0.500 8 4 0 7.500Z" />
          </marker>
        ))}
      </defs>
      {timeline.lanes.map((it) => (
        <LaneBars key={it.thread} lane={it} {...props} />
      ))}
      <Baton timeline={timeline} geometry={geometry} window={window} />
      <Arrows {...props} />
      {timeline.rows.slice(window.from, window.to).map(({ step, index, mark, aside }) => (
        <g
          key={index}
          class={`node ${laneClass(step.thread)}${index === props.row ? " here" : ""}${aside ? " aside" : ""}`}
          transform={`translate(${laneX(geometry, step.thread)} ${rowY(geometry, index)})`}
        >
          {mark === null ? null : <circle class="ring" r="10" />}
          <path d={lanePath(step.thread, geometry.laneWidth < 22 ? 4 : 5.2)} />
        </g>
      ))}
      <RacePair timeline={timeline} geometry={geometry} />
    </svg>
  );
}

function LaneBars({
  lane,
  geometry,
  window,
  witness,
  timeline,
}: Props & { readonly lane: Lane }): JSX.Element {
  const x = laneX(geometry, lane.thread);
  const h = geometry.rowHeight;
  const inSight = (it: { from: number; to: number }): boolean =>
    it.to >= window.from && it.from < window.to;
  const spawner = timeline.rows[lane.spawnRow]?.step.thread;
  const lockX = (slot: number): number => x - (geometry.laneWidth < 22 ? 6 : 10) - slot * 5;
  return (
    <g class={laneClass(lane.thread)}>
      {lane.spans.filter(inSight).map((it) => (
        <Bar key={it.from} span={it} x={x} h={h} />
      ))}
      {spawner === undefined || lane.spans.length === 0 ? null : (
        <path
          class="spawn"
          d={elbow(
            laneX(geometry, spawner),
            rowY(geometry, lane.spawnRow),
            x,
            (lane.spans[0]?.from ?? 0) * h + 7,
            (lane.spawnRow + 1) * h,
          )}
        />
      )}
      {lane.endRow === null ? null : (
        <path class="end" d={`M${x - 6} ${(lane.endRow + 1) * h - 3}h12`} />
      )}
      {lane.locks.filter(inSight).map((it) => (
        <rect
          key={`${it.object}-${it.from}`}
          class={`lock${it.shared ? " shared" : ""}`}
          x={lockX(it.slot) - 1.5}
          y={rowY(geometry, it.from)}
          width="3"
          height={Math.max(h / 2, (it.to - it.from) * h + (it.open ? h / 2 : 0))}
          rx="1.5"
        >
          <title>{objectName(witness, it.object)}</title>
        </rect>
      ))}
    </g>
  );
}

function Bar({
  span,
  x,
  h,
}: {
  readonly span: LaneSpan;
  readonly x: number;
  readonly h: number;
}): JSX.Element {
  const top = span.from * h;
  const length = (span.to - span.from + 1) * h;
  switch (span.state) {
    case "run":
      return <rect class="run" x={x - 3} y={top} width="6" height={length} rx="3" />;
    case "ready":
      return <path class="ready" d={`M${x} ${top + 3}v${length - 6}`} />;
    case "blocked":
      return (
        <rect
          class="blocked"
          x={x - 4}
          y={top + 2}
          width="8"
          height={length - 4}
          rx="2"
          fill="url(#hatch)"
        />
      );
  }
}

/** The line of control: from each step to the next one on another lane. */
function Baton({
  timeline,
  geometry,
  window,
}: Pick<Props, "timeline" | "geometry" | "window">): JSX.Element {
  const lines = timeline.rows.slice(window.from, window.to).flatMap(({ index, step, switched }) => {
    const previous = timeline.rows[index - 1];
    if (switched === "none" || previous === undefined) return [];
    const from = laneX(geometry, previous.step.thread);
    const to = laneX(geometry, step.thread);
    const gap = index * geometry.rowHeight;
    const d = elbow(from, rowY(geometry, index - 1), to, rowY(geometry, index), gap);
    return [<path key={index} class={`baton ${switched}`} d={d} />];
  });
  return <g>{lines}</g>;
}

function Arrows({ witness, geometry, edges, row, allArrows, window }: Props): JSX.Element {
  const { incoming, outgoing } = edgesOf(edges, row);
  const own = new Set([...incoming, ...outgoing]);
  const others = allArrows
    ? edges.filter((it) => !own.has(it) && it.to >= window.from && it.from < window.to)
    : [];
  return (
    <g>
      {others.map((it) => (
        <OrderArrow
          key={`${it.from}-${it.to}`}
          edge={it}
          role="other"
          witness={witness}
          geometry={geometry}
        />
      ))}
      {[...own].map((it) => (
        <OrderArrow
          key={`${it.from}-${it.to}`}
          edge={it}
          role={it.to === row ? "in" : "out"}
          witness={witness}
          geometry={geometry}
        />
      ))}
    </g>
  );
}

interface OrderArrowProps {
  readonly edge: Edge;
  readonly role: "in" | "out" | "other";
  readonly witness: Witness;
  readonly geometry: Geometry;
}

function OrderArrow({ edge, role, witness, geometry }: OrderArrowProps): JSX.Element | null {
  const from = witness.steps[edge.from];
  const to = witness.steps[edge.to];
  if (from === undefined || to === undefined) return null;
  const d = between(
    laneX(geometry, from.thread),
    rowY(geometry, edge.from),
    laneX(geometry, to.thread),
    rowY(geometry, edge.to),
    9,
  );
  return <path class={`order ${role}`} d={d} marker-end="url(#head-order)" />;
}

/** The two accesses that nothing orders, tied by an arrow with two heads. */
function RacePair({
  timeline,
  geometry,
}: Pick<Props, "timeline" | "geometry">): JSX.Element | null {
  const [a, b] = timeline.race ?? [-1, -1];
  const first = timeline.rows[a];
  const second = timeline.rows[b];
  if (first === undefined || second === undefined) return null;
  const d = between(
    laneX(geometry, first.step.thread),
    rowY(geometry, a),
    laneX(geometry, second.step.thread),
    rowY(geometry, b),
    13,
  );
  return (
    <path class="race-arrow" d={d} marker-start="url(#head-race)" marker-end="url(#head-race)" />
  );
}

/**
 * Down from one lane, along the gap between two rows, and down into another lane: never through the
 * text of a row.
 */
function elbow(x1: number, y1: number, x2: number, y2: number, gap: number): string {
  const side = x2 > x1 ? 1 : -1;
  const r = Math.max(0, Math.min(6, Math.abs(x2 - x1) / 2, gap - y1, y2 - gap));
  return [
    `M${x1} ${y1}V${gap - r}`,
    `Q${x1} ${gap} ${x1 + side * r} ${gap}`,
    `H${x2 - side * r}`,
    `Q${x2} ${gap} ${x2} ${gap + r}`,
    `V${y2}`,
  ].join("");
}

/** A bow between two nodes that keeps `gap` pixels off both, so that their marks stay readable. */
function between(x1: number, y1: number, x2: number, y2: number, gap: number): string {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const [ax, ay] = [x1 + ux * gap, y1 + uy * gap];
  const [bx, by] = [x2 - ux * gap, y2 - uy * gap];
  // Bowed towards the side with fewer labels: left of the direction of travel when going right.
  const bow = Math.min(40, length * 0.16) * (dx >= 0 ? 1 : -1);
  const [mx, my] = [(ax + bx) / 2 + uy * bow, (ay + by) / 2 - ux * bow];
  const n = (it: number): number => Math.round(it * 10) / 10;
  return `M${n(ax)} ${n(ay)}Q${n(mx)} ${n(my)} ${n(bx)} ${n(by)}`;
}
