import type { Check } from "../check.js";
import { unreleased } from "../facts/unreleased.js";
import { reportUnreleased } from "../unreleased-report.js";

export const lockNotReleasedOnThrow: Check = {
  code: "lock-not-released-on-throw",
  language: "ts",
  doc: {
    title: "an error leaves a lock taken",
    text: `Between \`acquire()\` and the release something may throw, and nothing gives the lock back then: everybody after waits for ever.
Release in a \`finally\`, or let \`runExclusive\` do it.`,
    bad: `import { Mutex } from "async-mutex";

const mutex = new Mutex();

async function parse(text: string): Promise<unknown> {
  const release = await mutex.acquire();
  if (text === "") throw new Error("empty");
  release();
  return text;
}

await Promise.allSettled([parse(""), parse("{}")]);
console.log("end");
`,
    good: `import { Mutex } from "async-mutex";

const mutex = new Mutex();

async function parse(text: string): Promise<unknown> {
  return mutex.runExclusive(() => {
    if (text === "") throw new Error("empty");
    return text;
  });
}

await Promise.allSettled([parse(""), parse("{}")]);
console.log("end");
`,
    since: "0.2.0",
    severity: "error",
  },
  run: (pass) => {
    for (const it of pass.get(unreleased)) if (it.way === "throw") reportUnreleased(pass, it);
  },
};
