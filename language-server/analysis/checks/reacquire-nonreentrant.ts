import { spanOf } from "../../ir/access.js";
import type { Check, Pass } from "../check.js";
import { type Taking, takings } from "../facts/async-locks.js";
import { tsCalls } from "../facts/ts-calls.js";

export const reacquireNonreentrant: Check = {
  code: "reacquire-nonreentrant",
  language: "ts",
  doc: {
    title: "a lock is taken again by whoever holds it",
    text: `Code that runs while a lock is held takes the same lock once more, often in a function that it calls.
Neither the locks of \`async-mutex\` nor those of \`navigator.locks\` know who holds them: the second request waits for the first one to be over, which waits for the second.
Split the function: one part that takes the lock, and one that is called with the lock held.`,
    bad: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
let total = 0;

async function add(n: number): Promise<void> {
  await mutex.runExclusive(() => {
    total += n;
  });
}

async function addTwice(n: number): Promise<void> {
  await mutex.runExclusive(async () => {
    await add(n);
    await add(n);
  });
}

await addTwice(2);
console.log(total);
`,
    good: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
let total = 0;

function addLocked(n: number): void {
  total += n;
}

async function addTwice(n: number): Promise<void> {
  await mutex.runExclusive(() => {
    addLocked(n);
    addLocked(n);
  });
}

await addTwice(2);
console.log(total);
`,
    since: "0.2.0",
    severity: "error",
  },
  run: (pass) => {
    const all = pass.get(takings).filter((it) => it.scope === "shared");
    for (const inner of all) {
      const outer = all.find((it) => it.lock === inner.lock && runs(pass, it, inner));
      if (outer !== undefined) report(pass, outer, inner);
    }
  },
};

/** Whether what one holds the lock for comes to the other. */
function runs(pass: Pass, { holding }: Taking, inner: Taking): boolean {
  return holding !== null && pass.get(tsCalls).reachedFrom([holding]).has(inner.func.id);
}

function report(pass: Pass, outer: Taking, inner: Taking): void {
  const { program } = pass;
  const span = spanOf(program, inner.waits);
  const held = spanOf(program, outer.waits);
  pass.report({
    message: `\`${inner.lock}\` is taken again by code that runs while it is held (L${held.start.line + 1}): both wait for ever`,
    primary: { span, message: "waits for the lock to be given back" },
    related: [
      { span: held, message: `\`${inner.lock}\` is held here until the other one is over` },
    ],
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "leak", places: [[span]] },
    subject: { func: inner.func.name, path: inner.lock },
  });
}
