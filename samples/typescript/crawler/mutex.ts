// The crawler with a mutex: a task per link, and one lock around "was it fetched? now it is".
// A WaitGroup tells each page when all its links are done, so the start knows when the crawl is.

import { Mutex, WaitGroup } from "happens-before/go";
import { fetchPage } from "./site.js";

type FetchPage = (url: string) => Promise<readonly string[]>;

class State {
  readonly #mu = new Mutex();
  readonly fetched = new Set<string>();

  /** Whether the page was begun before; it is now. */
  async testAndSet(url: string): Promise<boolean> {
    await this.#mu.lock();
    const before = this.fetched.has(url);
    this.fetched.add(url);
    this.#mu.unlock();
    return before;
  }
}

async function visit(url: string, fetchPage: FetchPage, state: State): Promise<void> {
  if (await state.testAndSet(url)) return;
  const done = new WaitGroup();
  for (const link of await fetchPage(url)) done.go(() => visit(link, fetchPage, state));
  await done.wait();
}

export async function crawl(start: string, fetchPage: FetchPage): Promise<number> {
  const state = new State();
  await visit(start, fetchPage, state);
  return state.fetched.size;
}

if (import.meta.main) console.log(await crawl("/", fetchPage), "pages");
