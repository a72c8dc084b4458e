import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Steering } from "../../../language-server/engine/engine.js";
import type { ExploreJob } from "../../../language-server/explore/explorer.js";
import { WorkerPool } from "../../../language-server/host/worker-pool.js";
import type { ExplorationProgress } from "../../../protocol/finding.js";
import { bundleWorker, workerScript } from "../../harness/bundled-worker.js";
import { jobOf, threads } from "../explore/programs.js";

// The real worker, with explorations that go on until they are told something.

const script = workerScript("worker");

beforeAll(() => bundleWorker(script));

let pool: WorkerPool;
beforeEach(() => {
  pool = new WorkerPool(script, 1, () => undefined);
});
afterEach(async () => pool.dispose());

const small = jobOf(threads(["inc x", "inc x"]));
const endless: ExploreJob = jobOf(
  threads(Array.from({ length: 9 }, () => "add x; add x; add x")),
  1_000_000_000,
);

/** Somebody who watches, and steers by hand. */
class Watcher implements Steering {
  cancelled = false;
  paused = false;
  readonly heard: ExplorationProgress[] = [];
  #listener: () => void = () => undefined;

  progress(progress: ExplorationProgress): void {
    this.heard.push(progress);
    this.#listener();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#listener = resolve));
  }
}

const latest = (it: Watcher): number => it.heard.at(-1)?.executions ?? 0;

describe("a running exploration", () => {
  it("tells how far it is, and ends with what it has when it is cancelled", async () => {
    const watcher = new Watcher();
    const exploring = pool.explore(endless, watcher);
    await watcher.until(() => latest(watcher) > 0);
    watcher.cancelled = true;
    const { summary } = await exploring;
    expect(summary).toMatchObject({ complete: false, limit: "cancelled" });
    expect(summary.executions).toBeGreaterThan(0);
    expect(watcher.heard[0]?.entry).toContain("main");
  });

  it("rests while it is paused, and goes on where it was", async () => {
    const watcher = new Watcher();
    const exploring = pool.explore(endless, watcher);
    await watcher.until(() => latest(watcher) > 0);
    watcher.paused = true;
    const before = watcher.heard.length;
    // Told once more, when it comes to rest, and then no more.
    await watcher.until(() => watcher.heard.length > before);
    for (let it = 0; it < 2; it++) {
      const next = await pool.explore(small, { cancelled: false });
      expect(next.summary.complete).toBe(true);
    }
    const rested = watcher.heard.length;
    await pool.explore(small, { cancelled: false });
    expect(watcher.heard.length).toBe(rested);
    watcher.paused = false;
    await watcher.until(() => watcher.heard.length > rested);
    expect(latest(watcher)).toBeGreaterThan(0);
    watcher.cancelled = true;
    expect((await exploring).summary.limit).toBe("cancelled");
  });

  it("is cancelled at once while it is paused", async () => {
    const watcher = new Watcher();
    const exploring = pool.explore(endless, watcher);
    await watcher.until(() => latest(watcher) > 0);
    watcher.paused = true;
    await watcher.until(() => watcher.heard.length > 1);
    watcher.cancelled = true;
    expect((await exploring).summary.limit).toBe("cancelled");
  });
});

describe("an exploration that waits for another one", () => {
  it("is not begun when it is cancelled before its turn", async () => {
    const first = new Watcher();
    const running = pool.explore(endless, first);
    await first.until(() => latest(first) > 0);
    const second = new Watcher();
    const waiting = pool.explore(small, second);
    second.cancelled = true;
    expect((await waiting).summary).toMatchObject({ executions: 0, limit: "cancelled" });
    first.cancelled = true;
    await running;
  });

  it("gets its turn when the other one ends", async () => {
    const first = new Watcher();
    const running = pool.explore(endless, first);
    await first.until(() => latest(first) > 0);
    const waiting = pool.explore(small, { cancelled: false });
    first.cancelled = true;
    await running;
    expect((await waiting).summary.complete).toBe(true);
  });
});
