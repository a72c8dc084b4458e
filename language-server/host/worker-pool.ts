// Explorations run in worker threads, so that the server answers while they last. A job crosses as plain data.

import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { assert } from "../base/assert.js";
import type { Steering } from "../engine/engine.js";
import type { CrewTask } from "../explore/crew.js";
import { nothingExplored } from "../explore/nothing-explored.js";
import type { ExploreJob, Exploration } from "../explore/explorer.js";
import type { Look, LookJob } from "../explore/play/look.js";
import { CrewBoard, mostMembers } from "./crew-board.js";
import {
  signals,
  type CrewMessage,
  type CrewNews,
  type CrewRequest,
  type Done,
  type JobAnswer,
  type JobMessage,
  type Work,
} from "./job-message.js";

/** How long a search is at it alone before it is split: a thread that joins is slow at first. */
const defaultAloneMillis = 1000;
/** How often a job's steering is looked at. */
const pollMillis = 8;
/** The machine keeps threads' frames on its own heap; deep values and types are what recurses. */
const stackMegabytes = 16;
const heapMegabytes = 2048;
/** For what lives shortly. More is not faster, and is held on to: a search of many thousand orders kept twice the memory. */
const youngMegabytes = 12;

interface Gathering {
  readonly nth: number;
  readonly task: CrewTask;
  readonly board: CrewBoard;
  members: number;
}

interface Running {
  readonly crew: MessagePort;
  /** What it wants others to take part in. */
  gathering: Gathering | null;
  readonly id: number;
  readonly work: Work;
  readonly signal: Int32Array;
  readonly steering: Steering;
  readonly poll: NodeJS.Timeout;
  readonly resolve: (outcome: Outcome) => void;
}

/** What became of a job: what it gave, or why it gave nothing. */
type Outcome = { readonly done: Done } | { readonly failed: string } | { readonly cancelled: true };

interface Helping {
  readonly id: number;
  readonly job: Running;
  readonly crew: Gathering;
  readonly member: number;
}

interface Seat {
  worker: Worker | undefined;
  running: Running | undefined;
  /** It takes part in another seat's job. */
  helping: Helping | undefined;
}

export class WorkerPool {
  readonly #script: string;
  readonly #size: number;
  readonly #aloneMillis: number;
  readonly #seats: Seat[] = [];
  readonly #log: (message: string) => void;
  /** Wakes those who wait for a seat, in the order in which they came. */
  readonly #waiting = new Set<() => void>();
  #ids = 0;

  /** `script`: path of the bundled `worker.ts`; `size`: jobs that run at once. Workers start when there is work. */
  constructor(
    script: string,
    size: number,
    log: (message: string) => void,
    aloneMillis = defaultAloneMillis,
  ) {
    this.#aloneMillis = aloneMillis;
    this.#script = script;
    this.#size = size;
    this.#log = log;
  }

  /** A job that failed is an answer too: nothing was explored, and here is why. */
  async explore(job: ExploreJob, steering: Steering): Promise<Exploration> {
    const outcome = await this.#run({ kind: "explore", job }, steering);
    if ("cancelled" in outcome) return nothingExplored(job, "cancelled");
    if ("failed" in outcome) return nothingExplored(job, "unsupported", outcome.failed);
    assert(outcome.done.kind === "explore", "an exploration for an exploration");
    return outcome.done.exploration;
  }

  async look(job: LookJob, steering: Steering): Promise<Look> {
    const outcome = await this.#run({ kind: "look", job }, steering);
    if ("cancelled" in outcome) return { kind: "problem", message: "cancelled" };
    if ("failed" in outcome) return { kind: "problem", message: outcome.failed };
    assert(outcome.done.kind === "look", "a look for a look");
    return outcome.done.look;
  }

