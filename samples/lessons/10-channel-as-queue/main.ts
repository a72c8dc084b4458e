// Lesson 10: A channel as a queue, and who closes it
//
// Closing says that nothing more comes. With two senders neither knows that of the other, and who
// sends on a closed channel panics.
//
// Goal: Both send a page, and the loop ends when both are done.
// Find: send-on-closed
// Fix: Close the channel once, when both senders are done.
// Hint: A WaitGroup knows when both are done; somebody has to wait for it who does not read.
// Keep: prints "2 pages"
// Keep: starts 2 goroutines

import { chan, go } from "happens-before/go";

async function main(): Promise<void> {
  const found = chan<string>();
  for (const url of ["/a", "/b"]) {
    go(async () => {
      await found.send(url);
      found.close();
    });
  }
  let pages = 0;
  for await (const _ of found) pages++;
  console.log(pages, "pages");
}

await main();
