import type { Check } from "../check.js";
import { unreleased } from "../facts/unreleased.js";
import { reportUnreleased } from "../unreleased-report.js";

export const releaseMisuse: Check = {
  code: "release-misuse",
  language: "ts",
  doc: {
    title: "a return leaves a lock taken",
    text: `One way out of the function gives the lock back, and another returns without: everybody after waits for ever.
Release in a \`finally\`, or let \`runExclusive\` do it.`,
    bad: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
const seen = new Set<string>();

async function visit(url: string): Promise<void> {
  const release = await mutex.acquire();
  if (seen.has(url)) return;
  seen.add(url);
  release();
}

await Promise.all([visit("/"), visit("/"), visit("/about")]);
console.log(seen.size);
`,
    good: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
const seen = new Set<string>();

async function visit(url: string): Promise<void> {
  const release = await mutex.acquire();
  try {
    if (seen.has(url)) return;
    seen.add(url);
  } finally {
    release();
  }
}

await Promise.all([visit("/"), visit("/"), visit("/about")]);
console.log(seen.size);
`,
    since: "0.2.0",
    severity: "error",
  },
  run: (pass) => {
    for (const it of pass.get(unreleased)) if (it.way === "return") reportUnreleased(pass, it);
  },
};
