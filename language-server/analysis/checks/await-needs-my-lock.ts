import { spanOf } from "../../ir/access.js";
import type { Check } from "../check.js";
import { heldAwaits } from "../facts/held-awaits.js";

export const awaitNeedsMyLock: Check = {
  code: "await-needs-my-lock",
  language: "ts",
  doc: {
    title: "a wait under a lock needs somebody who takes the lock",
    text: `Code that holds a lock waits for a promise, and whoever settles that promise takes the same lock first: both wait for ever.
Wait before taking the lock, or settle the promise without it.`,
    bad: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
const filled = Promise.withResolvers<void>();
const items: string[] = [];

async function take(): Promise<string | undefined> {
  return mutex.runExclusive(async () => {
    await filled.promise;
    return items.pop();
  });
}

async function put(item: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  await mutex.runExclusive(() => {
    items.push(item);
    filled.resolve();
  });
}

const [taken] = await Promise.all([take(), put("tea")]);
console.log(taken);
`,
    good: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
const filled = Promise.withResolvers<void>();
const items: string[] = [];

async function take(): Promise<string | undefined> {
  await filled.promise;
  return mutex.runExclusive(() => items.pop());
}

async function put(item: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  await mutex.runExclusive(() => {
    items.push(item);
    filled.resolve();
  });
}

const [taken] = await Promise.all([take(), put("tea")]);
console.log(taken);
`,
    since: "0.2.0",
    severity: "error",
  },
  run: (pass) => {
    const { program } = pass;
    for (const { holder, func, waits, others } of pass.get(heldAwaits)) {
      const [first] = others;
      if (first === undefined) continue;
      const span = spanOf(program, waits);
      const needs = spanOf(program, first.waits);
      pass.report({
        message: `\`${func.display === "(anonymous)" ? holder.func.display : func.display}\` waits here with \`${holder.lock}\`, and \`${first.func.display}\` (L${needs.start.line + 1}) waits for \`${holder.lock}\`: neither goes on`,
        primary: { span, message: `waits here while it holds \`${holder.lock}\`` },
        related: [
          { span: spanOf(program, holder.waits), message: `\`${holder.lock}\` is taken here` },
          { span: needs, message: `\`${first.func.display}\` waits here for \`${holder.lock}\`` },
        ],
        severity: "error",
        confidence: "possible",
        candidate: {
          outcome: "leak",
          places: others.map((it) => [span, spanOf(program, it.waits)]),
          renames: "defect",
        },
        assumed: true,
        subject: { func: func.name, path: holder.lock },
      });
    }
  },
};