  async #run(work: Work, steering: Steering): Promise<Outcome> {
    const seat = await this.#freeSeat(steering);
    if (seat === null) return { cancelled: true };
    return new Promise((resolve) => {
      this.#start(seat, work, steering, resolve);
    });
  }

  /** Null when the job is cancelled before there is one. */
  async #freeSeat(steering: Steering): Promise<Seat | null> {
    for (;;) {
      if (steering.cancelled) return null;
      const seat = this.#seatNow();
      if (seat !== null) return seat;
      await this.#turn(steering);
    }
  }

  /** A paused job keeps its seat, and who helps another job too, but neither keeps those who come later from theirs. */
  #seatNow(): Seat | null {
    const busy = this.#seats.filter((it) => it.running !== undefined && !isPaused(it.running));
    return busy.length >= this.#size ? null : this.#emptySeat();
  }

  #emptySeat(): Seat {
    const free = this.#seats.find((it) => it.running === undefined && it.helping === undefined);
    if (free !== undefined) return free;
    const seat: Seat = { worker: undefined, running: undefined, helping: undefined };
    this.#seats.push(seat);
    return seat;
  }

  // ── Crews ─────────────────────────────────────────────────────────────────────────────────────

  /** Seats that nobody needs go to those whose jobs take long, one each in turn. */
  #recruit(): void {
    if (this.#waiting.size > 0) return;
    const jobs = this.#seats.flatMap(({ running }) => (running?.gathering ? [running] : []));
    while (this.#isAnyIdle()) {
      const least = jobs
        .filter((it) => !isPaused(it) && (it.gathering?.members ?? mostMembers) < mostMembers)
        .reduce<Running | null>(
          (a, b) => (a === null || membersOf(b) < membersOf(a) ? b : a),
          null,
        );
      if (least === null) return;
      this.#join(least);
    }
  }

  #isAnyIdle(): boolean {
    const busy = this.#seats.filter(
      ({ running, helping }) =>
        helping !== undefined || (running !== undefined && !isPaused(running)),
    );
    return busy.length < this.#size;
  }

  #join(job: Running): void {
    const { gathering } = job;
    if (gathering === null) return;
    const seat = this.#emptySeat();
    const { port1, port2 } = new MessageChannel();
    const member = gathering.members++;
    this.#ids += 1;
    seat.helping = { id: this.#ids, job, crew: gathering, member };
    seat.worker ??= this.#hire(seat);
    const message: CrewMessage = {
      kind: "crew",
      id: this.#ids,
      program: job.work.job.program,
      task: gathering.task,
      member,
      board: gathering.board.buffer,
      signal: job.signal.buffer as SharedArrayBuffer,
      leader: port2,
    };
    seat.worker.postMessage(message, [port2]);
    tellCrew(job, { kind: "joined", nth: gathering.nth, port: port1 }, [port1]);
    gathering.board.ring();
  }

  #request(job: Running, request: CrewRequest): void {
    if (request.kind === "dismiss") job.gathering = null;
    else {
      const { nth, task, board } = request;
      job.gathering = { nth, task, board: new CrewBoard(board), members: 0 };
      this.#recruit();
    }
  }

  /** A seat is no longer in a crew; `lost`: because its thread has ended. */
  #leave(seat: Seat, lost: boolean): void {
    const { helping } = seat;
    if (helping === undefined) return;
    seat.helping = undefined;
    const { job, crew, member } = helping;
    if (lost && job.gathering === crew) {
      tellCrew(job, { kind: "lost", nth: crew.nth, member });
      crew.board.ring();
    }
    this.#recruit();
  }

  // ── Seats ─────────────────────────────────────────────────────────────────────────────────────

  /** Until a seat may be free or the job is cancelled. */
  async #turn(steering: Steering): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearInterval(poll);
        this.#waiting.delete(wake);
        resolve();
      };
      const poll = setInterval(() => {
        if (steering.cancelled) wake();
      }, pollMillis);
      this.#waiting.add(wake);
    });
  }

  #wakeNext(): void {
    const [wake] = this.#waiting;
    wake?.();
  }

  #start(seat: Seat, work: Work, steering: Steering, resolve: (outcome: Outcome) => void): void {
    const shared = new SharedArrayBuffer(4);
    const signal = new Int32Array(shared);
    const poll = setInterval(() => {
      this.#steer(signal, steering);
    }, pollMillis);
    this.#ids += 1;
    const { port1, port2 } = new MessageChannel();
    const id = this.#ids;
    const running: Running = {
      id,
      work,
      signal,
      steering,
      poll,
      resolve,
      crew: port1,
      gathering: null,
    };
    port1.on("message", (request: CrewRequest) => {
      this.#request(running, request);
    });
    port1.unref();
    seat.running = running;
    seat.worker ??= this.#hire(seat);
    const aloneMillis = this.#aloneMillis;
    const message: JobMessage = { kind: "job", id, work, signal: shared, aloneMillis, crew: port2 };
    seat.worker.postMessage(message, [port2]);
  }

  #steer(signal: Int32Array, { cancelled, paused = false }: Steering): void {
    const wanted = cancelled ? signals.cancelled : paused ? signals.paused : signals.run;
    if (Atomics.exchange(signal, 0, wanted) === wanted) return;
    Atomics.notify(signal, 0);
    if (wanted === signals.paused) this.#wakeNext();
  }

  #hire(seat: Seat): Worker {
    const worker = new Worker(this.#script, {
      resourceLimits: {
        stackSizeMb: stackMegabytes,
        maxOldGenerationSizeMb: heapMegabytes,
        maxYoungGenerationSizeMb: youngMegabytes,
      },
    });
    worker.unref();
    worker.on("message", (answer: JobAnswer) => {
      if (seat.helping?.id === answer.id) {
        if ("error" in answer) this.#log(`explorer: ${answer.error}`);
        this.#leave(seat, "error" in answer);
      }
      if (seat.running?.id !== answer.id || "left" in answer) return;
      if ("progress" in answer) seat.running.steering.progress?.(answer.progress);
      else if ("error" in answer) this.#fail(seat, answer.error);
      else this.#finish(seat, { done: answer.done });
    });
    const gone = (why: string): void => {
      if (seat.worker !== worker) return;
      seat.worker = undefined;
      if (seat.helping !== undefined) this.#log(`explorer: ${why}`);
      this.#leave(seat, true);
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

  #fail(seat: Seat, why: string): void {
    if (seat.running === undefined) return;
    this.#log(`explorer: ${why}`);
    this.#finish(seat, { failed: `the explorer stopped: ${why.split("\n")[0] ?? why}` });
  }

  #finish(seat: Seat, outcome: Outcome): void {
    const running = seat.running;
    if (running === undefined) return;
    clearInterval(running.poll);
    running.gathering?.board.dismiss();
    running.gathering = null;
    running.crew.close();
    seat.running = undefined;
    running.resolve(outcome);
    this.#wakeNext();
    this.#recruit();
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

function membersOf({ gathering }: Running): number {
  return gathering?.members ?? 0;
}

function tellCrew({ crew }: Running, news: CrewNews, ports: MessagePort[] = []): void {
  crew.postMessage(news, ports);
}

function isPaused({ signal }: Running): boolean {
  return Atomics.load(signal, 0) === signals.paused;
}
