// One worker thread and several side by side, on the same explorations.

import path from "node:path";
import { WorkerPool } from "../../language-server/host/worker-pool.js";
import type { Exploration, ExploreJob } from "../../language-server/explore/explorer.js";
import type { Parameters } from "../../test/fixtures/explore/counts.js";
import { ExplorePrograms } from "../../test/harness/explore-programs.js";

export interface Options {
  /** The project's folder, with a build in `dist/`. */
  readonly root: string;
  readonly threads: number;
  readonly runs: number;
  readonly only: string | null;
  /** Those too that take minutes. */
  readonly big: boolean;
}

interface Row {
  readonly name: string;
  readonly parameters: Parameters;
  readonly big?: true;
}

const rows: readonly Row[] = [
  { name: "readers", parameters: { n: 13 } },
  { name: "casw", parameters: { n: 5 } },
  { name: "counters", parameters: { k: 1, n: 8 } },
  { name: "philosophers", parameters: { n: 10, ordered: false } },
  { name: "producers_consumers", parameters: { n: 5, capacity: 5 } },
  { name: "select_one_shot", parameters: { n: 6 } },
  { name: "filesystem", parameters: { n: 26 } },
  { name: "lastzero", parameters: { n: 15 } },
  { name: "counters", parameters: { k: 1, n: 9 } },
  { name: "worker_pool", parameters: { workers: 3, capacity: 0, jobs: 11 } },
  { name: "readers", parameters: { n: 17 }, big: true },
  { name: "counters", parameters: { k: 1, n: 10 }, big: true },
];

const limits = { executions: 100_000_000, depth: 5000, millis: 3_600_000 };

interface Run {
  readonly millis: number;
  readonly cpuMillis: number;
  readonly exploration: Exploration;
}

export async function compare({ root, threads, runs, only, big }: Options): Promise<void> {
  // The threads of the front end and of the pool do not keep the process from its end.
  const alive = setInterval(() => undefined, 1000);
  const programs = new ExplorePrograms(root);
  console.log(
    "| program | orders | 1 thread | cpu | " + `${threads} threads | cpu | ratio | same |`,
  );
  console.log("|---|---|---|---|---|---|---|---|");
  for (const { name, parameters, big: isBig } of rows) {
    if ((isBig === true && !big) || (only !== null && name !== only)) continue;
    const { program, entry } = await programs.load(name, parameters);
    const job: ExploreJob = { program, entry, limits, candidates: [] };
    const script = path.join(root, "dist", "worker.cjs");
    const all: Run[][] = [[], []];
    for (let run = 0; run < runs; run++) {
      all[0]?.push(await measured(script, 1, job));
      all[1]?.push(await measured(script, threads, job));
    }
    console.log(told(`${name} ${JSON.stringify(parameters)}`, all[0] ?? [], all[1] ?? []));
  }
  await programs.dispose();
  clearInterval(alive);
}

/** With threads that have just been started, as the first exploration of a session has. */
async function measured(script: string, threads: number, job: ExploreJob): Promise<Run> {
  const pool = new WorkerPool(script, threads, (it) => {
    console.error(it);
  });
  const start = performance.now();
  const before = process.cpuUsage();
  const exploration = await pool.explore(job, { cancelled: false });
  const { user, system } = process.cpuUsage(before);
  const millis = performance.now() - start;
  await pool.dispose();
  return { millis, cpuMillis: (user + system) / 1000, exploration };
}

function told(name: string, one: readonly Run[], several: readonly Run[]): string {
  const least = (runs: readonly Run[], of: (run: Run) => number): number =>
    Math.round(Math.min(...runs.map(of)));
  const [alone, together] = [one, several].map((it) => least(it, ({ millis }) => millis));
  const texts = new Set([...one, ...several].map(({ exploration }) => JSON.stringify(exploration)));
  const cells = [
    name,
    one[0]?.exploration.summary.executions,
    `${alone} ms`,
    `${least(one, ({ cpuMillis }) => cpuMillis)} ms`,
    `${together} ms`,
    `${least(several, ({ cpuMillis }) => cpuMillis)} ms`,
    ((alone ?? 0) / (together ?? 1)).toFixed(2),
    texts.size === 1 ? "yes" : "no",
  ];
  return `| ${cells.join(" | ")} |`;
}
