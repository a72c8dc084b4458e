import type { Check } from "../check.js";
import { shownByRunning } from "../shown-by-running.js";

export const waitOnMain: Check = {
  code: "wait-on-main",
  language: "ts",
  doc: {
    title: "the main thread sleeps while a worker needs its event loop",
    text: `The main thread waits in \`Atomics.wait\` for a worker, and the worker waits for something that only the main thread's event loop can do, for instance answer a message: neither goes on.
In a browser the main thread may not wait at all: the call throws.
Let the worker send a message when it is done, or use \`Atomics.waitAsync\`.`,
    bad: `import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

if (isMainThread) {
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: done });
  worker.on("message", (n) => worker.postMessage(n * 2));
  Atomics.wait(done, 0, 0);
} else {
  const done: Int32Array = workerData;
  parentPort?.once("message", () => {
    Atomics.store(done, 0, 1);
    Atomics.notify(done, 0);
  });
  parentPort?.postMessage(21);
}
`,
    good: `import { isMainThread, parentPort, Worker } from "node:worker_threads";

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.on("message", (n) => worker.postMessage(n * 2));
  worker.on("exit", () => console.log("done"));
} else {
  parentPort?.once("message", (n) => console.log(n));
  parentPort?.postMessage(21);
}
`,
    since: "0.2.0",
    severity: "error",
  },
  run: shownByRunning,
};
