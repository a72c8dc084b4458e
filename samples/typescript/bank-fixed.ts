// The balance is read and written on the same side of the wait, so no other deposit can come between.

class Account {
  balance = 100;

  async deposit(amount: number): Promise<void> {
    await appendToLedger(amount);
    this.balance += amount;
  }
}

async function appendToLedger(amount: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, amount));
}

async function main(): Promise<void> {
  const account = new Account();
  await Promise.all([account.deposit(10), account.deposit(20)]);
  console.log(`balance: ${account.balance}`); // 130
}

void main();
