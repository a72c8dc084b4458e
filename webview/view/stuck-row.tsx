import type { JSX } from "preact";
import type { Blocked, Witness } from "../../protocol/witness.js";
import type { Geometry } from "../model/geometry.js";
import { lineLabel, threadName, waitPhrase } from "../model/labels.js";
import type { Timeline } from "../model/timeline.js";
import { Icon, LaneMark } from "./icons.js";

interface Props {
  readonly witness: Witness;
  readonly timeline: Timeline;
  readonly geometry: Geometry;
  readonly stuck: readonly Blocked[];
}

/** Who can never go on, in a deadlock or a leak. */
export function stuckThreads(witness: Witness): readonly Blocked[] {
  const { outcome } = witness;
  return outcome.kind === "deadlock" || outcome.kind === "leak" ? outcome.blocked : [];
}

/** Below the last step: where each stuck thread stays for ever. */
export function StuckRow({ witness, timeline, geometry, stuck }: Props): JSX.Element {
  const px = (it: number): { width: string } => ({ width: `${it}px` });
  const top = timeline.rows.length * geometry.rowHeight;
  return (
    <div
      class="row stuck"
      role="row"
      aria-rowindex={timeline.rows.length + 2}
      style={{ top: `${top}px`, height: `${geometry.rowHeight}px` }}
    >
      <span class="cell number" role="rowheader" style={px(geometry.gutter)}>
        end
      </span>
      {timeline.lanes.map(({ thread }) => {
        const it = stuck.find((b) => b.thread === thread);
        return (
          <span key={thread} class="cell lane" role="gridcell" style={px(geometry.laneWidth)}>
            {it === undefined ? null : <Stuck blocked={it} words={geometry.form === "columns"} />}
          </span>
        );
      })}
      {geometry.form === "graph" ? (
        <span class="cell text" role="gridcell" style={px(geometry.textWidth)}>
          {stuck.map((it) => (
            <span key={it.thread} class="waits" title={waitPhrase(it.reason)}>
              <LaneMark lane={it.thread} />
              {threadName(witness, it.thread)} stuck
            </span>
          ))}
        </span>
      ) : null}
      <span class="cell line" role="gridcell">
        {stuck.map((it) => lineLabel(it.span)).join(" ")}
      </span>
    </div>
  );
}

function Stuck({
  blocked,
  words,
}: {
  readonly blocked: Blocked;
  readonly words: boolean;
}): JSX.Element | null {
  if (!words) return <span class="visually-hidden">stuck: {waitPhrase(blocked.reason)}</span>;
  return (
    <span class="waits" title={waitPhrase(blocked.reason)}>
      <Icon name="lock" />
      <span class="ellipsis">stuck: {waitPhrase(blocked.reason)}</span>
    </span>
  );
}
