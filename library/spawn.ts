import { start } from "./observer.js";

/**
 * Go's `go`: the task starts soon, nobody waits for it.
 * An error that it lets out ends the program, as a panic does.
 */
export function go(task: () => void | Promise<void>): void {
  queueMicrotask(() => {
    void start(async () => {
      await task();
    });
  });
}

/** Go's `time.Sleep`, in milliseconds. */
export function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}
