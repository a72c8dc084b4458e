// Which task runs: kept beside the call, over every `await`, so that a fetch or a wait is told of the right lane.

import { AsyncLocalStorage } from "node:async_hooks";
import type { Observer } from "../library/observer.js";
import type { Told } from "./fetcher.js";

export interface Tasks {
  readonly observer: Observer;
  /** The number of the task that runs; 0 is the one that began the crawl. */
  readonly current: () => number;
}

export function countTasks(tell: (event: Told) => void): Tasks {
  const storage = new AsyncLocalStorage<number>();
  let last = 0;
  const current = (): number => storage.getStore() ?? 0;
  const observer: Observer = {
    start: (task) => {
      const number = ++last;
      return storage.run(number, async () => {
        tell({ kind: "started", task: number });
        try {
          await task();
        } finally {
          tell({ kind: "ended", task: number });
        }
      });
    },
    waits: (reason) => {
      tell({ kind: "waits", task: current(), reason });
    },
    goesOn: () => {
      tell({ kind: "goes-on", task: current() });
    },
  };
  return { observer, current };
}
