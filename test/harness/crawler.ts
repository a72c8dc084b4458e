// A served site and crawls of it, for tests.

import path from "node:path";
import { build } from "esbuild";
import type { CrawlEvent, CrawlResult, FormName, SiteOptions } from "../../protocol/crawl.js";
import { formNamed } from "../../crawler/forms.js";
import { type Limits, siteLimits } from "../../crawler/limits.js";
import { runCrawl } from "../../crawler/run.js";
import { root } from "./engine.js";

export const site: SiteOptions = {
  seed: 1,
  pages: 500,
  links: 3,
  latency: 0,
  trouble: 0.2,
  bytes: 200,
};

export interface Crawled {
  readonly result: CrawlResult;
  readonly events: readonly CrawlEvent[];
}

export interface CrawlChoice {
  readonly form: FormName;
  readonly start: string;
  readonly workers?: number;
  readonly limits?: Partial<Limits>;
  readonly rounds?: number;
  readonly threadScript?: string;
  readonly cancelled?: AbortSignal;
  readonly heard?: (event: CrawlEvent) => void;
}

export async function crawl(choice: CrawlChoice): Promise<Crawled> {
  const form = formNamed(choice.form);
  if (form === undefined) throw new Error(`no form ${choice.form}`);
  const events: CrawlEvent[] = [];
  const result = await runCrawl(
    {
      form,
      start: choice.start,
      workers: choice.workers ?? 4,
      work: { limits: { ...siteLimits, ...choice.limits }, rounds: choice.rounds ?? 0 },
      threadScript: choice.threadScript ?? "",
    },
    (it) => {
      events.push(it);
      choice.heard?.(it);
    },
    choice.cancelled ?? new AbortController().signal,
  );
  return { result, events };
}

/** The bundle that threads of the crawler run, built from the sources under test. */
export async function crawlerBundle(name: string): Promise<string> {
  const outfile = path.join(root, ".cache", "crawler", `${name}.cjs`);
  await build({
    entryPoints: [path.join(root, "crawler", "main.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    alias: { "happens-before/go": path.join(root, "library", "go.ts") },
    define: { "import.meta.filename": "__filename", "import.meta.main": "false" },
    outfile,
    logLevel: "error",
  });
  return outfile;
}
