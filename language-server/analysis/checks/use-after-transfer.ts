import type { Check } from "../check.js";
import { shownByRunning } from "../shown-by-running.js";

export const useAfterTransfer: Check = {
  code: "use-after-transfer",
  language: "ts",
  doc: {
    title: "a buffer is used after it was given away",
    text: `What is in the transfer list of a message no longer belongs to the sender: the buffer is empty from then on, and sending it once more throws.
Send a copy, or do not look at it again.`,
    bad: `import { isMainThread, parentPort, Worker } from "node:worker_threads";

if (isMainThread) {
  const frame = new Uint8Array(4);
  const worker = new Worker(new URL(import.meta.url));
  worker.postMessage(frame, [frame.buffer]);
  worker.postMessage(frame, [frame.buffer]);
} else {
  parentPort?.once("message", (frame: Uint8Array) => console.log(frame.length));
}
`,
    good: `import { isMainThread, parentPort, Worker } from "node:worker_threads";

if (isMainThread) {
  const frame = new Uint8Array(4);
  const worker = new Worker(new URL(import.meta.url));
  worker.postMessage(frame);
  worker.postMessage(frame, [frame.buffer]);
} else {
  parentPort?.once("message", (frame: Uint8Array) => console.log(frame.length));
}
`,
    since: "0.2.0",
    severity: "error",
  },
  run: shownByRunning,
};
