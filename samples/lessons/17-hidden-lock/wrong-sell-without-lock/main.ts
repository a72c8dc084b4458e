// Lesson 17: The lock that you do not see
//
// left() takes the lock by itself, which is kind to everybody but to sell(), which holds it
// already. A Mutex does not ask who holds it.
//
// Goal: Two buyers, one book: one of them gets it.
// Find: double-lock
// Fix: Ask for what is left without taking the lock again, and without letting go of it.
// Hint: A function that expects the lock to be held, and one that takes it and calls the first.
// Keep: prints "left: 0"
// Keep: starts 2 goroutines
// Keep: main as it is

import { Mutex, WaitGroup } from "happens-before/go";

class Shop {
  readonly mu = new Mutex();
  books = 1;

  async left(): Promise<number> {
    await this.mu.lock();
    const books = this.books;
    this.mu.unlock();
    return books;
  }

  async sell(): Promise<void> {
    if ((await this.left()) > 0) this.books--;
  }
}

async function main(): Promise<void> {
  const shop = new Shop();
  const done = new WaitGroup();
  done.go(() => shop.sell());
  done.go(() => shop.sell());
  await done.wait();
  console.log("left:", await shop.left());
}

await main();
