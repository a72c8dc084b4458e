import type { Check } from "../check.js";
import { shownByRunning } from "../shown-by-running.js";

export const brokenSpinlock: Check = {
  code: "broken-spinlock",
  language: "ts",
  doc: {
    title: "a lock is looked at and taken in two steps",
    text: `A lock made of \`Atomics.load\` and \`Atomics.store\`: between the look that finds it free and the store that takes it, another thread finds it free as well, and both are inside.
Look and take in one operation: \`Atomics.compareExchange(lock, 0, 0, 1)\`.`,
    bad: `import { isMainThread, Worker, workerData } from "node:worker_threads";

if (isMainThread) {
  const state = new Int32Array(new SharedArrayBuffer(8));
  for (let n = 0; n < 2; n++) new Worker(new URL(import.meta.url), { workerData: state });
} else {
  const state: Int32Array = workerData;
  while (Atomics.load(state, 0) === 1);
  Atomics.store(state, 0, 1);
  state[1]++;
  Atomics.store(state, 0, 0);
}
`,
    good: `import { isMainThread, Worker, workerData } from "node:worker_threads";

if (isMainThread) {
  const state = new Int32Array(new SharedArrayBuffer(8));
  for (let n = 0; n < 2; n++) new Worker(new URL(import.meta.url), { workerData: state });
} else {
  const state: Int32Array = workerData;
  while (Atomics.compareExchange(state, 0, 0, 1) === 1);
  state[1]++;
  Atomics.store(state, 0, 0);
}
`,
    since: "0.2.0",
    severity: "error",
  },
  run: shownByRunning,
};
