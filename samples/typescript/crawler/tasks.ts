// hb:tasks
// The crawler without a lock once more, read as what it is on the event loop: nothing comes between a test and the set
// after it, for nobody else runs until the next `await`.

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
