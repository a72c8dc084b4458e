// The forms of the crawler. Their code is that of the samples, which the reader opens and the explorer runs.

import type { FormName } from "../protocol/crawl.js";
import { crawl as channel } from "../samples/typescript/crawler/channel.js";
import { crawl as eventLoop } from "../samples/typescript/crawler/event-loop.js";
import { crawl as mutex } from "../samples/typescript/crawler/mutex.js";
import { crawl as pool } from "../samples/typescript/crawler/pool.js";
import { crawl as serial } from "../samples/typescript/crawler/serial.js";

export type FetchPage = (url: string) => Promise<readonly string[]>;

export interface Form {
  readonly name: FormName;
  /** Pages, each counted once. */
  readonly crawl: (start: string, fetchPage: FetchPage, workers: number) => Promise<number>;
  /** Whether it asks how many workers there are. */
  readonly hasWorkers: boolean;
  /** Whether pages are read in threads of their own. */
  readonly threads: boolean;
}

export const forms: readonly Form[] = [
  { name: "serial", crawl: serial, hasWorkers: false, threads: false },
  { name: "mutex", crawl: mutex, hasWorkers: false, threads: false },
  { name: "pool", crawl: pool, hasWorkers: true, threads: false },
  { name: "channel", crawl: channel, hasWorkers: true, threads: false },
  { name: "event-loop", crawl: eventLoop, hasWorkers: false, threads: false },
  // The pool, each of its workers a thread: only then do pages that cost more than waiting gain by it.
  { name: "threads", crawl: pool, hasWorkers: true, threads: true },
];

export function formNamed(name: string): Form | undefined {
  return forms.find((it) => it.name === name);
}
