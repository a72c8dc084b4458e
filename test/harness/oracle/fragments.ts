// What random threads are made of: a few operations that belong together each, as people write them, with the mistakes
// people make.

import type { SelectCase } from "./program.js";
import { flag, found, unread, type ThreadWriter } from "./thread-writer.js";

export const features = [
  "memory",
  "mutex",
  "rwmutex",
  "channels",
  "select",
  "waitgroup",
  "cond and once",
  "timers",
  "mixed",
] as const;

export type Feature = (typeof features)[number];

/** Appends to a thread; sometimes nothing, when it has no place there. */
export type Fragment = (to: ThreadWriter) => void;

const load: Fragment = (to) => {
  to.emit({ kind: "load", cell: to.cell(), dst: found });
};

const store: Fragment = (to) => {
  to.emit({ kind: "store", cell: to.cell(), value: to.value() });
};

const add: Fragment = (to) => {
  to.emit({ kind: "add", cell: to.cell(), delta: 1, dst: found });
};

const swap: Fragment = (to) => {
  const [old, put] = [to.random.below(3), 1 + to.random.below(2)];
  to.emit({ kind: "cas", cell: to.cell(), old, put, dst: flag });
};

const increment: Fragment = (to) => {
  const cell = to.cell();
  to.emit({ kind: "load", cell, dst: found });
  to.emit({ kind: "sum", dst: found, left: { register: found }, right: 1 });
  to.emit({ kind: "store", cell, value: { register: found } });
};

/** Acts only on what it has read. */
function branch(inner: Fragment): Fragment {
  return (to) => {
    to.emit({ kind: "load", cell: to.cell(), dst: found });
    to.when(found, to.random.below(2), () => {
      inner(to);
    });
  };
}

const swapAndAct: Fragment = (to) => {
  swap(to);
  to.when(flag, to.random.below(2), () => {
    store(to);
  });
};

const memory = [load, load, store, store, add, swap, increment, branch(store), swapAndAct];

// ── Locks ───────────────────────────────────────────────────────────────────────────────────────

const maybeAccess: Fragment = (to) => {
  if (to.chance(2)) to.random.pick([load, store])(to);
};

const locked: Fragment = (to) => {
  const mutex = to.random.below(to.objects.mutexes);
  to.emit({ kind: "lock", mutex });
  maybeAccess(to);
  if (!to.chance(8)) to.emit({ kind: "unlock", mutex });
};

const lockedTwice: Fragment = (to) => {
  const [outer, inner] = to.chance(2) ? [0, 1] : [1, 0];
  to.emit({ kind: "lock", mutex: outer }, { kind: "lock", mutex: inner });
  to.emit({ kind: "unlock", mutex: inner }, { kind: "unlock", mutex: outer });
};

const attempt: Fragment = (to) => {
  const mutex = to.random.below(to.objects.mutexes);
  to.emit({ kind: "trylock", mutex, dst: flag });
  to.when(flag, 1, () => {
    maybeAccess(to);
    if (!to.chance(8)) to.emit({ kind: "unlock", mutex });
  });
};

const strayUnlock: Fragment = (to) => {
  if (to.chance(3)) to.emit({ kind: "unlock", mutex: to.random.below(to.objects.mutexes) });
};

const reading: Fragment = (to) => {
  const rwmutex = 0;
  if (!to.mayRead(rwmutex)) return;
  to.emit({ kind: "rlock", rwmutex });
  maybeAccess(to);
  if (to.chance(8)) to.reads(rwmutex, true);
  else to.emit({ kind: "runlock", rwmutex });
};

const writing: Fragment = (to) => {
  to.emit({ kind: "wlock", rwmutex: 0 });
  maybeAccess(to);
  if (!to.chance(8)) to.emit({ kind: "wunlock", rwmutex: 0 });
};

const readAttempt: Fragment = (to) => {
  const rwmutex = 0;
  if (!to.mayRead(rwmutex)) return;
  to.emit({ kind: "tryrlock", rwmutex, dst: flag });
  to.when(flag, 1, () => {
    maybeAccess(to);
    if (to.chance(8)) to.reads(rwmutex, true);
    else to.emit({ kind: "runlock", rwmutex });
  });
};

const writeAttempt: Fragment = (to) => {
  to.emit({ kind: "trywlock", rwmutex: 0, dst: flag });
  to.when(flag, 1, () => {
    maybeAccess(to);
    if (!to.chance(8)) to.emit({ kind: "wunlock", rwmutex: 0 });
  });
};

const strayRelease: Fragment = (to) => {
  if (!to.chance(4)) return;
  to.emit({ kind: to.chance(2) ? "runlock" : "wunlock", rwmutex: 0 });
};

// ── Channels ────────────────────────────────────────────────────────────────────────────────────

function channelOf(to: ThreadWriter): number {
  return to.random.below(to.objects.channels.length - to.objects.timers.length);
}

const send: Fragment = (to) => {
  to.emit({ kind: "send", channel: channelOf(to), value: to.value() });
};

const recv: Fragment = (to) => {
  to.emit({ kind: "recv", channel: channelOf(to), dst: found, ok: flag });
};

