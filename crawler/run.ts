// One crawl from its start to its end, which it knows: no time-out decides that nothing more comes.

import { Agent } from "undici";
import { observe } from "../library/observer.js";
import type { CrawlEvent, CrawlResult } from "../protocol/crawl.js";
import { download, type Download, type Work } from "./download.js";
import { Fetcher, type Told } from "./fetcher.js";
import type { Form } from "./forms.js";
import { robotsOf } from "./robots.js";
import { countTasks } from "./tasks.js";
import { openThreads } from "./threads/pool.js";
import { normalise } from "./urls.js";

export interface CrawlOptions {
  readonly form: Form;
  readonly start: string;
  readonly workers: number;
  readonly work: Work;
  /** The bundle of `main.ts`; needed by forms that have threads. */
  readonly threadScript: string;
}

/**
 * Crawls. There is one crawl at a time in a thread, as tasks tell an observer of which there is one.
 * @param cancelled ends it within the time a page's connection takes to close
 */
export async function runCrawl(
  options: CrawlOptions,
  tell: (event: CrawlEvent) => void,
  cancelled: AbortSignal,
): Promise<CrawlResult> {
  const { form, workers, work } = options;
  let begin = performance.now();
  const stamped = (event: Told): void => {
    tell({ ...event, at: performance.now() - begin });
  };
  const start = normalise(options.start, options.start) ?? options.start;
  const late = AbortSignal.timeout(work.limits.crawlMillis);
  const over = AbortSignal.any([cancelled, late]);
  const agent = new Agent({ connections: work.limits.connections, pipelining: 1 });
  const threads = form.threads ? await openThreads(options.threadScript, workers, work) : null;
  const tasks = countTasks(stamped);
  observe(tasks.observer);
  const stopThreads = (): void => void threads?.close();
  over.addEventListener("abort", stopThreads);
  try {
    const robots = await robotsOf(start, agent, over);
    begin = performance.now();
    const get = (url: string): Promise<Download> =>
      threads === null ? download(url, agent, work, over) : threads.download(url);
    const fetcher = new Fetcher({
      start,
      limits: work.limits,
      robots,
      cancelled: over,
      download: get,
      tell: stamped,
      task: tasks.current,
    });
    if (robots.allows(start)) {
      await form.crawl(start, (url) => fetcher.fetchPage(url), workers);
    } else stamped({ kind: "skipped", url: start, reason: robots.refusal });
    const end = cancelled.aborted ? "cancelled" : late.aborted ? "too long" : "done";
    const { pages, duplicates, failed, skipped, bytes } = fetcher;
    const millis = performance.now() - begin;
    return { form: form.name, workers, millis, pages, duplicates, failed, skipped, bytes, end };
  } finally {
    over.removeEventListener("abort", stopThreads);
    observe(null);
    await threads?.close();
    await agent.destroy();
  }
}
