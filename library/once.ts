import { waitFor } from "./observer.js";

/** Go's `sync.Once`: the first call runs the task, every other waits until it has ended. */
export class Once {
  #run: Promise<void> | null = null;

  async do(task: () => void | Promise<void>): Promise<void> {
    if (this.#run !== null) {
      await waitFor("once", this.#run);
      return;
    }
    const run = (async () => {
      await task();
    })();
    // Who comes later is not told of an error: for them the task was done, as in Go.
    this.#run = run.catch(() => undefined);
    await run;
  }
}
