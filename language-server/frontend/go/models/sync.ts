import { acquire, release, syncConst, syncOn, tryAcquire, type Models } from "./model.js";

/** Package sync: what the bundled `sync` leaves without a body, and its primitives. */
export const syncModels: Models = {
  "(*sync.Mutex).Lock": acquire(false),
  "(*sync.Mutex).Unlock": release(false),
  "(*sync.Mutex).TryLock": tryAcquire(false),

  "(*sync.RWMutex).Lock": acquire(false),
  "(*sync.RWMutex).Unlock": release(false),
  "(*sync.RWMutex).TryLock": tryAcquire(false),
  "(*sync.RWMutex).RLock": acquire(true),
  "(*sync.RWMutex).RUnlock": release(true),
  "(*sync.RWMutex).TryRLock": tryAcquire(true),

  "(*sync.WaitGroup).Add": syncOn("wg-add", 2),
  "(*sync.WaitGroup).Done": syncConst("wg-add", -1),
  "(*sync.WaitGroup).Wait": syncOn("wg-wait", 1),

  "sync.onceBegin": syncOn("once-begin", 1, "bool"),
  "sync.onceEnd": syncOn("once-end", 1),

  "sync.condEnqueue": syncOn("cond-enqueue", 1),
  "sync.condPark": syncOn("cond-park", 1),
  "(*sync.Cond).Signal": syncOn("cond-signal", 1),
  "(*sync.Cond).Broadcast": syncOn("cond-broadcast", 1),
};
