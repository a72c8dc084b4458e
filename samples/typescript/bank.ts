// Two deposits run at the same time and one of them is lost: each reads the balance, waits for the
// ledger, and writes back what it read plus its own amount.

class Account {
  balance = 100;

  async deposit(amount: number): Promise<void> {
    const before = this.balance;
    await appendToLedger(amount);
    this.balance = before + amount;
  }
}

async function appendToLedger(amount: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, amount));
}

async function main(): Promise<void> {
  const account = new Account();
  await Promise.all([account.deposit(10), account.deposit(20)]);
  console.log(`balance: ${account.balance}`); // 130 was expected
}

void main();
