import type { Check } from "../check.js";
import { shownByRunning } from "../shown-by-running.js";

export const listenerTooLate: Check = {
  code: "listener-too-late",
  language: "ts",
  doc: {
    title: "a message may come before anybody listens",
    text: `Between the start of a worker and the call that listens to it the event loop goes on: a message that comes then is lost, and who waits for it waits for ever.
Listen in the same turn of the event loop in which the worker is started.`,
    bad: `import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { setTimeout } from "node:timers/promises";

async function main(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url));
  await setTimeout(10);
  await new Promise((resolve) => worker.once("message", resolve));
}

if (isMainThread) void main();
else parentPort?.postMessage("ready");
`,
    good: `import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { setTimeout } from "node:timers/promises";

async function main(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url));
  const ready = new Promise((resolve) => worker.once("message", resolve));
  await setTimeout(10);
  await ready;
}

if (isMainThread) void main();
else parentPort?.postMessage("ready");
`,
    since: "0.2.0",
    severity: "warning",
  },
  run: shownByRunning,
};
