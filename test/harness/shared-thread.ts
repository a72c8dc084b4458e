// The thread of one of several searches that share a tree: see `shared-threads.ts`.

import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { searchUnder, type Assumptions } from "../../language-server/explore/dpor/adaptive.js";
import { Hand } from "../../language-server/explore/dpor/hand.js";
import type { Part, Returned } from "../../language-server/explore/dpor/search-state.js";
import { firstShare, type Share } from "../../language-server/explore/dpor/sharing.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { FuncId, Program } from "../../language-server/ir/ir.js";

export interface ThreadData {
  readonly program: Program;
  readonly entry: FuncId;
  readonly assumptions: Assumptions;
  /** Int32s: how many threads have nothing to do, less the shares that wait; messages that this thread has not read. */
  readonly wanted: SharedArrayBuffer;
  readonly unread: SharedArrayBuffer;
}

export type ThreadOrder =
  | { readonly kind: "begin" }
  | { readonly kind: "share"; readonly share: Share }
  | { readonly kind: "returned"; readonly giver: number; readonly returned: Returned };

export type ThreadAnswer =
  | { readonly kind: "free"; readonly cpuMillis: number }
  | { readonly kind: "given"; readonly by: number; readonly part: Part }
  | {
      readonly kind: "finished";
      readonly id: number;
      readonly returned: Returned;
      readonly done: Done;
    };

/** What was done for a share. */
export interface Done {
  readonly traces: number;
  readonly blocked: number;
  readonly events: number;
  readonly exact: boolean;
}

const data = workerData as ThreadData;
const wanted = new Int32Array(data.wanted);
const unread = new Int32Array(data.unread);
const start = process.threadCpuUsage();

const begin = () =>
  searchUnder(data.assumptions, {
    machine: makeMachine(data.program),
    entry: data.entry,
    depth: 5000,
    visible: new Set<string>(),
    time: "quiet",
  });

function post(answer: ThreadAnswer): void {
  parentPort?.postMessage(answer);
}

const hand = new Hand({
  begin,
  pause: () => false,
  visit: () => (Atomics.load(unread, 0) > 0 ? "stop" : "go on"),
  asked: () => Atomics.load(wanted, 0) > 0,
  given: (by, part) => {
    Atomics.sub(wanted, 0, 1);
    post({ kind: "given", by, part });
  },
  finished: (id, returned, search) => {
    const { traces, blocked, events } = search.tally();
    post({
      kind: "finished",
      id,
      returned,
      done: { traces, blocked, events, exact: search.exact },
    });
  },
});

function hear(order: ThreadOrder): void {
  Atomics.sub(unread, 0, 1);
  switch (order.kind) {
    case "begin":
      hand.adopt(firstShare, begin());
      break;
    case "share":
      hand.take(order.share);
      break;
    case "returned":
      hand.receive(order.giver, order.returned);
      break;
  }
}

parentPort?.on("message", (first: ThreadOrder) => {
  hear(first);
  while (!hand.idle) {
    hand.work();
    while (Atomics.load(unread, 0) > 0) {
      const next = parentPort === null ? undefined : receiveMessageOnPort(parentPort);
      if (next === undefined) break;
      hear(next.message as ThreadOrder);
    }
  }
  const used = process.threadCpuUsage(start);
  post({ kind: "free", cpuMillis: (used.user + used.system) / 1000 });
});
