// Several searches that share one program's tree, each in a thread of its own.

import { buildSync } from "esbuild";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Assumptions } from "../../language-server/explore/dpor/adaptive.js";
import { firstShare, Sharing } from "../../language-server/explore/dpor/sharing.js";
import type { FuncId, Program } from "../../language-server/ir/ir.js";
import type { Done, ThreadAnswer, ThreadData, ThreadOrder } from "./shared-thread.js";

export interface ThreadedOptions {
  readonly program: Program;
  readonly entry: FuncId;
  readonly assumptions: Assumptions;
  readonly threads: number;
}

export interface ThreadedOutcome extends Done {
  readonly shares: number;
  readonly given: number;
  /** Time that each thread computed. */
  readonly cpuMillis: readonly number[];
}

interface Hands {
  readonly worker: Worker;
  /** Messages that it has not read. */
  readonly unread: Int32Array;
  cpuMillis: number;
}

/** Threads are bundled when the first one starts. */
export class SharedThreads {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "happens-before-"));
  readonly #script = path.join(this.#folder, "shared-thread.cjs");

  constructor() {
    buildSync({
      entryPoints: [path.join(import.meta.dirname, "shared-thread.ts")],
      outfile: this.#script,
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["ts-morph"],
      logLevel: "error",
    });
  }

  async search({
    program,
    entry,
    assumptions,
    threads,
  }: ThreadedOptions): Promise<ThreadedOutcome> {
    const wanted = new SharedArrayBuffer(4);
    const hands = Array.from({ length: threads }, (): Hands => {
      const unread = new SharedArrayBuffer(4);
      const workerData: ThreadData = { program, entry, assumptions, wanted, unread };
      const worker = new Worker(this.#script, { workerData });
      return { worker, unread: new Int32Array(unread), cpuMillis: 0 };
    });
    try {
      await Promise.all(hands.map(({ worker }) => once(worker, "online")));
      return await coordinate(hands, new Int32Array(wanted));
    } finally {
      await Promise.all(hands.map(({ worker }) => worker.terminate()));
    }
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function coordinate(hands: readonly Hands[], wanted: Int32Array): Promise<ThreadedOutcome> {
  const sharing = new Sharing();
  const free: Hands[] = hands.slice(1);
  /** By share: who works on it. */
  const workers = new Map<number, Hands>();
  const outcome = { traces: 0, blocked: 0, events: 0, exact: true, shares: 0, given: 0 };
  return new Promise((resolve, reject) => {
    const dispatch = (): void => {
      while (free.length > 0) {
        const share = sharing.next();
        if (share === null) break;
        const hand = free.shift() as Hands;
        workers.set(share.id, hand);
        tell(hand, { kind: "share", share });
      }
      Atomics.store(wanted, 0, free.length - sharing.ready);
    };
    const finished = ({ id, returned, done }: ThreadAnswer & { kind: "finished" }): void => {
      outcome.shares++;
      outcome.traces += done.traces;
      outcome.blocked += done.blocked;
      outcome.events += done.events;
      outcome.exact &&= done.exact;
      const giver = sharing.finished(id);
      if (id === firstShare) return;
      const hand = workers.get(giver) as Hands;
      const at = free.indexOf(hand);
      if (at >= 0) free.splice(at, 1);
      tell(hand, { kind: "returned", giver, returned });
    };
    const hear = (hand: Hands, answer: ThreadAnswer): void => {
      switch (answer.kind) {
        case "free":
          hand.cpuMillis = answer.cpuMillis;
          // Something may have been sent to it meanwhile.
          if (Atomics.load(hand.unread, 0) === 0 && !free.includes(hand)) free.push(hand);
          break;
        case "given":
          outcome.given++;
          sharing.given(answer.by, answer.part);
          break;
        case "finished":
          finished(answer);
          break;
      }
      if (!sharing.over) dispatch();
      else if (answer.kind === "free") {
        resolve({ ...outcome, cpuMillis: hands.map((it) => it.cpuMillis) });
      }
    };
    for (const it of hands) {
      it.worker.on("message", (answer: ThreadAnswer) => {
        hear(it, answer);
      });
      it.worker.on("error", reject);
    }
    const [first] = hands;
    if (first === undefined) return;
    workers.set(firstShare, first);
    tell(first, { kind: "begin" });
    Atomics.store(wanted, 0, free.length);
  });
}

function tell({ worker, unread }: Hands, order: ThreadOrder): void {
  Atomics.add(unread, 0, 1);
  worker.postMessage(order);
}
