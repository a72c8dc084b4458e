// The crawler with the lock around the write alone: two tasks test, both find nothing, and both fetch the page.

import { Mutex, WaitGroup } from "happens-before/go";
import { fetchPage } from "./site.js";

const mu = new Mutex();
const fetched = new Set<string>();

async function visit(url: string): Promise<void> {
  if (fetched.has(url)) return;
  await mu.lock();
  fetched.add(url);
  mu.unlock();
  const done = new WaitGroup();
  for (const link of await fetchPage(url)) done.go(() => visit(link));
  await done.wait();
}

await visit("/");
console.log(fetched.size, "pages");
