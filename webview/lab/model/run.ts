// One crawl, folded from its events: bounded in size however many there are.

import type { CrawlEvent, CrawlResult, FormName } from "../../../protocol/crawl.js";
import { begins, type Lane, type LaneMark, newLane, settled } from "./lane.js";

export type PageState = "found" | "fetching" | "fetched" | "failed" | "redirected";

export interface Page {
  readonly url: string;
  /** Links from the start. */
  readonly depth: number;
  /** Where it was found first; null for the start. */
  readonly from: string | null;
  readonly state: PageState;
  /** How often it was asked for. */
  readonly times: number;
  /** Why it failed, or where it redirects to. */
  readonly note: string;
}

export interface Run {
  readonly form: FormName;
  readonly workers: number;
  readonly start: string;
  /** In the order in which they were found. */
  readonly pages: ReadonlyMap<string, Page>;
  /** Found, but more than are kept. */
  readonly unlisted: number;
  readonly lanes: ReadonlyMap<string, Lane>;
  /** Tasks that were started, the one that began the crawl not counted. */
  readonly tasks: number;
  /** When the latest event was. */
  readonly now: number;
  readonly begun: number;
  readonly underway: number;
  readonly finished: number;
  readonly duplicates: number;
  readonly failed: number;
  readonly skipped: number;
  /** Reason → how many links were not followed for it. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly result: CrawlResult | null;
}

export const mostPages = 2_500;
/** Lanes that are kept; of those that have ended the ones that fetched least go first. */
export const mostKeptLanes = 256;
/** Pages that a task has on its way and that have a lane each; the others have none. */
const mostSlots = 64;
const mostReasons = 12;

export function newRun(form: FormName, workers: number, start: string): Run {
  return {
    form,
    workers,
    start,
    pages: new Map(),
    unlisted: 0,
    lanes: new Map(),
    tasks: 0,
    now: 0,
    begun: 0,
    underway: 0,
    finished: 0,
    duplicates: 0,
    failed: 0,
    skipped: 0,
    reasons: new Map(),
    result: null,
  };
}

/** Pages that were found and that nobody has asked for yet. */
export function queueOf(run: Run): number {
  return run.pages.size + run.unlisted - run.begun;
}

/** Pages a second; 0 before the first. */
export function speedOf(run: Run): number {
  const { result } = run;
  const [pages, millis] = result === null ? [run.finished, run.now] : [result.pages, result.millis];
  return millis <= 0 ? 0 : (pages * 1000) / millis;
}

/** How long it took, or has taken until now; milliseconds. */
export function millisOf(run: Run): number {
  return run.result?.millis ?? run.now;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
interface Draft extends Omit<Writable<Run>, "pages" | "lanes" | "reasons"> {
  readonly pages: Map<string, Page>;
  readonly lanes: Map<string, Lane>;
  readonly reasons: Map<string, number>;
}

/** The run after these events; the one before stays as it is. */
export function fold(run: Run, events: readonly CrawlEvent[]): Run {
  const draft: Draft = {
    ...run,
    pages: new Map(run.pages),
    lanes: new Map(run.lanes),
    reasons: new Map(run.reasons),
  };
  for (const event of events) {
    draft.now = Math.max(draft.now, event.at);
    add(draft, event);
  }
  return draft;
}

function add(run: Draft, event: CrawlEvent): void {
  switch (event.kind) {
    case "found":
      found(run, event.url, event.from);
      return;
    case "fetching":
      asked(run, event);
      return;
    case "fetched":
      arrived(run, event, "fetched", event.cut ? "only its beginning" : "");
      return;
    case "redirected":
      arrived(run, event, "redirected", event.to);
      return;
    case "failed":
      run.failed++;
      arrived(run, event, "failed", event.reason);
      return;
    case "skipped":
      run.skipped++;
      if (run.reasons.has(event.reason) || run.reasons.size < mostReasons)
        run.reasons.set(event.reason, (run.reasons.get(event.reason) ?? 0) + 1);
      return;
    case "started":
      run.tasks++;
      put(run, newLane(event.task, 0, event.at));
      return;
    case "waits":
      change(run, event.task, (it) => begins(it, "waiting", event.reason, event.at), event.at);
      return;
    case "goes-on":
      change(run, event.task, (it) => settled(it, event.at, null), event.at);
      return;
    case "ended":
      change(run, event.task, (it) => ({ ...settled(it, event.at, null), ended: true }), event.at);
  }
}

function found(run: Draft, url: string, from: string | null): void {
  if (run.pages.has(url)) return;
  if (run.pages.size >= mostPages) {
    run.unlisted++;
    return;
  }
  const depth = from === null ? 0 : (run.pages.get(from)?.depth ?? 0) + 1;
  run.pages.set(url, { url, depth, from, state: "found", times: 0, note: "" });
}

function asked(run: Draft, event: Extract<CrawlEvent, { readonly kind: "fetching" }>): void {
  const { task, url, time, at } = event;
  if (time === 1) run.begun++;
  else run.duplicates++;
  run.underway++;
  const page = run.pages.get(url);
  if (page !== undefined) run.pages.set(url, { ...page, state: "fetching", times: time });
  // The lowest lane of the task that has no page on its way.
  let slot = 0;
  while (slot < mostSlots && run.lanes.get(keyOf(task, slot))?.state === "fetching") slot++;
  if (slot === mostSlots) return;
  const lane = run.lanes.get(keyOf(task, slot)) ?? newLane(task, slot, at);
  put(run, { ...begins(lane, "fetching", url, at), duplicate: time > 1 });
}

function arrived(
  run: Draft,
  { task, url, at }: { readonly task: number; readonly url: string; readonly at: number },
  state: PageState,
  note: string,
): void {
  run.underway--;
  run.finished++;
  const page = run.pages.get(url);
  if (page !== undefined) run.pages.set(url, { ...page, state, note });
  const mark: LaneMark | null = state === "failed" ? "failed" : null;
  for (let slot = 0; slot < mostSlots; slot++) {
    const lane = run.lanes.get(keyOf(task, slot));
    if (lane?.state !== "fetching" || lane.what !== url) continue;
    put(run, settled(lane, at, mark));
    return;
  }
}

function change(run: Draft, task: number, to: (lane: Lane) => Lane, at: number): void {
  put(run, to(run.lanes.get(keyOf(task, 0)) ?? newLane(task, 0, at)));
}

function put(run: Draft, lane: Lane): void {
  run.lanes.set(keyOf(lane.task, lane.slot), lane);
  if (run.lanes.size > mostKeptLanes * 2) thin(run);
}

/** Down to as many as are kept: what has ended goes first, then what has fetched least. */
function thin(run: Draft): void {
  const least = [...run.lanes].sort(
    ([, a], [, b]) =>
      Number(b.ended) - Number(a.ended) || a.fetchMillis - b.fetchMillis || a.task - b.task,
  );
  for (const [key] of least.slice(0, run.lanes.size - mostKeptLanes)) run.lanes.delete(key);
}

const keyOf = (task: number, slot: number): string => `${task}.${slot}`;
