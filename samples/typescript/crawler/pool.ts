// The crawler as a fixed pool: each worker takes a page from the frontier and puts its new links back.
// Who finds the frontier empty waits on a condition: another worker may still bring links. It is over when none works.

import { Cond, Mutex, WaitGroup } from "happens-before/go";
import { fetchPage } from "./site.js";

type FetchPage = (url: string) => Promise<readonly string[]>;

class Frontier {
  readonly #mu = new Mutex();
  readonly #changed = new Cond(this.#mu);
  readonly #queue: string[];
  readonly seen: Set<string>;
  #working = 0;

  constructor(start: string) {
    this.#queue = [start];
    this.seen = new Set([start]);
  }

  /** The next page to fetch; `undefined` when the crawl is over. */
  async next(): Promise<string | undefined> {
    await this.#mu.lock();
    while (this.#working > 0 && this.#queue.length === 0) await this.#changed.wait();
    const url = this.#queue.shift();
    if (url !== undefined) this.#working++;
    this.#mu.unlock();
    return url;
  }

  async finished(links: readonly string[]): Promise<void> {
    await this.#mu.lock();
    this.#working--;
    for (const link of links) {
      if (this.seen.has(link)) continue;
      this.seen.add(link);
      this.#queue.push(link);
    }
    this.#changed.broadcast();
    this.#mu.unlock();
  }
}

export async function crawl(start: string, fetchPage: FetchPage, workers: number): Promise<number> {
  const frontier = new Frontier(start);
  const pool = new WaitGroup();
  for (let i = 0; i < workers; i++) {
    pool.go(async () => {
      for (let url = await frontier.next(); url !== undefined; url = await frontier.next()) {
        await frontier.finished(await fetchPage(url));
      }
    });
  }
  await pool.wait();
  return frontier.seen.size;
}

if (import.meta.main) console.log(await crawl("/", fetchPage, 2), "pages");
