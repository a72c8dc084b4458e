// What the crawler lab and its threads say to each other: plain data. Times are milliseconds since the crawl began.

export type FormName = "serial" | "mutex" | "pool" | "channel" | "event-loop" | "threads";

/** Something that happened in a crawl. Task 0 is the one that began it. */
export type CrawlEvent =
  | {
      readonly kind: "found";
      readonly at: number;
      readonly url: string;
      /** `null` for the start. */
      readonly from: string | null;
    }
  | {
      readonly kind: "fetching";
      readonly at: number;
      readonly task: number;
      readonly url: string;
      /** 1 for the first time; more is what a crawler must not do. */
      readonly time: number;
    }
  | {
      readonly kind: "fetched";
      readonly at: number;
      readonly task: number;
      readonly url: string;
      readonly bytes: number;
      /** Only the beginning was read: it was too long, or broke off. */
      readonly cut: boolean;
    }
  | {
      readonly kind: "redirected";
      readonly at: number;
      readonly task: number;
      readonly url: string;
      readonly to: string;
    }
  | {
      readonly kind: "failed";
      readonly at: number;
      readonly task: number;
      readonly url: string;
      readonly reason: string;
    }
  | {
      readonly kind: "skipped";
      readonly at: number;
      readonly url: string;
      readonly reason: string;
    }
  | { readonly kind: "started"; readonly at: number; readonly task: number }
  | {
      readonly kind: "waits";
      readonly at: number;
      readonly task: number;
      /** What for: a lock, a channel, a condition. */
      readonly reason: string;
    }
  | { readonly kind: "goes-on"; readonly at: number; readonly task: number }
  | { readonly kind: "ended"; readonly at: number; readonly task: number };

/** The end of a crawl. */
export interface CrawlResult {
  readonly form: FormName;
  readonly workers: number;
  readonly millis: number;
  /** Pages that were asked for, each counted once. */
  readonly pages: number;
  /** Times that a page was asked for though it had been before. */
  readonly duplicates: number;
  readonly failed: number;
  /** Links that were not followed, each time one was met. */
  readonly skipped: number;
  readonly bytes: number;
  readonly end: "done" | "cancelled" | "too long";
}

/** A website that nobody wrote; the same seed gives the same one. */
export interface SiteOptions {
  readonly seed: number;
  /** Pages that can be reached and answer, the start among them. */
  readonly pages: number;
  /** Links per page, beside those that make every page reachable. */
  readonly links: number;
  /** Milliseconds until a page answers, half of it more or less. */
  readonly latency: number;
  /** Share of the pages, 0 to 1, that link to something broken, missing, redirected or cut short. */
  readonly trouble: number;
  /** Bytes of text on a page. */
  readonly bytes: number;
}

export type SiteChoice =
  | { readonly kind: "generated"; readonly options: SiteOptions }
  | { readonly kind: "url"; readonly url: string };

/** To the lab's thread. */
export type LabOrder =
  | {
      readonly kind: "run";
      /** One after the other; each begins at 0 on its own clock. */
      readonly forms: readonly FormName[];
      readonly site: SiteChoice;
      readonly workers: number;
      /** Rounds of hashing per page: what a page costs besides waiting. */
      readonly rounds: number;
    }
  | {
      /** The same site with 1, 2, 4 … workers. */
      readonly kind: "curve";
      readonly form: FormName;
      readonly site: SiteChoice;
      readonly rounds: number;
    }
  | { readonly kind: "stop" };

/** A point of the throughput curve. */
export interface CurvePoint {
  readonly workers: number;
  /** Pages per second. */
  readonly throughput: number;
}

/** From the lab's thread. */
export type LabNews =
  | {
      readonly kind: "began";
      readonly form: FormName;
      readonly start: string;
      readonly workers: number;
    }
  | { readonly kind: "events"; readonly events: readonly CrawlEvent[] }
  | { readonly kind: "result"; readonly result: CrawlResult }
  | {
      readonly kind: "curve";
      readonly form: FormName;
      readonly points: readonly CurvePoint[];
      /** Where more workers stop paying; `null` when they do not yet, or it is not known yet. */
      readonly knee: CurvePoint | null;
    }
  | { readonly kind: "problem"; readonly text: string }
  /** Nothing runs any more. */
  | { readonly kind: "over" };
