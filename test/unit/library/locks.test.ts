import { describe, expect, it } from "vitest";
import { Cond, go, Mutex, Once, RWMutex, Semaphore, WaitGroup } from "happens-before/go";
import { diary, settle } from "./settle.js";

describe("Mutex", () => {
  it("lets one in at a time, who waits longest first", async () => {
    const mu = new Mutex();
    const { lines, note } = diary();
    await mu.lock();
    for (const name of ["a", "b", "c"]) {
      go(async () => {
        await mu.lock();
        note(name);
      });
    }
    await settle();
    expect(lines).toEqual([]);
    mu.unlock();
    await settle();
    expect(lines).toEqual(["a"]);
    mu.unlock();
    mu.unlock();
    await settle();
    expect(lines).toEqual(["a", "b", "c"]);
  });

  it("is not to be had twice, by the same task either", async () => {
    const mu = new Mutex();
    await mu.lock();
    expect(mu.tryLock()).toBe(false);
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
  });

  it("hands the lock over: nobody overtakes who waits", async () => {
    const mu = new Mutex();
    await mu.lock();
    void mu.lock();
    mu.unlock();
    expect(mu.tryLock()).toBe(false);
  });

  it("unlocked without being locked", () => {
    expect(() => {
      new Mutex().unlock();
    }).toThrow("sync: unlock of unlocked mutex");
  });
});

describe("RWMutex", () => {
  it("has many readers or one writer", async () => {
    const mu = new RWMutex();
    await mu.rLock();
    expect(mu.tryRLock()).toBe(true);
    expect(mu.tryLock()).toBe(false);
    mu.rUnlock();
    mu.rUnlock();
    expect(mu.tryLock()).toBe(true);
    expect(mu.tryRLock()).toBe(false);
    expect(mu.tryLock()).toBe(false);
  });

  it("keeps later readers out while a writer waits", async () => {
    const mu = new RWMutex();
    const { lines, note } = diary();
    await mu.rLock();
    go(async () => {
      await mu.lock();
      note("writer");
      mu.unlock();
    });
    await settle();
    expect(mu.tryRLock()).toBe(false);
    go(async () => {
      await mu.rLock();
      note("reader");
    });
    await settle();
    expect(lines).toEqual([]);
    mu.rUnlock();
    await settle();
    expect(lines).toEqual(["writer", "reader"]);
  });

  it("lets all readers in that wait behind the writer", async () => {
    const mu = new RWMutex();
    const { lines, note } = diary();
    await mu.lock();
    for (const name of ["a", "b"]) {
      go(async () => {
        await mu.rLock();
        note(name);
      });
    }
    await settle();
    mu.unlock();
    await settle();
    expect(lines).toEqual(["a", "b"]);
  });

  it("has a half for readers", async () => {
    const mu = new RWMutex();
    const readers = mu.rLocker();
    await readers.lock();
    expect(mu.tryLock()).toBe(false);
    readers.unlock();
    expect(mu.tryLock()).toBe(true);
  });

  it("unlocked without being locked", async () => {
    const mu = new RWMutex();
    expect(() => {
      mu.unlock();
    }).toThrow("sync: Unlock of unlocked RWMutex");
    expect(() => {
      mu.rUnlock();
    }).toThrow("sync: RUnlock of unlocked RWMutex");
    await mu.rLock();
    expect(() => {
      mu.unlock();
    }).toThrow("sync: Unlock of unlocked RWMutex");
  });
});

describe("WaitGroup", () => {
  it("waits until all are done", async () => {
    const group = new WaitGroup();
    const { lines, note } = diary();
    group.add(2);
    go(async () => {
      await group.wait();
      note("waited");
    });
    group.done();
    await settle();
    expect(lines).toEqual([]);
    group.done();
    await settle();
    expect(lines).toEqual(["waited"]);
  });

  it("does not wait for nobody, and can be used again", async () => {
    const group = new WaitGroup();
    await group.wait();
    group.add(1);
    group.done();
    await group.wait();
  });

  it("lets all go on who wait", async () => {
    const group = new WaitGroup();
    group.add(1);
    const all = Promise.all([group.wait(), group.wait()]);
    group.done();
    await all;
  });

  it("counts a task from before it starts to its end", async () => {
    const group = new WaitGroup();
    let ended = 0;
    for (let i = 0; i < 3; i++) {
      group.go(async () => {
        await settle();
        ended++;
      });
    }
    await group.wait();
    expect(ended).toBe(3);
  });

  it("says what Go says below zero", () => {
    expect(() => {
      new WaitGroup().done();
    }).toThrow("sync: negative WaitGroup counter");
  });
});

describe("Once", () => {
  it("runs the first task alone, and lets others wait for its end", async () => {
    const once = new Once();
    const { lines, note } = diary();
    go(() =>
      once.do(async () => {
        note("begins");
        await settle();
        note("ends");
      }),
    );
    go(async () => {
      await once.do(() => {
        note("second");
      });
      note("goes on");
    });
    await settle();
    await settle();
    expect(lines).toEqual(["begins", "ends", "goes on"]);
  });

  it("is done when the task throws", async () => {
    const once = new Once();
    await expect(
      once.do(() => {
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    await once.do(() => {
      throw new Error("never run");
    });
  });
});

describe("Cond", () => {
  it("signals who waits longest, and broadcasts to all", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const { lines, note } = diary();
    for (const name of ["a", "b", "c"]) {
      go(async () => {
        await mu.lock();
        await cond.wait();
        note(name);
        mu.unlock();
      });
    }
    await settle();
    cond.signal();
    await settle();
    expect(lines).toEqual(["a"]);
    cond.broadcast();
    await settle();
    expect(lines).toEqual(["a", "b", "c"]);
  });

  it("forgets a signal that nobody waits for", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    let woken = false;
    cond.signal();
    cond.broadcast();
    go(async () => {
      await mu.lock();
      await cond.wait();
      woken = true;
    });
    await settle();
    expect(woken).toBe(false);
  });

  it("gives the lock back while it waits, and has it again after", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    go(async () => {
      await mu.lock();
      await cond.wait();
    });
    await settle();
    expect(mu.tryLock()).toBe(true);
    cond.signal();
    await settle();
    mu.unlock();
    await settle();
    expect(mu.tryLock()).toBe(false);
  });

  it("is waited for with the lock held", async () => {
    await expect(new Cond(new Mutex()).wait()).rejects.toThrow("sync: unlock of unlocked mutex");
  });
});

describe("Semaphore", () => {
  it("has so many places, and serves in order", async () => {
    const places = new Semaphore(2);
    await places.acquire();
    await places.acquire();
    expect(places.tryAcquire()).toBe(false);
    const { lines, note } = diary();
    for (const name of ["a", "b"]) {
      go(async () => {
        await places.acquire();
        note(name);
      });
    }
    await settle();
    places.release();
    await settle();
    expect(lines).toEqual(["a"]);
    places.release();
    await settle();
    expect(lines).toEqual(["a", "b"]);
  });

  it("does not let who wants little overtake who wants much", async () => {
    const places = new Semaphore(2);
    await places.acquire();
    go(() => places.acquire(2));
    await settle();
    expect(places.tryAcquire()).toBe(false);
    places.release();
    await settle();
    places.release(2);
    expect(places.tryAcquire(2)).toBe(true);
  });

  it("released more than it was acquired", () => {
    expect(() => {
      new Semaphore(1).release();
    }).toThrow("semaphore: released more than held");
  });
});
