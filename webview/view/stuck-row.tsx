import type { JSX } from "preact";
import type { Blocked, Witness } from "../../protocol/witness.js";
import { type Geometry, mostStuck, stuckHeight } from "../model/geometry.js";
import { lineLabel, placeLabel, shortened, threadName, waitPhrase } from "../model/labels.js";
import { circleOf } from "../model/wait-for.js";
import type { Timeline } from "../model/timeline.js";
import { Icon } from "./icons.js";

interface Props {
  readonly witness: Witness;
  readonly timeline: Timeline;
  readonly geometry: Geometry;
  readonly stuck: readonly Blocked[];
}

/** Who can never go on, or goes on for ever, at the end. */
export function stuckThreads(witness: Witness): readonly Blocked[] {
  const { outcome } = witness;
  return "blocked" in outcome ? outcome.blocked : [];
}

/** Who is in the circle is what matters; others only wait besides. */
function circleFirst(stuck: readonly Blocked[]): readonly Blocked[] {
  const circle = circleOf(stuck);
  return [...circle, ...stuck.filter((it) => !circle.includes(it))];
}

/** Below the last step: where each stuck thread stays for ever. */
export function StuckRow({ witness, timeline, geometry, stuck }: Props): JSX.Element {
  const told = circleFirst(stuck).slice(0, mostStuck);
  const px = (it: number): { width: string } => ({ width: `${it}px` });
  const top = timeline.rows.length * geometry.rowHeight;
  return (
    <div
      class="row stuck"
      role="row"
      aria-rowindex={timeline.rows.length + 2}
      style={{ top: `${top}px`, height: `${stuckHeight(geometry, stuck.length)}px` }}
    >
      <span class="cell number" role="rowheader" style={px(geometry.gutter)}>
        end
      </span>
      {timeline.lanes.map(({ thread }) => {
        const it = stuck.find((b) => b.thread === thread);
        return (
          <span key={thread} class="cell lane" role="gridcell" style={px(geometry.laneWidth)}>
            {it === undefined ? null : (
              <Stuck blocked={it} room={geometry.form === "columns" ? geometry.laneWidth : 0} />
            )}
          </span>
        );
      })}
      {geometry.form === "graph" ? (
        <span class="cell text" role="gridcell" style={px(geometry.textWidth)}>
          {told.map((it) => (
            <Waits key={it.thread} witness={witness} blocked={it} />
          ))}
          {stuck.length > mostStuck ? (
            <span class="waits">and {stuck.length - mostStuck} more</span>
          ) : null}
        </span>
      ) : null}
      <span class="cell line" role="gridcell">
        {geometry.form === "graph"
          ? told.map((it) => <span key={it.thread}>{lineLabel(it.span)}</span>)
          : null}
      </span>
    </div>
  );
}

/** `main.func1 waits for lock bob`; its line stands in the column of lines. */
function Waits({
  witness,
  blocked,
}: {
  readonly witness: Witness;
  readonly blocked: Blocked;
}): JSX.Element {
  const name = threadName(witness, blocked.thread);
  const words = waitPhrase(blocked.reason);
  return (
    <span class="waits" title={`${name} ${words} (${placeLabel(witness, blocked.span)})`}>
      {shortened(name, 16)} {words}
    </span>
  );
}

interface StuckProps {
  readonly blocked: Blocked;
  /** Width of the lane's text, 0 where lanes have none. */
  readonly room: number;
}

function Stuck({ blocked, room }: StuckProps): JSX.Element {
  const words = `stuck: ${waitPhrase(blocked.reason)} ${lineLabel(blocked.span)}`;
  if (room === 0) return <span class="visually-hidden">{words}</span>;
  return (
    <span class="waits" title={words}>
      <Icon name="lock" />
      <span class="ellipsis">
        {room < 240 ? `${blocked.reason} ${lineLabel(blocked.span)}` : words}
      </span>
    </span>
  );
}
