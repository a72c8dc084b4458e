// What the lab's page and the extension say to each other, and what both call the crawlers by.

import type { FormName, LabNews } from "./crawl.js";

export interface FormWords {
  readonly name: FormName;
  readonly label: string;
  readonly about: string;
  /** Whether the number of workers changes anything, so that a throughput curve can be measured. */
  readonly hasWorkers: boolean;
}

/** In the order in which they are shown and run. */
export const formWords: readonly FormWords[] = [
  {
    name: "serial",
    label: "Serial",
    about: "one page after the other: the baseline",
    hasWorkers: false,
  },
  {
    name: "mutex",
    label: "Mutex and WaitGroup",
    about: "a task per link, one lock around “was it fetched?”",
    hasWorkers: false,
  },
  {
    name: "pool",
    label: "Worker pool",
    about: "a fixed number of workers, a shared frontier",
    hasWorkers: true,
  },
  {
    name: "channel",
    label: "Channels",
    about: "workers share nothing, a coordinator counts",
    hasWorkers: true,
  },
  {
    name: "event-loop",
    label: "Event loop",
    about: "callbacks on one thread, no lock",
    hasWorkers: false,
  },
  {
    name: "threads",
    label: "Worker threads",
    about: "the pool on threads, for pages that compute",
    hasWorkers: true,
  },
];

export type LabSite = "small" | "large" | "heavy" | "url";

/** What somebody has chosen to run. */
export interface LabChoice {
  readonly form: FormName | "all";
  readonly site: LabSite;
  /** Where to begin if the site is a URL. */
  readonly url: string;
  readonly workers: number;
  /** Milliseconds until a page of the generated site answers, half of it more or less. */
  readonly latency: number;
  readonly seed: number;
}

export const firstChoice: LabChoice = {
  form: "all",
  site: "small",
  url: "",
  workers: 8,
  latency: 30,
  seed: 7,
};

export const labLimits = { workers: 32, latency: 500, seed: 9999 } as const;

export type LabWork = "run" | "measure";

/** To the page. */
export type ToLab =
  | { readonly type: "choice"; readonly choice: LabChoice }
  /** Work begins: figures of the work before are out of date. */
  | { readonly type: "began"; readonly work: LabWork; readonly choice: LabChoice }
  | { readonly type: "news"; readonly news: readonly LabNews[] }
  /** Nothing runs any more. */
  | { readonly type: "over"; readonly stopped: boolean }
  /** The page was hidden for so long that the beginning of the crawl is not kept. */
  | { readonly type: "gap"; readonly events: number };

/** From the page. */
export type FromLab =
  | { readonly type: "ready" }
  | { readonly type: "do"; readonly work: LabWork; readonly choice: LabChoice }
  | { readonly type: "stop" }
  /** Search the orders of the form's sample, or only open it. */
  | { readonly type: "sample"; readonly form: FormName; readonly explore: boolean }
  | { readonly type: "failed"; readonly message: string };

export const labProtocol = 1;

/** What the page keeps over a reload of the window. */
export interface LabState {
  readonly protocol: number;
  readonly choice: LabChoice;
}
