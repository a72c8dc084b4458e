import type { Worker } from "node:worker_threads";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Steering } from "../../../language-server/engine/engine.js";
import {
  uncontrolled,
  type Exploration,
  type ExploreJob,
} from "../../../language-server/explore/explorer.js";
import { exploreAgain } from "../../../language-server/explore/previous.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import { WorkerPool } from "../../../language-server/host/worker-pool.js";
import { bundleWorker, workerScript } from "../../harness/bundled-worker.js";
import { jobOf, threads } from "../explore/programs.js";

// Explorations that idle workers take part in from the first moment that they may.

const script = workerScript("crew");

beforeAll(() => bundleWorker(script));

let pools: WorkerPool[] = [];
afterEach(async () => {
  await Promise.all(pools.map((it) => it.dispose()));
  pools = [];
});

function poolOf(size: number): WorkerPool {
  const pool = new WorkerPool(script, size, () => undefined, 0);
  pools.push(pool);
  return pool;
}

/** The exploration, and how many workers there were for it. */
async function exploredBy(
  size: number,
  job: ExploreJob,
): Promise<{ readonly exploration: Exploration; readonly workers: number }> {
  let workers = 0;
  const count = (): void => {
    workers++;
  };
  process.on("worker", count);
  try {
    const exploration = await poolOf(size).explore(job, { cancelled: false });
    return { exploration, workers };
  } finally {
    process.off("worker", count);
  }
}

const times = (count: number, text: string): readonly string[] =>
  Array.from({ length: count }, () => text);
const ring = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => {
    const [left, right] = [`f${at}`, `f${(at + 1) % count}`];
    return `lock ${left}; lock ${right}; unlock ${right}; unlock ${left}`;
  });

const cases: readonly (readonly [string, readonly string[], number, number])[] = [
  ["seven who take a lock", times(7, "lock m; unlock m"), 1_000_000, 5040],
  ["what is added up and read", [...times(6, "add x"), "add y; add x"], 1_000_000, 5040],
  ["updates that get lost", times(5, "inc x"), 1_000_000, 14_400],
  ["a ring of locks, and others", [...ring(5), ...times(5, "add x")], 1_000_000, 31 * 120],
  ["a search that is cut", times(8, "lock m; unlock m"), 9000, 9200],
];

describe("workers that take part in an exploration", () => {
  it.each(cases)("%s: the same whoever takes part", { timeout: 120_000 }, async (...it) => {
    const [, texts, executions, expected] = it;
    const job = jobOf(threads(texts), executions);
    const alone = exploreAgain(job, makeMachine, uncontrolled);
    expect(alone.summary.executions).toBe(expected);
    for (const size of [1, 2, 3]) {
      const { exploration, workers } = await exploredBy(size, job);
      expect(workers > 1).toBe(size > 1 && executions > expected);
      expect(JSON.stringify(exploration)).toBe(JSON.stringify(alone));
    }
  });

  it("goes on alone when one of them ends", { timeout: 120_000 }, async () => {
    const job = jobOf(threads(times(8, "lock m; unlock m")), 1_000_000);
    const alone = exploreAgain(job, makeMachine, uncontrolled);
    let started = 0;
    const end = (worker: Worker): void => {
      if (started++ === 1) setTimeout(() => void worker.terminate(), 200);
    };
    process.on("worker", end);
    try {
      const exploration = await poolOf(2).explore(job, { cancelled: false });
      expect(started).toBeGreaterThan(1);
      expect(JSON.stringify(exploration)).toBe(JSON.stringify(alone));
    } finally {
      process.off("worker", end);
    }
  });

  const endless = jobOf(threads(times(10, "lock m; unlock m; lock m; unlock m")), 1_000_000_000);

  it("ends when it is cancelled, with what all have run", { timeout: 60_000 }, async () => {
    const steering = { cancelled: false, progress: () => undefined };
    const done = poolOf(3).explore(endless, steering);
    await another(steering, 5);
    steering.cancelled = true;
    const { summary } = await done;
    expect(summary).toMatchObject({ complete: false, limit: "cancelled" });
    const counted = summary.outcomes.reduce((sum, { executions }) => sum + executions, 0);
    // One may have been under way, which came to no end.
    expect([0, 1]).toContain(summary.executions - counted);
  });

  it("rests while it is paused, and lets others go first", { timeout: 60_000 }, async () => {
    const pool = poolOf(2);
    const steering = { cancelled: false, paused: false, progress: () => undefined };
    const done = pool.explore(endless, steering);
    await another(steering, 5);
    steering.paused = true;
    const small = jobOf(threads(["add x", "add x"]));
    for (let count = 0; count < 3; count++) {
      const { summary } = await pool.explore(small, { cancelled: false });
      expect(summary.complete).toBe(true);
    }
    steering.paused = false;
    await another(steering, 2);
    steering.cancelled = true;
    expect((await done).summary.limit).toBe("cancelled");
  });
});

/** Waits until progress was told so many times more. */
function another(steering: { progress: Steering["progress"] }, times: number): Promise<void> {
  let left = times;
  return new Promise((resolve) => {
    steering.progress = () => {
      if (--left === 0) resolve();
    };
  });
}
