// The thread an exploration runs in. A job that throws is a bug of ours: it is answered as failed, and the thread goes on.

import { parentPort } from "node:worker_threads";
import type { Control } from "../explore/explorer.js";
import { look } from "../explore/play/look.js";
import { exploreAgain } from "../explore/previous.js";
import { makeMachine } from "../explore/vm/make-machine.js";
import type { Done, JobAnswer, JobMessage, Work } from "./job-message.js";
import { WorkerControl } from "./worker-control.js";

parentPort?.on("message", ({ id, work, signal }: JobMessage) => {
  const post = (answer: JobAnswer): void => {
    parentPort?.postMessage(answer);
  };
  const control = new WorkerControl(signal, (progress) => {
    post({ id, progress });
  });
  post(answer(() => done(work, control)));

  function answer(run: () => Done): JobAnswer {
    try {
      return { id, done: run() };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }
});

function done(work: Work, control: Control): Done {
  switch (work.kind) {
    case "explore":
      return { kind: "explore", exploration: exploreAgain(work.job, makeMachine, control) };
    case "look":
      return { kind: "look", look: look(work.job, makeMachine, control) };
  }
}
