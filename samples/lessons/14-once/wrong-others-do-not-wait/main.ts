// Lesson 14: Once
//
// Both tasks need the connection, and whoever comes first is to open it. Each can find it closed
// before the other has opened it.
//
// Goal: The connection is opened once, and nobody goes on before it is open.
// Find: panic "opened twice"
// Fix: Let exactly one open it and the others wait for that.
// Hint: new Once(): await once.do(open) calls it the first time and waits for it otherwise.
// Keep: prints "both are served"
// Keep: starts 2 goroutines
// Keep: main as it is
// Keep: open as it is
// Keep: serve as it is

import { Mutex, Once, Semaphore, WaitGroup } from "happens-before/go";

const mu = new Mutex();
const once = new Once();
const line = new Semaphore(1);
let isOpen = false;
let begun = false;

async function connect(): Promise<void> {
  await mu.lock();
  const known = begun;
  begun = true;
  mu.unlock();
  if (!known) await open();
}

async function open(): Promise<void> {
  if (!line.tryAcquire()) throw new Error("opened twice");
  await mu.lock();
  isOpen = true;
  mu.unlock();
}

async function serve(): Promise<void> {
  await connect();
  await mu.lock();
  const ready = isOpen;
  mu.unlock();
  if (!ready) throw new Error("not open yet");
}

async function main(): Promise<void> {
  const done = new WaitGroup();
  done.go(serve);
  done.go(serve);
  await done.wait();
  console.log("both are served");
}

await main();
