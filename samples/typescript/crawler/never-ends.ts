// The crawler with channels, whose coordinator waits for more: nobody counts the pages that are on their way.

import { chan, go } from "happens-before/go";
import { fetchPage } from "./site.js";

const todo = chan<string>(10);
const found = chan<readonly string[]>();
for (let i = 0; i < 2; i++) {
  go(async () => {
    for await (const url of todo) await found.send(await fetchPage(url));
  });
}

const seen = new Set(["/"]);
await todo.send("/");
for await (const links of found) {
  for (const link of links) {
    if (seen.has(link)) continue;
    seen.add(link);
    await todo.send(link);
  }
}
console.log(seen.size, "pages");
