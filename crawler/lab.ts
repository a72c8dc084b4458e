// The lab's thread: runs what it is told to and tells what happens, in bundles, so that 5,000 events a second are 20 messages.

import type { MessagePort } from "node:worker_threads";
import type { CrawlEvent, CurvePoint, LabNews, LabOrder, SiteChoice } from "../protocol/crawl.js";
import type { Work } from "./download.js";
import { type Form, formNamed } from "./forms.js";
import { guestLimits, siteLimits } from "./limits.js";
import { kneeOf, throughputOf, workerCounts } from "./measure.js";
import { runCrawl } from "./run.js";
import { openSite } from "./site/thread.js";

const bundleMillis = 50;

type Busy = Extract<LabOrder, { readonly kind: "run" | "curve" }>;

interface Place {
  readonly start: string;
  readonly work: Work;
  readonly close: () => Promise<void>;
}

/** @param script the bundle of `main.ts` */
export function startLab(port: MessagePort, script: string): void {
  let stop = new AbortController();
  let running = Promise.resolve();
  const tell = (news: LabNews): void => {
    port.postMessage(news);
  };
  port.on("message", (order: LabOrder) => {
    stop.abort();
    if (order.kind === "stop") return;
    stop = new AbortController();
    const { signal } = stop;
    running = running.then(() => carryOut(order, script, tell, signal));
  });
}

/** Whatever happens, it ends with "over". */
async function carryOut(
  order: Busy,
  script: string,
  tell: (news: LabNews) => void,
  cancelled: AbortSignal,
): Promise<void> {
  try {
    if (cancelled.aborted) return;
    const place = await openPlace(order.site, order.rounds, script);
    try {
      if (order.kind === "run") await runForms(order, place, script, tell, cancelled);
      else await measureCurve(order, place, script, tell, cancelled);
    } finally {
      await place.close();
    }
  } catch (error) {
    tell({ kind: "problem", text: error instanceof Error ? error.message : "unknown" });
  } finally {
    tell({ kind: "over" });
  }
}

async function openPlace(site: SiteChoice, rounds: number, script: string): Promise<Place> {
  if (site.kind === "url") {
    const work = { limits: guestLimits, rounds };
    return { start: site.url, work, close: () => Promise.resolve() };
  }
  const { url, close } = await openSite(script, site.options);
  return { start: url, work: { limits: siteLimits, rounds }, close };
}

async function runForms(
  { forms, workers }: Extract<Busy, { readonly kind: "run" }>,
  place: Place,
  script: string,
  tell: (news: LabNews) => void,
  cancelled: AbortSignal,
): Promise<void> {
  for (const form of forms.map(needed)) {
    if (cancelled.aborted) return;
    tell({ kind: "began", form: form.name, start: place.start, workers });
    const bundle = bundled(tell);
    const options = { form, workers, ...place, threadScript: script };
    try {
      const result = await runCrawl(options, bundle.add, cancelled);
      bundle.flush();
      tell({ kind: "result", result });
    } finally {
      bundle.flush();
    }
  }
}

async function measureCurve(
  { form: name }: Extract<Busy, { readonly kind: "curve" }>,
  place: Place,
  script: string,
  tell: (news: LabNews) => void,
  cancelled: AbortSignal,
): Promise<void> {
  const form = needed(name);
  const points: CurvePoint[] = [];
  for (const workers of workerCounts) {
    const options = { form, workers, ...place, threadScript: script };
    const result = await runCrawl(options, () => undefined, cancelled);
    if (result.end !== "done") return;
    points.push({ workers, throughput: throughputOf(result) });
    const isLast = points.length === workerCounts.length;
    tell({ kind: "curve", form: name, points: [...points], knee: isLast ? kneeOf(points) : null });
  }
}

function needed(name: string): Form {
  const form = formNamed(name);
  if (form === undefined) throw new Error(`there is no crawler called ${name}`);
  return form;
}

interface Bundle {
  readonly add: (event: CrawlEvent) => void;
  readonly flush: () => void;
}

function bundled(tell: (news: LabNews) => void): Bundle {
  let events: CrawlEvent[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (events.length > 0) tell({ kind: "events", events });
    events = [];
  };
  return {
    add: (event) => {
      events.push(event);
      timer ??= setTimeout(flush, bundleMillis);
    },
    flush,
  };
}
