import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Witness } from "../../protocol/witness.js";
import type { Geometry } from "../model/geometry.js";
import { lineLabel, shortened, threadName, threadNoun, timersOf } from "../model/labels.js";
import type { Timeline } from "../model/timeline.js";
import { LaneMark, laneClass } from "./icons.js";

interface Props {
  readonly witness: Witness;
  readonly timeline: Timeline;
  readonly geometry: Geometry;
  readonly row: number;
}

/** The head of each lane: its mark, its name, where it was started. Stays while the rows scroll. */
export function LaneHeads({ witness, timeline, geometry, row }: Props): JSX.Element {
  const running = timeline.rows[row]?.step.thread;
  // As many characters as the height that the style sheet gives the upright names has room for.
  const most = window.innerHeight <= 560 ? 9 : geometry.textWidth < 330 ? 13 : 16;
  const timers = useMemo(() => timersOf(witness), [witness]);
  const px = (it: number): { width: string } => ({ width: `${it}px` });
  return (
    <div class="heads" role="row" aria-rowindex={1} style={px(geometry.width)}>
      <span class="head-cell number" role="columnheader" style={px(geometry.gutter)}>
        <span class="visually-hidden">Step</span>
      </span>
      {witness.threads.map((it, thread) => {
        const name = threadName(witness, thread);
        const where = it.spawnedAt === null ? "entry" : `started at ${lineLabel(it.spawnedAt)}`;
        const noun = timers.has(thread) ? "" : `${threadNoun(witness)} `;
        const what = `${noun}${name}, ${where}`;
        return (
          <span
            key={thread}
            class={`head-cell lane ${laneClass(thread)}${thread === running ? " running" : ""}`}
            role="columnheader"
            title={what}
            aria-label={what}
            style={px(geometry.laneWidth)}
          >
            <LaneMark lane={thread} />
            <span class="lane-name">
              {geometry.form === "graph" ? shortened(name, most) : name}
            </span>
            {geometry.form === "columns" && geometry.laneWidth > 210 ? (
              <span class="dim where">{where}</span>
            ) : null}
          </span>
        );
      })}
      {geometry.form === "graph" ? (
        <span class="head-cell text" role="columnheader" style={px(geometry.textWidth)}>
          What it does
        </span>
      ) : null}
      <span class="head-cell line" role="columnheader">
        Line
      </span>
    </div>
  );
}
