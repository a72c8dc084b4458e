// The generated site in a thread of its own, so that crawlers that compute do not keep it from answering.

import { Worker } from "node:worker_threads";
import type { SiteOptions } from "../../protocol/crawl.js";
import type { Role } from "../roles.js";

export interface SiteThread {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** @param script the bundle of `main.ts` */
export async function openSite(script: string, options: SiteOptions): Promise<SiteThread> {
  const role: Role = { kind: "site", options };
  const worker = new Worker(script, { workerData: role });
  const url = await new Promise<string>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return {
    url,
    close: async () => {
      await worker.terminate();
    },
  };
}
