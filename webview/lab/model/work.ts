// Which stretches of the shown lanes are drawn where.

import { type Lane, type LaneMark, type LaneState, busiest } from "./lane.js";
import type { Run } from "./run.js";

export interface Bar {
  readonly lane: number;
  readonly state: Exclude<LaneState, "idle">;
  /** In pixels. */
  readonly x: number;
  readonly width: number;
  readonly mark: LaneMark | null;
}

export interface LaneView {
  readonly lanes: readonly Lane[];
  /** Lanes that are not shown. */
  readonly more: number;
  /** Milliseconds at the left and the right end. */
  readonly from: number;
  readonly to: number;
}

/** The time that all shown lanes have in full. */
export function laneView(run: Run): LaneView {
  const { shown, more } = busiest(run.lanes.values(), run.tasks);
  const from = Math.max(0, ...shown.map((it) => it.keptFrom));
  return { lanes: shown, more, from, to: Math.max(run.now, from + 1) };
}

/** Wide enough to be seen, however short. */
export function barsOf({ lanes, from, to }: LaneView, width: number): readonly Bar[] {
  const x = (at: number): number => ((Math.max(at, from) - from) / (to - from)) * width;
  return lanes.flatMap((lane, index) => {
    const bars = lane.spans
      .filter((it) => it.to >= from)
      .map(({ state, mark, ...it }) => bar(index, state, x(it.from), x(it.to), mark));
    if (lane.state === "idle") return bars;
    const mark = lane.duplicate ? "duplicate" : null;
    return [...bars, bar(index, lane.state, x(lane.since), width, mark)];
  });
}

function bar(
  lane: number,
  state: Bar["state"],
  left: number,
  right: number,
  mark: LaneMark | null,
): Bar {
  return { lane, state, x: left, width: Math.max(1, right - left - 0.5), mark };
}

/** What a lane is called. */
export function laneName({ task, slot }: Lane, run: Run): string {
  if (run.form === "serial") return "main";
  if (run.form === "event-loop") return `request ${slot + 1}`;
  if (task === 0) return run.form === "channel" ? "coordinator" : "main";
  return run.form === "mutex" ? `task ${task}` : `worker ${task}`;
}

/** What it does now. */
export function laneWords({ state, what, ended }: Lane): string {
  if (state === "fetching") return "fetching";
  if (state === "waiting") return `waits for ${what}`;
  return ended ? "ended" : "idle";
}
