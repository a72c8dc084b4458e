// The thread an exploration runs in, or part of another one's. A job that throws is a bug of ours: it is answered as failed,
// and the thread goes on.

import { parentPort } from "node:worker_threads";
import { takePart } from "../explore/crew.js";
import type { Control } from "../explore/explorer.js";
import { look } from "../explore/play/look.js";
import { exploreAgain } from "../explore/previous.js";
import { makeMachine } from "../explore/vm/make-machine.js";
import { CrewBoard } from "./crew-board.js";
import { LeaderLink, MemberLink } from "./crew-link.js";
import type { CrewMessage, Done, JobAnswer, JobMessage, Work, WorkMessage } from "./job-message.js";
import { Signal, WorkerControl } from "./worker-control.js";

parentPort?.on("message", (message: WorkMessage) => {
  const { id } = message;
  try {
    if (message.kind === "job") run(message);
    else help(message);
  } catch (error) {
    post({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

function run({ id, work, signal, aloneMillis, crew }: JobMessage): void {
  const control = new WorkerControl(
    new Signal(signal),
    new LeaderLink(crew, aloneMillis),
    (progress) => {
      post({ id, progress });
    },
  );
  try {
    post({ id, done: done(work, control) });
  } finally {
    crew.close();
  }
}

function done(work: Work, control: Control): Done {
  switch (work.kind) {
    case "explore":
      return { kind: "explore", exploration: exploreAgain(work.job, makeMachine, control) };
    case "look":
      return { kind: "look", look: look(work.job, makeMachine, control) };
  }
}

function help({ id, program, task, member, board, signal, leader }: CrewMessage): void {
  const link = new MemberLink(leader, member, new CrewBoard(board), new Signal(signal));
  try {
    takePart(program, task, makeMachine, link);
  } finally {
    leader.close();
  }
  post({ id, left: true });
}

function post(answer: JobAnswer): void {
  parentPort?.postMessage(answer);
}
