// The thread an exploration runs in. A job that throws is a bug of ours: it is answered as failed, and the thread goes on.

import { parentPort } from "node:worker_threads";
import { exploreAgain } from "../explore/previous.js";
import { makeMachine } from "../explore/vm/make-machine.js";
import type { JobAnswer, JobMessage } from "./job-message.js";
import { WorkerControl } from "./worker-control.js";

parentPort?.on("message", ({ id, job, signal }: JobMessage) => {
  const post = (answer: JobAnswer): void => {
    parentPort?.postMessage(answer);
  };
  const control = new WorkerControl(signal, (progress) => {
    post({ id, progress });
  });
  post(answer(() => exploreAgain(job, makeMachine, control)));

  function answer(run: () => ReturnType<typeof exploreAgain>): JobAnswer {
    try {
      return { id, exploration: run() };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }
});
