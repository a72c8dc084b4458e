// Lesson 19: One thread is not one step
//
// JavaScript has one thread, and between two awaits nobody else runs. But at each await everybody
// may: what was read before it can be out of date after it.
//
// Goal: Both deposits arrive.
// Find: stale-snapshot
// Fix: Read and write the balance without an await in between.
// Hint: In what order does a += await b read a and wait for b?
// Keep: prints "balance: 130"
// Keep: main as it is
// Keep: appendToLedger as it is

class Account {
  balance = 100;

  async deposit(amount: number): Promise<void> {
    this.balance += await appendToLedger(amount);
  }
}

async function appendToLedger(amount: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, amount));
  return amount;
}

async function main(): Promise<void> {
  const account = new Account();
  await Promise.all([account.deposit(10), account.deposit(20)]);
  console.log(`balance: ${account.balance}`);
}

void main();
