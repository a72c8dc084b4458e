import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { CancelToken } from "../base/cancel.js";
import type { GoImages, Host, Steering, Unit } from "../engine/engine.js";
import type { ExploreJob, Exploration } from "../explore/explorer.js";
import type { Look, LookJob } from "../explore/play/look.js";
import type { TsMorph } from "../frontend/ts/frontend.js";
import { GoClient } from "./go-client.js";
import { WorkerPool } from "./worker-pool.js";

export interface NodeHostOptions {
  /** The folder of the bundles. */
  readonly dist: string;
  readonly log: (message: string) => void;
}

/** What the engine needs, from Node: files, worker threads, the Go front end and the TypeScript compiler. */
export function createNodeHost(options: NodeHostOptions): Host {
  return new NodeHost(options);
}

class NodeHost implements Host {
  readonly #go: GoClient;
  readonly #pool: WorkerPool;
  readonly #log: (message: string) => void;
  #typescript: Promise<TsMorph> | undefined;

  constructor({ dist, log }: NodeHostOptions) {
    this.#log = log;
    this.#go = new GoClient(dist, log);
    const seats = Math.max(1, availableParallelism() - 1);
    this.#pool = new WorkerPool(path.join(dist, "worker.cjs"), seats, log);
  }

  goImages(unit: Unit, cancel: CancelToken): Promise<GoImages> {
    return this.#go.images(unit, cancel);
  }

  stdImage(importPath: string): string | null {
    return this.#go.stdImage(importPath);
  }

  readFile(uri: string): string | null {
    try {
      return readFileSync(fileURLToPath(uri), "utf8");
    } catch {
      return null; // Not there, not a file, or not ours to read: to the engine the same.
    }
  }

  explore(job: ExploreJob, steering: Steering): Promise<Exploration> {
    return this.#pool.explore(job, steering);
  }

  look(job: LookJob, steering: Steering): Promise<Look> {
    return this.#pool.look(job, steering);
  }

  typescript(): Promise<TsMorph> {
    this.#typescript ??= import("ts-morph");
    return this.#typescript;
  }

  now(): number {
    return performance.now();
  }

  log(message: string): void {
    this.#log(message);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#go.dispose(), this.#pool.dispose()]);
  }
}
