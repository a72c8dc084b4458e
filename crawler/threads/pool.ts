// Threads that read pages, one page at a time each.

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Download, Work } from "../download.js";
import type { Role } from "../roles.js";
import type { Order } from "./page-thread.js";

interface Thread {
  readonly worker: Worker;
  answer: ((it: Download) => void) | null;
}

export interface ThreadPool {
  download(url: string): Promise<Download>;
  readonly close: () => Promise<void>;
}

/** @param script the bundle of `main.ts` */
export async function openThreads(script: string, count: number, work: Work): Promise<ThreadPool> {
  const threads = Array.from({ length: count }, () => startThread(script, work));
  // A worker pool is there before the work is.
  await Promise.all(threads.map(({ worker }) => once(worker, "online")));
  const idle = [...threads];
  const queue: ((thread: Thread) => void)[] = [];
  const release = (thread: Thread): void => {
    const next = queue.shift();
    if (next === undefined) idle.push(thread);
    else next(thread);
  };
  return {
    download: async (url) => {
      const thread =
        idle.shift() ?? (await new Promise<Thread>((resolve) => void queue.push(resolve)));
      const answer = await ask(thread, url);
      release(thread);
      return answer;
    },
    close: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(script: string, work: Work): Thread {
  const role: Role = { kind: "pages", work };
  const thread: Thread = { worker: new Worker(script, { workerData: role }), answer: null };
  const settle = (it: Download): void => {
    const { answer } = thread;
    thread.answer = null;
    answer?.(it);
  };
  thread.worker.on("message", settle);
  thread.worker.on("error", (error) => {
    settle({ kind: "failed", reason: error.message });
  });
  thread.worker.on("exit", () => {
    settle({ kind: "failed", reason: "cancelled" });
  });
  return thread;
}

function ask(thread: Thread, url: string): Promise<Download> {
  return new Promise((resolve) => {
    thread.answer = resolve;
    const order: Order = { kind: "page", url };
    thread.worker.postMessage(order);
  });
}
