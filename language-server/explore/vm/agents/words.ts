// What is wrong with agents, in words: the reports are known by them.

export const agentWords = {
  /** Nobody is left to notify, and it may be that nobody ever should have. */
  asleep: "threads wait for ever",
  onMain: "the main thread sleeps, and a worker needs its event loop",
  changed: "what it waits for has changed, and no notify comes",
  notified: "the notify came before the wait",
  round: "threads go round for ever",
  unheard: "an async call waits for a message that came before anybody listened",
  brokenLock: (name: string): string => `the lock ${name} is taken by a look and then a store`,
} as const;
