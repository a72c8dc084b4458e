// Lesson 5: Two variables, one lock
//
// Each line holds the lock, so there is no data race. But what must hold for the two together
// does not hold in between: whoever looks then sees money that is nowhere.
//
// Goal: The sum is 200 whenever somebody looks.
// Find: panic "money is missing"
// Fix: Move the money in one critical section.
// Hint: A lock is held for as long as what it promises is broken.
// Keep: prints "200 at the end"
// Keep: starts 1 goroutine
// Keep: main as it is

import { Mutex, WaitGroup } from "happens-before/go";

class Bank {
  readonly mu = new Mutex();
  readonly mu2 = new Mutex();
  checking = 100;
  savings = 100;

  async save(amount: number): Promise<void> {
    await this.mu.lock();
    this.checking -= amount;
    this.mu.unlock();
    await this.mu2.lock();
    this.savings += amount;
    this.mu2.unlock();
  }

  async total(): Promise<number> {
    await this.mu.lock();
    await this.mu2.lock();
    const total = this.checking + this.savings;
    this.mu2.unlock();
    this.mu.unlock();
    return total;
  }
}

async function main(): Promise<void> {
  const bank = new Bank();
  const done = new WaitGroup();
  done.go(() => bank.save(30));
  if ((await bank.total()) !== 200) throw new Error("money is missing");
  await done.wait();
  console.log(await bank.total(), "at the end");
}

await main();
