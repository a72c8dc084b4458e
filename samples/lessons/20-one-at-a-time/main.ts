// Lesson 20: One instruction at a time is not one step
//
// Some interpreters hold one big lock and hand it over between instructions. So every single
// read and write here is alone, there is no data race, and still an update is lost.
//
// Goal: Two goroutines add 1 each, and n is 2 whatever the order.
// Find: stale-snapshot-write
// Find: prints "n = 1"
// Fix: A lock of your own, held across the switch: from the read to the write.
// Hint: The big lock belongs to the interpreter. What belongs together only you know.
// Keep: prints "n = 2"
// Keep: starts 2 goroutines
// Keep: main as it is
// Keep: load as it is
// Keep: store as it is

import { Mutex, WaitGroup } from "happens-before/go";

const interpreter = new Mutex();
let n = 0;

/** One instruction: the interpreter's lock is held for as long as it takes. */
async function load(): Promise<number> {
  await interpreter.lock();
  const value = n;
  interpreter.unlock();
  return value;
}

async function store(value: number): Promise<void> {
  await interpreter.lock();
  n = value;
  interpreter.unlock();
}

async function add(): Promise<void> {
  const value = await load();
  await store(value + 1);
}

async function main(): Promise<void> {
  const done = new WaitGroup();
  done.go(add);
  done.go(add);
  await done.wait();
  console.log("n =", await load());
}

await main();
