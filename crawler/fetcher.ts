// What every form of the crawler calls to get a page: the policy (origin, robots, depth, pages, rate) is here, so that the
// forms are nothing but their way to work side by side. Never fetching a page twice is their duty; here it is only counted.

import type { CrawlEvent } from "../protocol/crawl.js";
import type { Download } from "./download.js";
import type { Limits } from "./limits.js";
import type { Robots } from "./robots.js";
import { sameOrigin } from "./urls.js";

type Unstamped<E> = E extends { readonly at: number } ? Omit<E, "at"> : never;
/** An event, the time left out. */
export type Told = Unstamped<CrawlEvent>;

export interface Surroundings {
  readonly start: string;
  readonly limits: Limits;
  readonly robots: Robots;
  readonly cancelled: AbortSignal;
  readonly download: (url: string) => Promise<Download>;
  readonly tell: (event: Told) => void;
  /** The number of the task that runs. */
  readonly task: () => number;
}

export class Fetcher {
  readonly #in: Surroundings;
  readonly #depth = new Map<string, number>();
  readonly #redirects = new Map<string, number>();
  readonly #times = new Map<string, number>();
  #nextStart = 0;
  pages = 0;
  duplicates = 0;
  failed = 0;
  skipped = 0;
  bytes = 0;

  constructor(surroundings: Surroundings) {
    this.#in = surroundings;
    this.#depth.set(surroundings.start, 0);
    surroundings.tell({ kind: "found", url: surroundings.start, from: null });
  }

  /** The links of a page that may be followed; none when it fails or the crawl is over. Never throws. */
  async fetchPage(url: string): Promise<readonly string[]> {
    const { cancelled, tell, download } = this.#in;
    await this.#turn();
    if (cancelled.aborted) return [];
    const time = (this.#times.get(url) ?? 0) + 1;
    this.#times.set(url, time);
    if (time > 1) this.duplicates++;
    else this.pages++;
    const task = this.#in.task();
    tell({ kind: "fetching", task, url, time });
    const it = await download(url);
    switch (it.kind) {
      case "failed":
        this.failed++;
        tell({ kind: "failed", task, url, reason: it.reason });
        return [];
      case "redirect":
        tell({ kind: "redirected", task, url, to: it.to });
        return this.#redirected(url, it.to);
      case "page":
        this.bytes += it.bytes;
        tell({ kind: "fetched", task, url, bytes: it.bytes, cut: it.cut });
        return it.links.filter((link) => this.#follows(link, url));
    }
  }

  /** A redirect is a page with one link: whoever fetched its target already does not do so again. */
  #redirected(url: string, to: string): readonly string[] {
    const hops = (this.#redirects.get(url) ?? 0) + 1;
    if (hops > this.#in.limits.redirects) {
      this.#skip(to, `more than ${this.#in.limits.redirects} redirects`);
      return [];
    }
    if (!this.#redirects.has(to)) this.#redirects.set(to, hops);
    return this.#follows(to, url) ? [to] : [];
  }

  #follows(link: string, from: string): boolean {
    if (this.#depth.has(link)) return true;
    const { start, limits, robots, tell } = this.#in;
    const depth = (this.#depth.get(from) ?? 0) + 1;
    if (!sameOrigin(link, start)) return this.#skip(link, "other site");
    if (depth > limits.depth) return this.#skip(link, `deeper than ${limits.depth} links`);
    if (this.#depth.size >= limits.pages)
      return this.#skip(link, `more than ${limits.pages} pages`);
    if (!robots.allows(link)) return this.#skip(link, robots.refusal);
    this.#depth.set(link, depth);
    tell({ kind: "found", url: link, from });
    return true;
  }

  #skip(url: string, reason: string): false {
    this.skipped++;
    this.#in.tell({ kind: "skipped", url, reason });
    return false;
  }

  /** Waits until the rate allows another page. */
  async #turn(): Promise<void> {
    const { limits, robots, cancelled } = this.#in;
    const gap = Math.max(1000 / limits.rate, robots.delay ?? 0);
    if (gap === 0) return;
    const now = performance.now();
    const mine = Math.max(now, this.#nextStart);
    this.#nextStart = mine + gap;
    await pause(mine - now, cancelled);
  }
}

function pause(millis: number, cancelled: AbortSignal): Promise<void> {
  if (millis <= 0 || cancelled.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      cancelled.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    cancelled.addEventListener("abort", done);
  });
}
