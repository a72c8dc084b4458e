import type { Check } from "../check.js";
import { shownByRunning } from "../shown-by-running.js";

export const plainSharedAccess: Check = {
  code: "plain-shared-access",
  language: "ts",
  doc: {
    title: "threads access an element of shared memory unordered",
    text: `Two threads access the same element of a \`SharedArrayBuffer\`, at least one of them writes, and nothing orders the two: updates are lost, and what a read finds is left to chance.
A message, the start and the end of a worker, and atomic operations on an element order what is around them.
Use \`Atomics\`, or access the element only while holding a lock made of them.`,
    bad: `import { isMainThread, Worker, workerData } from "node:worker_threads";

if (isMainThread) {
  const hits = new Int32Array(new SharedArrayBuffer(4));
  for (let n = 0; n < 2; n++) new Worker(new URL(import.meta.url), { workerData: hits });
} else {
  const hits: Int32Array = workerData;
  hits[0]++;
}
`,
    good: `import { isMainThread, Worker, workerData } from "node:worker_threads";

if (isMainThread) {
  const hits = new Int32Array(new SharedArrayBuffer(4));
  for (let n = 0; n < 2; n++) new Worker(new URL(import.meta.url), { workerData: hits });
} else {
  const hits: Int32Array = workerData;
  Atomics.add(hits, 0, 1);
}
`,
    since: "0.2.0",
    severity: "error",
  },
  run: shownByRunning,
};
