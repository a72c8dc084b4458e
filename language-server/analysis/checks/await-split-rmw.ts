import { reportAwaitUpdates } from "../await-report.js";
import type { Check } from "../check.js";

export const awaitSplitRmw: Check = {
  code: "await-split-rmw",
  language: "ts",
  doc: {
    title: "an update is split by an await",
    text: `One expression reads a variable or property, awaits, and writes it back: in \`total += await price()\` the old value of \`total\` is read before the wait.
Other calls run during the wait, and what they wrote is overwritten.
Await first, into a local variable, and update afterwards in one go.`,
    bad: `let total = 0;

async function price(item: string): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return item.length;
}

async function add(item: string): Promise<void> {
  total += await price(item);
}

await Promise.all([add("tea"), add("milk")]);
console.log(total);
`,
    good: `let total = 0;

async function price(item: string): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return item.length;
}

async function add(item: string): Promise<void> {
  const cost = await price(item);
  total += cost;
}

await Promise.all([add("tea"), add("milk")]);
console.log(total);
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportAwaitUpdates(pass, false);
  },
};
