import type { Check } from "../check.js";
import { shownByRunning } from "../shown-by-running.js";

export const mixedAtomics: Check = {
  code: "mixed-atomics",
  language: "ts",
  doc: {
    title: "an element is accessed atomically here and plainly there",
    text: `One thread accesses an element of shared memory with \`Atomics\`, another one beside it without: what the plain access reads may be old when it writes, and an atomic update is lost all the same.
All who share the element have to use \`Atomics\`, unless something else orders them.`,
    bad: `import { isMainThread, Worker, workerData } from "node:worker_threads";

if (isMainThread) {
  const left = new Int32Array(new SharedArrayBuffer(4));
  left[0] = 10;
  new Worker(new URL(import.meta.url), { workerData: left });
  left[0]--;
} else {
  Atomics.sub(workerData as Int32Array, 0, 1);
}
`,
    good: `import { isMainThread, Worker, workerData } from "node:worker_threads";

if (isMainThread) {
  const left = new Int32Array(new SharedArrayBuffer(4));
  left[0] = 10;
  new Worker(new URL(import.meta.url), { workerData: left });
  Atomics.sub(left, 0, 1);
} else {
  Atomics.sub(workerData as Int32Array, 0, 1);
}
`,
    since: "0.2.0",
    severity: "error",
  },
  run: shownByRunning,
};
