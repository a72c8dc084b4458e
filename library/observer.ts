// Who wants to see tasks start, wait and end: the crawler lab draws its lanes from this.

/** What a task waits for. */
export type Reason =
  | "lock"
  | "send"
  | "receive"
  | "select"
  | "wait group"
  | "condition"
  | "semaphore"
  | "once";

export interface Observer {
  /** Runs the task; whoever wants to know later whose wait it is keeps that around the call. */
  start(task: () => Promise<void>): Promise<void>;
  waits(reason: Reason): void;
  goesOn(): void;
}

let current: Observer | null = null;

/** There is one at most; `null` takes it away. */
export function observe(observer: Observer | null): void {
  current = observer;
}

export function start(task: () => Promise<void>): Promise<void> {
  return current === null ? task() : current.start(task);
}

/** A promise that only another task can settle. */
export async function waitFor<T>(reason: Reason, promise: Promise<T>): Promise<T> {
  const told = current;
  told?.waits(reason);
  const value = await promise;
  told?.goesOn();
  return value;
}
