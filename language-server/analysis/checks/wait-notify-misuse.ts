import type { Check } from "../check.js";
import { shownByRunning } from "../shown-by-running.js";

export const waitNotifyMisuse: Check = {
  code: "wait-notify-misuse",
  language: "ts",
  doc: {
    title: "a thread sleeps although what it waits for has happened",
    text: `A thread waits in \`Atomics.wait\` and no notify comes any more: the notify was for another element, came before the store that it tells of, or came before the wait, which then did not look again.
Store first, then notify the same element; and wait in a loop, on the value that was looked at.`,
    bad: `import { isMainThread, Worker, workerData } from "node:worker_threads";

if (isMainThread) {
  const done = new Int32Array(new SharedArrayBuffer(4));
  new Worker(new URL(import.meta.url), { workerData: done });
  while (Atomics.load(done, 0) === 0) Atomics.wait(done, 0, 0);
} else {
  const done: Int32Array = workerData;
  Atomics.notify(done, 0);
  Atomics.store(done, 0, 1);
}
`,
    good: `import { isMainThread, Worker, workerData } from "node:worker_threads";

if (isMainThread) {
  const done = new Int32Array(new SharedArrayBuffer(4));
  new Worker(new URL(import.meta.url), { workerData: done });
  while (Atomics.load(done, 0) === 0) Atomics.wait(done, 0, 0);
} else {
  const done: Int32Array = workerData;
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
}
`,
    since: "0.2.0",
    severity: "error",
  },
  run: shownByRunning,
};
