import { reportAwaitUpdates } from "../await-report.js";
import type { Check } from "../check.js";

export const staleSnapshot: Check = {
  code: "stale-snapshot",
  language: "ts",
  doc: {
    title: "a value read before an await is written back after it",
    text: `A function copies shared state into a variable, awaits, and writes the state again from that copy.
Other calls run during the wait, and what they wrote is overwritten: the update is lost.
Read the state again after the await, keep read and write on the same side of it, or hold a lock around both.`,
    bad: `let balance = 100;

async function deposit(amount: number): Promise<void> {
  const before = balance;
  await new Promise((resolve) => setTimeout(resolve, 10));
  balance = before + amount;
}

await Promise.all([deposit(10), deposit(20)]);
console.log(balance);
`,
    good: `let balance = 100;

async function deposit(amount: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  const before = balance;
  balance = before + amount;
}

await Promise.all([deposit(10), deposit(20)]);
console.log(balance);
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportAwaitUpdates(pass, true);
  },
};
