// A small made-up web with a cycle, which stops the program when a page is fetched twice.

import { Mutex, sleep } from "happens-before/go";

const links: Readonly<Record<string, readonly string[]>> = {
  "/": ["/a", "/b"],
  "/a": ["/b", "/"],
  "/b": ["/a"],
};

const mu = new Mutex();
const fetched: string[] = [];

export async function fetchPage(url: string): Promise<readonly string[]> {
  await mu.lock();
  const again = fetched.includes(url);
  fetched.push(url);
  mu.unlock();
  if (again) throw new Error(`fetched twice: ${url}`);
  await sleep(1);
  return links[url] ?? [];
}
