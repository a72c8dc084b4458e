import type { Edge } from "./order.js";
import type { Timeline } from "./timeline.js";

/** What the drawing of a schedule is made of. */
export type Mark =
  | "run"
  | "aside"
  | "ready"
  | "wait"
  | "lock"
  | "switch"
  | "forced"
  | "order"
  | "race";

const marks: readonly Mark[] = [
  "run",
  "aside",
  "ready",
  "wait",
  "lock",
  "switch",
  "forced",
  "order",
  "race",
];

export const allMarks: ReadonlySet<Mark> = new Set(marks);

/** Those that occur in a schedule; `edges`: its order. */
export function marksIn(
  { rows, lanes, race }: Timeline,
  edges: readonly Edge[],
): ReadonlySet<Mark> {
  const anyLane = (state: "run" | "ready" | "blocked"): boolean =>
    lanes.some((lane) => lane.spans.some((it) => it.state === state));
  const there: Readonly<Record<Mark, boolean>> = {
    run: anyLane("run"),
    aside: rows.some((it) => it.aside),
    ready: anyLane("ready"),
    wait: anyLane("blocked"),
    lock: lanes.some((it) => it.locks.length > 0),
    switch: rows.some((it) => it.switched === "preempted"),
    forced: rows.some((it) => it.switched === "forced"),
    order: edges.length > 0,
    race: race !== null,
  };
  return new Set(marks.filter((it) => there[it]));
}
