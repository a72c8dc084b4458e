// What one worker does when. A task that has several pages on their way at once (the event loop) has a lane for each.

export type LaneState = "idle" | "fetching" | "waiting";

/** A stretch of time, in milliseconds since the crawl began, in which a lane did one thing. */
export interface LaneSpan {
  readonly state: Exclude<LaneState, "idle">;
  readonly from: number;
  readonly to: number;
  /** The page, or what was waited for. */
  readonly what: string;
  readonly mark: LaneMark | null;
}

/** How a fetch went if it went wrong. */
export type LaneMark = "duplicate" | "failed";

export interface Lane {
  readonly task: number;
  /** Which of the task's pages on their way; 0 unless it has several. */
  readonly slot: number;
  readonly state: LaneState;
  readonly since: number;
  readonly what: string;
  readonly duplicate: boolean;
  readonly ended: boolean;
  readonly fetches: number;
  readonly fetchMillis: number;
  readonly waitMillis: number;
  /** The latest ones, oldest first. */
  readonly spans: readonly LaneSpan[];
  /** Until when spans are left out; 0 when all are there. */
  readonly keptFrom: number;
}

/** Spans that a lane keeps; the oldest go first. */
export const mostSpans = 256;

export function newLane(task: number, slot: number, at: number): Lane {
  return {
    task,
    slot,
    state: "idle",
    since: at,
    what: "",
    duplicate: false,
    ended: false,
    fetches: 0,
    fetchMillis: 0,
    waitMillis: 0,
    spans: [],
    keptFrom: 0,
  };
}

export function begins(lane: Lane, state: LaneState, what: string, at: number): Lane {
  return { ...settled(lane, at, null), state, what, duplicate: false };
}

/** What it did is over at this time. */
export function settled(lane: Lane, at: number, mark: LaneMark | null): Lane {
  const { state, since, what, spans, keptFrom, fetchMillis, waitMillis, fetches } = lane;
  const idle: Lane = { ...lane, state: "idle", since: at, what: "", duplicate: false };
  if (state === "idle") return idle;
  const span = { state, from: since, to: at, what, mark: lane.duplicate ? "duplicate" : mark };
  const [oldest] = spans;
  const full = spans.length >= mostSpans && oldest !== undefined;
  const more = { spans: [...(full ? spans.slice(1) : spans), span] as const };
  const kept = full ? oldest.to : keptFrom;
  const millis = at - since;
  return state === "fetching"
    ? { ...idle, ...more, keptFrom: kept, fetches: fetches + 1, fetchMillis: fetchMillis + millis }
    : { ...idle, ...more, keptFrom: kept, waitMillis: waitMillis + millis };
}

/** Lanes that are drawn. */
export const mostLanes = 16;

/** The busiest lanes in the order of their tasks, and how many there are besides. */
export function busiest(
  lanes: Iterable<Lane>,
  tasks: number,
): { readonly shown: readonly Lane[]; readonly more: number } {
  const all = [...lanes].filter((it) => it.spans.length > 0 || it.state !== "idle");
  const shown = all
    .sort((a, b) => workOf(b) - workOf(a) || a.task - b.task || a.slot - b.slot)
    .slice(0, mostLanes)
    .sort((a, b) => a.task - b.task || a.slot - b.slot);
  // A task without a lane any more was not among the busiest.
  return { shown, more: Math.max(0, Math.max(tasks, all.length) - shown.length) };
}

/** One that fetches counts before all that wait or are over. */
function workOf(lane: Lane): number {
  return lane.fetchMillis + (lane.state === "fetching" ? 1 : 0) + lane.waitMillis / 1e6;
}
