// Lesson 12: A signal for everybody
//
// Two goroutines wait for the word to stop. A value that is sent goes to one of them only.
//
// Goal: Both are told to stop, and both stop.
// Find: wait-cycle
// Fix: Tell all who listen, however many they are.
// Hint: A receive from a closed channel returns at once, for everybody.
// Keep: prints "all have stopped"
// Keep: starts 2 goroutines
// Keep: worker as it is

import { type Chan, chan, WaitGroup } from "happens-before/go";

async function worker(quit: Chan<boolean>): Promise<void> {
  await quit.receive();
}

async function main(): Promise<void> {
  const quit = chan<boolean>();
  const done = new WaitGroup();
  done.go(() => worker(quit));
  await quit.send(true);
  await done.wait();
  console.log("all have stopped");
}

await main();
