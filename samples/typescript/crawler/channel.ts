// The crawler with channels: workers share nothing, a coordinator owns the set of pages that were seen.
// It counts the pages that are on their way, and so knows when the crawl is done.

import { chan, go, onReceive, onSend, select } from "happens-before/go";
import { fetchPage } from "./site.js";

type FetchPage = (url: string) => Promise<readonly string[]>;

export async function crawl(start: string, fetchPage: FetchPage, workers: number): Promise<number> {
  const todo = chan<string>();
  const found = chan<readonly string[]>();
  for (let i = 0; i < workers; i++) {
    go(async () => {
      for await (const url of todo) await found.send(await fetchPage(url));
    });
  }
  const seen = new Set([start]);
  const queue = [start];
  let underway = 0;
  while (queue.length > 0 || underway > 0) {
    const [next = ""] = queue;
    await select(
      // Nothing to hand out: this case is never ready.
      onSend(queue.length > 0 ? todo : null, next, () => {
        queue.shift();
        underway++;
      }),
      onReceive(found, (links = []) => {
        underway--;
        for (const link of links) {
          if (seen.has(link)) continue;
          seen.add(link);
          queue.push(link);
        }
      }),
    );
  }
  todo.close();
  return seen.size;
}

if (import.meta.main) console.log(await crawl("/", fetchPage, 2), "pages");
