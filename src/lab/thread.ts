import { Worker } from "node:worker_threads";
import type { LabNews, LabOrder } from "../../protocol/crawl.js";

/** After this many milliseconds a thread that was told to stop is ended from outside. */
const patience = 3_000;

export interface Listener {
  heard(news: LabNews): void;
  /** All orders are carried out, or it was stopped; the thread and all that it opened is gone. */
  over(stopped: boolean): void;
}

/** The crawler's thread: there is one only while something is to be done. */
export class CrawlerThread {
  readonly #script: string;
  readonly #listener: Listener;
  #worker: Worker | null = null;
  #orders: LabOrder[] = [];
  #stopped = false;
  #late: NodeJS.Timeout | null = null;

  /** @param script the crawler's bundle */
  constructor(script: string, listener: Listener) {
    this.#script = script;
    this.#listener = listener;
  }

  get busy(): boolean {
    return this.#worker !== null;
  }

  /** Carries out the orders, one after the other; what was going on is stopped first. */
  async run(orders: readonly LabOrder[]): Promise<void> {
    await this.end();
    const worker = new Worker(this.#script, { workerData: { kind: "lab" } });
    this.#worker = worker;
    this.#orders = [...orders];
    this.#stopped = false;
    worker.on("message", (news: LabNews) => {
      if (this.#worker !== worker) return;
      if (news.kind === "over") this.#next();
      else this.#listener.heard(news);
    });
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#listener.heard({ kind: "problem", text: error.message });
    });
    worker.on("exit", () => {
      this.#ended(worker);
    });
    this.#next();
  }

  /** Lets the crawl end by itself, which tells what it has; the thread is ended if it does not. */
  stop(): void {
    const worker = this.#worker;
    if (worker === null || this.#stopped) return;
    this.#stopped = true;
    this.#orders = [];
    worker.postMessage({ kind: "stop" } satisfies LabOrder);
    this.#late = setTimeout(() => void worker.terminate(), patience);
  }

  /** Ends the thread, with its servers, sockets and threads. */
  async end(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#stopped = true;
    await worker.terminate();
    this.#ended(worker);
  }

  #next(): void {
    const order = this.#orders.shift();
    if (order === undefined) void this.#worker?.terminate();
    else this.#worker?.postMessage(order);
  }

  #ended(worker: Worker): void {
    if (this.#worker !== worker) return;
    if (this.#late !== null) clearTimeout(this.#late);
    this.#late = null;
    this.#worker = null;
    this.#listener.over(this.#stopped);
  }
}
