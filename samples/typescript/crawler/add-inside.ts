// Each task counts itself in, after it was started: who waits may find that nobody is there yet.

import { go, Mutex, WaitGroup } from "happens-before/go";
import { fetchPage } from "./site.js";

const mu = new Mutex();
const fetched = new Set<string>();
const pages = new WaitGroup();

async function visit(url: string): Promise<void> {
  pages.add(1);
  await mu.lock();
  const before = fetched.has(url);
  fetched.add(url);
  mu.unlock();
  if (!before) for (const link of await fetchPage(url)) go(() => visit(link));
  pages.done();
}

go(() => visit("/"));
await pages.wait();
await mu.lock();
console.log(fetched.size, "pages");
mu.unlock();
