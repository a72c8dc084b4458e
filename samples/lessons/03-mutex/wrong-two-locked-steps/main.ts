// Lesson 3: A lock around what belongs together
//
// Whether there is enough and that it is taken are two steps. In TypeScript that imports
// happens-before/go tasks are goroutines: another may come between any two steps.
//
// Goal: Of two withdrawals of 60 from 100, one is refused.
// Find: lost-update
// Fix: One lock around the question and the act.
// Hint: new Mutex(), and between await mu.lock() and mu.unlock() nobody else is in there. A return
//   on the way out must unlock too.
// Keep: prints "balance: 40"
// Keep: starts 2 goroutines
// Keep: main as it is

import { Mutex, WaitGroup } from "happens-before/go";

class Account {
  readonly mu = new Mutex();
  balance = 100;

  async withdraw(amount: number): Promise<void> {
    await this.mu.lock();
    const enough = this.balance >= amount;
    this.mu.unlock();
    if (!enough) return;
    await this.mu.lock();
    this.balance = this.balance - amount;
    this.mu.unlock();
  }
}

async function main(): Promise<void> {
  const account = new Account();
  const done = new WaitGroup();
  for (let i = 0; i < 2; i++) done.go(() => account.withdraw(60));
  await done.wait();
  console.log("balance:", account.balance);
}

await main();
