import type { CrawlEvent, FormName, LabNews } from "../../../protocol/crawl.js";
import { firstChoice, type LabChoice, type ToLab } from "../../../protocol/lab.js";

// Crawls as the lab's thread tells them, made up: the same every time.

export const choice: LabChoice = { ...firstChoice, form: "pool", workers: 4 };

const base = "http://127.0.0.1:1";
export const urlOf = (n: number): string => (n === 0 ? `${base}/` : `${base}/page/${n}`);

/** What `workers` workers tell that fetch `pages` pages, each found on one half its number; every tenth fails. */
export function crawlEvents(pages: number, workers: number): readonly CrawlEvent[] {
  const events: CrawlEvent[] = [{ kind: "found", at: 0, url: urlOf(0), from: null }];
  for (let task = 1; task <= workers; task++) events.push({ kind: "started", at: 0, task });
  for (let page = 0; page < pages; page++) {
    const task = 1 + (page % workers);
    const at = Math.floor(page / workers) * 30 + 1;
    // Everybody who fetches a page has found it a while ago.
    if (page > 0) {
      const from = urlOf(Math.floor((page - 1) / 2));
      events.push({ kind: "found", at: Math.max(0, at - 60), url: urlOf(page), from });
    }
    events.push({ kind: "fetching", at, task, url: urlOf(page), time: 1 });
    const end = { at: at + 20 + (page % 7), task, url: urlOf(page) };
    if (page % 10 === 9) events.push({ kind: "failed", ...end, reason: "status 404" });
    else if (page % 10 === 7) events.push({ kind: "redirected", ...end, to: urlOf(1) });
    else events.push({ kind: "fetched", ...end, bytes: 2_000, cut: false });
    events.push({ kind: "waits", at: end.at + 1, task, reason: "lock" });
    events.push({ kind: "goes-on", at: end.at + 3, task });
  }
  for (let task = 1; task <= workers; task++)
    events.push({ kind: "ended", at: (pages / workers) * 30 + 40, task });
  return events.sort((a, b) => a.at - b.at);
}

/** A whole crawl, in bundles of 50 events. */
export function crawlNews(form: FormName, pages: number, workers: number): readonly LabNews[] {
  const events = crawlEvents(pages, workers);
  const bundles: LabNews[] = [];
  for (let i = 0; i < events.length; i += 50)
    bundles.push({ kind: "events", events: events.slice(i, i + 50) });
  const millis = events.at(-1)?.at ?? 0;
  const failed = events.filter((it) => it.kind === "failed").length;
  return [
    { kind: "began", form, start: urlOf(0), workers },
    ...bundles,
    {
      kind: "result",
      result: {
        form,
        workers,
        millis,
        pages,
        duplicates: 0,
        failed,
        skipped: 0,
        bytes: pages * 2_000,
        end: "done",
      },
    },
  ];
}

/** What the page is sent for a crawl of each form, one after the other. */
export function crawled(forms: readonly FormName[], pages: number): readonly ToLab[] {
  return [
    { type: "choice", choice: { ...choice, form: "all" } },
    { type: "began", work: "run", choice: { ...choice, form: "all" } },
    ...forms.map(
      (form): ToLab => ({
        type: "news",
        news: crawlNews(form, pages, form === "serial" ? 1 : form === "mutex" ? 30 : 4),
      }),
    ),
  ];
}

/** A throughput curve with its knee at 8. */
export function curveNews(form: FormName): ToLab {
  const points = [30, 59, 116, 220, 240, 238].map((throughput, i) => ({
    workers: 2 ** i,
    throughput,
  }));
  return { type: "news", news: [{ kind: "curve", form, points, knee: points[3] ?? null }] };
}
