// The thread an exploration runs in. A job that throws is a bug of ours: it is answered as failed, and the thread goes on.

import { parentPort } from "node:worker_threads";
import type { CancelToken } from "../base/cancel.js";
import { exploreAgain } from "../explore/previous.js";
import { makeMachine } from "../explore/vm/make-machine.js";
import type { JobAnswer, JobMessage } from "./worker-pool.js";

parentPort?.on("message", ({ id, job, cancel }: JobMessage) => {
  const flag = new Int32Array(cancel);
  const token: CancelToken = {
    get cancelled() {
      return Atomics.load(flag, 0) !== 0;
    },
  };
  parentPort?.postMessage(answer(() => exploreAgain(job, makeMachine, token)));

  function answer(run: () => ReturnType<typeof exploreAgain>): JobAnswer {
    try {
      return { id, exploration: run() };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }
});
