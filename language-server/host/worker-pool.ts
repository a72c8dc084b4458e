// Explorations run in worker threads, so that the server answers while they last. A job crosses as plain data; its
// cancel flag is one shared integer, because a worker that is busy reads no messages.

import { Worker } from "node:worker_threads";
import type { CancelToken } from "../base/cancel.js";
import type { ExploreJob, Exploration } from "../explore/explorer.js";

/** Main thread → worker. */
export interface JobMessage {
  readonly id: number;
  readonly job: ExploreJob;
  /** One Int32: not 0 when cancelled. */
  readonly cancel: SharedArrayBuffer;
}

/** Worker → main thread. */
export type JobAnswer =
  | { readonly id: number; readonly exploration: Exploration }
  | { readonly id: number; readonly error: string };

/** How often a running job's token is looked at. */
const pollMillis = 8;
/** The machine keeps threads' frames on its own heap; deep values and types are what recurses. */
const stackMegabytes = 16;
const heapMegabytes = 2048;

interface Running {
  readonly id: number;
  readonly job: ExploreJob;
  readonly flag: Int32Array;
  readonly poll: NodeJS.Timeout;
  readonly resolve: (exploration: Exploration) => void;
}

interface Seat {
  worker: Worker | undefined;
  running: Running | undefined;
}

export class WorkerPool {
  readonly #script: string;
  readonly #seats: Seat[];
  readonly #log: (message: string) => void;
  readonly #waiting: (() => void)[] = [];
  #ids = 0;

  /** `script`: path of the bundled `worker.ts`. Workers start when there is work. */
  constructor(script: string, size: number, log: (message: string) => void) {
    this.#script = script;
    this.#log = log;
    this.#seats = Array.from({ length: size }, () => ({ worker: undefined, running: undefined }));
  }

  async explore(job: ExploreJob, cancel: CancelToken): Promise<Exploration> {
    const seat = await this.#freeSeat();
    return new Promise((resolve) => {
      this.#start(seat, job, cancel, resolve);
    });
  }

  async #freeSeat(): Promise<Seat> {
    for (;;) {
      const seat = this.#seats.find((it) => it.running === undefined);
      if (seat !== undefined) return seat;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #start(
    seat: Seat,
    job: ExploreJob,
    cancel: CancelToken,
    resolve: (exploration: Exploration) => void,
  ): void {
    const shared = new SharedArrayBuffer(4);
    const flag = new Int32Array(shared);
    const poll = setInterval(() => {
      if (cancel.cancelled) Atomics.store(flag, 0, 1);
    }, pollMillis);
    this.#ids += 1;
    seat.running = { id: this.#ids, job, flag, poll, resolve };
    seat.worker ??= this.#hire(seat);
    const message: JobMessage = { id: this.#ids, job, cancel: shared };
    seat.worker.postMessage(message);
  }

  #hire(seat: Seat): Worker {
    const worker = new Worker(this.#script, {
      resourceLimits: { stackSizeMb: stackMegabytes, maxOldGenerationSizeMb: heapMegabytes },
    });
    worker.unref();
    worker.on("message", (answer: JobAnswer) => {
      if (seat.running?.id !== answer.id) return;
      if ("error" in answer) this.#fail(seat, answer.error);
      else this.#finish(seat, answer.exploration);
    });
    const gone = (why: string): void => {
      if (seat.worker !== worker) return;
      seat.worker = undefined;
      this.#fail(seat, why);
    };
    worker.on("error", (error) => {
      gone(error.message);
    });
    worker.on("exit", (code) => {
      gone(`exit code ${code}`);
    });
    return worker;
  }

  /** A job that failed is an answer too: nothing was explored, and here is why. */
  #fail(seat: Seat, why: string): void {
    const running = seat.running;
    if (running === undefined) return;
    this.#log(`explorer: ${why}`);
    const reason = `the explorer stopped: ${why.split("\n")[0] ?? why}`;
    this.#finish(seat, failedExploration(running.job, reason));
  }

  #finish(seat: Seat, exploration: Exploration): void {
    const running = seat.running;
    if (running === undefined) return;
    clearInterval(running.poll);
    seat.running = undefined;
    running.resolve(exploration);
    this.#waiting.shift()?.();
  }

  async dispose(): Promise<void> {
    for (const seat of this.#seats) {
      const worker = seat.worker;
      seat.worker = undefined;
      this.#fail(seat, "shut down");
      await worker?.terminate();
    }
  }
}

/** What is known of a job whose worker died. */
export function failedExploration(job: ExploreJob, reason: string): Exploration {
  const func = job.program.funcs[job.entry];
  const span = job.program.spans[func?.span ?? 0] ?? {
    uri: "",
    start: { line: 0, character: 0 },
    end: { line: 0, character: 0 },
  };
  return {
    summary: {
      entry: func?.name ?? "",
      span,
      executions: 0,
      complete: false,
      limit: "unsupported",
      unsupported: { span, reason },
      outcomes: [],
    },
    found: [],
    natural: { program: "", entry: func?.name ?? "", visible: [], choices: [] },
  };
}
