import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Timeline } from "../model/timeline.js";
import { laneClass } from "./icons.js";

interface Props {
  readonly timeline: Timeline;
  readonly row: number;
  readonly sentence: string;
  readonly go: (row: number) => void;
}

const height = 22;

/** The whole schedule, left to right: who ran when, where it went wrong, where the cursor is. */
export function Strip({ timeline, row, sentence, go }: Props): JSX.Element {
  const rows = Math.max(1, timeline.rows.length);
  const lanes = Math.max(1, timeline.lanes.length);
  const track = (height - 4) / lanes;
  // The same for every step, and of a long schedule thousands of elements.
  const blocks = useMemo(
    () => (
      <g>
        {runs(timeline).map((it) => (
          <rect
            key={`${it.thread}-${it.from}`}
            class={laneClass(it.thread)}
            x={it.from}
            width={it.to - it.from + 1}
            y={2 + it.thread * track}
            height={Math.max(1.5, track - 1)}
          />
        ))}
        {timeline.rows
          .filter((it) => it.mark !== null)
          .map((it) => (
            <rect key={it.index} class="trouble" x={it.index} width={1} y={0} height={height} />
          ))}
      </g>
    ),
    [timeline, track],
  );
  const scrub = (event: PointerEvent): void => {
    if (event.buttons === 0 || !(event.currentTarget instanceof Element)) return;
    const box = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / Math.max(1, box.width)) * rows);
    go(Math.min(rows - 1, Math.max(0, at)));
  };
  return (
    <div
      class="strip"
      role="slider"
      aria-label="Step"
      aria-valuemin={1}
      aria-valuemax={rows}
      aria-valuenow={row + 1}
      aria-valuetext={sentence}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        scrub(event);
      }}
      onPointerMove={scrub}
    >
      <svg viewBox={`0 0 ${rows} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {blocks}
        <rect class="here" x={row} width={1} y={0} height={height} />
      </svg>
    </div>
  );
}

/** Consecutive steps of one thread, as one block. */
function runs(timeline: Timeline): { thread: number; from: number; to: number }[] {
  const found: { thread: number; from: number; to: number }[] = [];
  for (const { step, index } of timeline.rows) {
    const last = found[found.length - 1];
    if (last?.thread === step.thread) last.to = index;
    else found.push({ thread: step.thread, from: index, to: index });
  }
  return found;
}
