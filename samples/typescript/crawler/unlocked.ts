// The crawler without a lock: "was it fetched? now it is" is two steps, and another task can come between them.

import { WaitGroup } from "happens-before/go";
import { fetchPage } from "./site.js";

const fetched = new Set<string>();

async function visit(url: string): Promise<void> {
  if (fetched.has(url)) return;
  fetched.add(url);
  const done = new WaitGroup();
  for (const link of await fetchPage(url)) done.go(() => visit(link));
  await done.wait();
}

await visit("/");
console.log(fetched.size, "pages");
