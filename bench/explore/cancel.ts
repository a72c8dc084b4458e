// Explorations that are cancelled at random moments, and how long they take to end from then on.

import { Worker } from "node:worker_threads";
import type { Control } from "../../language-server/explore/explorer.js";
import { explore } from "../../language-server/explore/portfolio.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { ExplorationProgress } from "../../protocol/finding.js";
import type { Parameters } from "../../test/fixtures/explore/counts.js";
import { ExplorePrograms, type Loaded } from "../../test/harness/explore-programs.js";
import { Random } from "../../test/harness/random.js";

/** Programs that take long, of each kind. */
const programs: readonly (readonly [string, Parameters])[] = [
  ["coa", { n: 5 }],
  ["lastzero", { n: 15 }],
  ["inc", { n: 5 }],
  ["reorder", { n: 9 }],
  ["lockinc", { n: 9 }],
  ["philosophers", { n: 16, ordered: false }],
  ["filesystem", { n: 26 }],
  ["rwmutex", { readers: 5, writers: 4 }],
  ["producers_consumers", { n: 6, capacity: 6 }],
  ["worker_pool", { workers: 3, jobs: 9, capacity: 2 }],
  ["select_one_shot", { n: 8 }],
];

/** Longest an exploration runs before it is cancelled. */
const mostMillis = 120;

/** Sets the flag after the time asked for, and writes down when. */
const canceller = `
const { parentPort, workerData } = require("node:worker_threads");
const flag = new Int32Array(workerData.flag);
const moment = new BigInt64Array(workerData.moment);
parentPort.on("message", (millis) => {
  Atomics.wait(flag, 1, 0, millis);
  moment[0] = process.hrtime.bigint();
  Atomics.store(flag, 0, 1);
});
`;

export interface CancelOptions {
  /** The project's folder, with a build in `dist/`. */
  readonly root: string;
  readonly times: number;
}

interface Cancelled {
  readonly phase: ExplorationProgress["phase"];
  /** From the cancelling to the end. */
  readonly millis: number;
  /** CPU time of the process since it last looked and had not been cancelled: what a busy machine does not change. */
  readonly cpuMillis: number;
}

export async function benchCancel({ root, times }: CancelOptions): Promise<void> {
  const front = new ExplorePrograms(root);
  const loaded: Loaded[] = [];
  for (const [name, parameters] of programs) loaded.push(await front.load(name, parameters));
  await front.dispose();
  const clock = new Canceller();
  const random = new Random(1);
  const all: Cancelled[] = [];
  for (let time = 0; time < times; time++) {
    const it = await clock.run(
      loaded[time % loaded.length] as Loaded,
      random.below(mostMillis * 1000) / 1000,
    );
    if (it !== null) all.push(it);
  }
  await clock.dispose();
  const phases = [...new Set(all.map((it) => it.phase))].sort();
  const rows = ["any", ...phases].map((phase) =>
    row(
      phase,
      all.filter((it) => phase === "any" || it.phase === phase),
    ),
  );
  const early = times - all.length;
  process.stdout.write(
    `milliseconds until a cancelled exploration has ended, by the phase it was in; ${early} ended before\n`,
  );
  process.stdout.write(`${"".padEnd(18)}${"wall".padEnd(24)}CPU\n`);
  process.stdout.write(`phase       count${heads}${heads}\n${rows.join("")}`);
}

const heads = ["p50", "p95", "max"].map((it) => it.padStart(8)).join("");

function row(phase: string, all: readonly Cancelled[]): string {
  const wall = quantiles(all.map((it) => it.millis));
  const cpu = quantiles(all.map((it) => it.cpuMillis));
  return `${phase.padEnd(10)}${String(all.length).padStart(7)}${wall}${cpu}\n`;
}

function quantiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return [at(0.5), at(0.95), at(1)].map((it) => it.toFixed(2).padStart(8)).join("");
}

class Canceller {
  readonly #flag = new SharedArrayBuffer(8);
  readonly #moment = new SharedArrayBuffer(8);
  readonly #worker: Worker;

  constructor() {
    const workerData = { flag: this.#flag, moment: this.#moment };
    this.#worker = new Worker(canceller, { eval: true, workerData });
  }

  /** Null when it ended before it was cancelled. */
  async run({ program, entry }: Loaded, wait: number): Promise<Cancelled | null> {
    const flag = new Int32Array(this.#flag);
    const moment = new BigInt64Array(this.#moment);
    Atomics.store(flag, 0, 0);
    let phase: ExplorationProgress["phase"] = "natural";
    let lastLook = process.cpuUsage();
    const control: Control = {
      get cancelled() {
        const cancelled = Atomics.load(flag, 0) === 1;
        if (!cancelled) lastLook = process.cpuUsage();
        return cancelled;
      },
      report: (progress) => {
        phase = progress.phase;
      },
    };
    this.#worker.postMessage(wait);
    const limits = { executions: 10_000_000, depth: 5000, millis: 600_000 };
    explore({ program, entry, limits, candidates: [] }, makeMachine, control);
    const end = process.hrtime.bigint();
    const { user, system } = process.cpuUsage(lastLook);
    if (Atomics.load(flag, 0) === 0) {
      while (Atomics.load(flag, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      return null;
    }
    const millis = Number(end - (moment[0] as bigint)) / 1e6;
    return { phase, millis, cpuMillis: (user + system) / 1000 };
  }

  async dispose(): Promise<void> {
    await this.#worker.terminate();
  }
}
