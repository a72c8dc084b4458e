// Lesson 7: A semaphore counts
//
// At most two downloads at a time: a semaphore of two slots. Who takes a slot gives it back, on
// every way out, or there is one slot less for ever.
//
// Goal: Three downloads, at most two at a time, and all come to their end.
// Find: deadlock
// Fix: Give the slot back on every way out.
// Hint: Look for a return between acquire and release; try … finally sees all of them.
// Keep: prints "done"
// Keep: starts 3 goroutines
// Keep: main as it is
// Keep: load as it is

import { Semaphore, WaitGroup } from "happens-before/go";

const slots = new Semaphore(3);
const lines = new Semaphore(2);

async function download(url: string): Promise<void> {
  await slots.acquire();
  if (load(url) === "") return;
  slots.release();
}

/** Stands for the network, which has two lines; some pages are not there. */
function load(url: string): string {
  if (!lines.tryAcquire()) throw new Error("more than two at a time");
  lines.release();
  return url === "/gone" ? "" : "page";
}

async function main(): Promise<void> {
  const done = new WaitGroup();
  done.go(() => download("/gone"));
  done.go(() => download("/gone"));
  done.go(() => download("/a"));
  await done.wait();
  console.log("done");
}

await main();