const transfer: Fragment = (to) => {
  if (to.direction() === "send") send(to);
  else recv(to);
};

const recvAndAct: Fragment = (to) => {
  recv(to);
  to.when(flag, to.random.below(2), () => {
    to.random.pick([store, transfer])(to);
  });
};

const close: Fragment = (to) => {
  if (to.chance(3)) to.emit({ kind: "close", channel: channelOf(to) });
};

function selects(
  channels: (to: ThreadWriter) => readonly number[],
  oneInFallback: number,
): Fragment {
  return (to) => {
    const cases = channels(to).map((channel): SelectCase => {
      const isTimer = to.objects.timers.includes(channel);
      const dir = isTimer ? "recv" : to.direction();
      return { dir, channel, value: dir === "send" ? to.value() : 0 };
    });
    to.emit({ kind: "select", cases, fallback: to.chance(oneInFallback), arm: flag, dst: found });
    if (!to.chance(3)) return;
    to.when(flag, to.random.below(2), () => {
      to.random.pick([store, transfer])(to);
    });
  };
}

/** One to three cases; the same channel may come twice. */
const select = selects(
  (to) => Array.from({ length: 1 + to.random.below(3) }, () => channelOf(to)),
  2,
);

// ── Waiting ─────────────────────────────────────────────────────────────────────────────────────

const grow: Fragment = (to) => {
  const delta = to.chance(4) ? 2 : 1;
  to.emit({ kind: "wg-add", group: 0, delta });
  to.owe(delta);
};

const done: Fragment = (to) => {
  // Somebody else's, at times.
  if (to.owed === 0 && !to.chance(3)) return;
  to.emit({ kind: "wg-add", group: 0, delta: -1 });
  if (to.owed > 0) to.owe(-1);
};

const wait: Fragment = (to) => {
  to.emit({ kind: "wg-wait", group: 0 });
};

const once: Fragment = (to) => {
  to.emit({ kind: "once-begin", once: 0, dst: flag });
  to.when(flag, 1, () => {
    maybeAccess(to);
    to.emit({ kind: "once-end", once: 0 });
  });
};

/** As `sync.Cond.Wait` does it, with the lock taken around it or, wrongly, not. */
const condWait: Fragment = (to) => {
  const waitOnce = (): void => {
    to.emit({ kind: "cond-enqueue", cond: 0 }, { kind: "unlock", mutex: 0 });
    to.emit({ kind: "cond-park", cond: 0 }, { kind: "lock", mutex: 0 });
  };
  if (!to.chance(8)) to.emit({ kind: "lock", mutex: 0 });
  if (to.chance(2)) waitOnce();
  else {
    to.emit({ kind: "load", cell: to.cell(), dst: found });
    to.when(found, 0, waitOnce);
  }
  to.emit({ kind: "unlock", mutex: 0 });
};

const wake: Fragment = (to) => {
  const isLocked = to.chance(2);
  if (isLocked) to.emit({ kind: "lock", mutex: 0 });
  if (to.chance(2)) store(to);
  to.emit({ kind: to.chance(3) ? "cond-broadcast" : "cond-signal", cond: 0 });
  if (isLocked) to.emit({ kind: "unlock", mutex: 0 });
};

// ── Time ────────────────────────────────────────────────────────────────────────────────────────

const sleep: Fragment = (to) => {
  to.emit({ kind: "sleep", duration: 1 + to.random.below(3) });
};

const start: Fragment = (to) => {
  const isRunning = to.started.has(0);
  if (!to.owns(0)) return;
  if (isRunning) to.emit({ kind: "timer-stop", timer: 0, dst: flag });
  to.emit({ kind: "timer-start", timer: 0, duration: 1 + to.random.below(3) });
};

const stop: Fragment = (to) => {
  to.emit({ kind: "timer-stop", timer: 0, dst: flag });
  if (!to.chance(2)) return;
  to.when(flag, to.random.below(2), () => {
    store(to);
  });
};

function timerChannel(to: ThreadWriter): number {
  return to.objects.timers[0] ?? 0;
}

const expire: Fragment = (to) => {
  to.emit({ kind: "recv", channel: timerChannel(to), dst: unread, ok: unread });
};

const timeout = selects((to) => [channelOf(to), timerChannel(to)], 4);

export const fragments: Readonly<Record<Feature, readonly Fragment[]>> = {
  memory,
  mutex: [locked, locked, lockedTwice, attempt, strayUnlock, load, store, branch(locked)],
  rwmutex: [
    ...[reading, reading, writing, readAttempt, writeAttempt, strayRelease],
    ...[locked, load, store, branch(writing)],
  ],
  channels: [transfer, transfer, transfer, recvAndAct, close, store, load, branch(send)],
  select: [select, select, select, transfer, transfer, close],
  waitgroup: [grow, grow, done, done, wait, load, store],
  "cond and once": [condWait, condWait, wake, wake, once, load, store],
  timers: [sleep, start, start, stop, expire, timeout, timeout, load, store, transfer],
  mixed: [
    ...[load, store, swap, branch(store), locked, reading, writing, transfer, transfer],
    ...[recvAndAct, close, select, select, grow, done, wait, once, condWait, wake],
  ],
};
