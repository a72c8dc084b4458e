// The one place that says which steps commute: a table over pairs of kinds of touches of one object, after the
// happens-before edges of Go's memory model and, for what Go leaves open, after what its run-time does.

import { touches, type TouchKind } from "./vm/touch.js";

/** How the earlier of two touches of one object by different threads relates to the later one. */
export const relation = {
  /** They commute. */
  independent: 0,
  /** Their order matters, and both orders may be possible. */
  racing: 1,
  /** The earlier one made the later one possible, or at least never comes after it: ordered, and nothing to reverse. */
  enabling: 2,
  /**
   * Their order matters, and where the later one could come first is not told exactly: everything that may run before
   * the earlier one is tried (Flanagan and Godefroid, POPL'05, §3).
   */
  conservative: 3,
} as const;

export type Relation = (typeof relation)[keyof typeof relation];

/** What of a touch decides what it commutes with. */
export interface Footprint {
  readonly object: number;
  readonly kind: TouchKind;
  readonly n: number;
  readonly cap: number;
}

const kinds = Object.keys(touches).length;
const table = new Uint8Array(kinds * kinds);
/** Entries of the table that more than the two kinds decide. */
const slots = 4;
const counters = 5;
const lastOne = 6;

function ordered(first: TouchKind, second: TouchKind, value: number): void {
  table[first * kinds + second] = value;
}

function both(a: TouchKind, b: TouchKind, value: number): void {
  ordered(a, b, value);
  ordered(b, a, value);
}

function among(group: readonly TouchKind[], value: number): void {
  for (const a of group) for (const b of group) ordered(a, b, value);
}

const t = touches;
const { racing, enabling, conservative, independent } = relation;

// Cells. Failed compare-and-swaps are reads.
both(t.read, t.write, racing);
ordered(t.write, t.write, racing);

// Collections. What two do to single entries is told by touches of the entries.
both(t.partWrite, t.wholeRead, racing);
for (const it of [t.partRead, t.partWrite, t.wholeRead, t.wholeWrite]) {
  both(t.wholeWrite, it, racing);
}

// Locks. A lock is in a race with the last acquisition; the unlock between them only makes it possible. An unlock by
// somebody who does not hold the lock is in a race with the acquisition it needs. Tries never wait, so they race with
// everything that decides their outcome.
const exclusive = [t.lock, t.unlock, t.unlockFree] as const;
among(exclusive, racing);
ordered(t.unlock, t.lock, enabling);
both(t.rlock, t.lock, racing);
both(t.rlock, t.unlock, racing);
ordered(t.unlock, t.rlock, enabling);
both(t.runlock, t.lock, racing);
ordered(t.runlock, t.lock, enabling);
both(t.runlock, t.unlock, enabling);
const tries = [t.trylock, t.tryRlock, t.trylockFailed, t.tryRlockFailed] as const;
for (const it of tries) {
  for (const other of [...exclusive, t.rlock, t.runlock, ...tries]) both(it, other, racing);
}
// Readers disturb no readers.
among([t.trylockFailed, t.tryRlockFailed], independent);
for (const other of [t.rlock, t.runlock, t.tryRlock]) both(t.tryRlock, other, independent);
// They failed because somebody has the lock: a lock comes only after the unlock.
for (const failed of [t.trylockFailed, t.tryRlockFailed]) ordered(failed, t.lock, enabling);
// Whose reading ends when somebody unlocks who was never inside is not told.
for (const it of [t.rlock, t.runlock, t.tryRlock]) both(it, t.unlockFree, conservative);
for (const it of [...exclusive, t.rlock, t.runlock, ...tries])
  both(it, t.runlockOther, conservative);
ordered(t.runlockOther, t.runlockOther, conservative);

// A writer that waits for readers inside makes new readers wait: its attempt is a step of its own.
const locks = [...exclusive, t.rlock, t.runlock, t.runlockOther, ...tries] as const;
const lockKinds: ReadonlySet<TouchKind> = new Set([...locks, t.announce]);
for (const it of locks) both(t.announce, it, conservative);
ordered(t.announce, t.announce, conservative);

// Channels. The k-th send and the k-th receive are matched, and a send needs the receive that freed its slot. Who meets
// whom on an unbuffered channel is decided where threads are shared.
ordered(t.send, t.send, racing);
ordered(t.recv, t.recv, racing);
both(t.send, t.recv, slots);
for (const it of [t.send, t.sendClosed, t.close, t.closeClosed, t.rendezvous]) {
  both(t.close, it, racing);
}
both(t.close, t.recvClosed, enabling);
both(t.recv, t.recvClosed, racing);
ordered(t.closeClosed, t.closeClosed, independent);
for (const it of [t.send, t.recv, t.close, t.recvClosed, t.sendClosed, t.closeClosed]) {
  both(t.poll, it, racing);
}
for (const it of [t.recvClosed, t.sendClosed, t.closeClosed]) both(t.poll, it, independent);

// Wait groups.
// Which of the additions a wait may come before is not told exactly.
both(t.wgAdd, t.wgWait, conservative);
both(t.wgDone, t.wgWait, lastOne);
both(t.wgAdd, t.wgDone, counters);
ordered(t.wgDone, t.wgDone, counters);
ordered(t.wgAdd, t.wgAdd, counters);
for (const it of [t.wgAdd, t.wgDone]) both(it, t.wgUnder, racing);

// Once: the first call like a lock, later ones only after its end.
ordered(t.onceFirst, t.onceFirst, racing);
both(t.onceFirst, t.onceLater, racing);
both(t.onceEnd, t.onceLater, enabling);
both(t.onceFirst, t.onceEnd, enabling);

// Conditions: whom a signal wakes depends on who waits. None of these ever has to wait itself.
among([t.condEnqueue, t.condSignal, t.condBroadcast], racing);
ordered(t.condBroadcast, t.condBroadcast, racing);
for (const it of [t.condSignal, t.condBroadcast]) both(it, t.condPark, slots);

ordered(t.timer, t.timer, conservative);
both(t.timer, t.timerFire, conservative);
ordered(t.timerFire, t.timerFire, racing);
for (const it of Object.values(touches)) both(t.other, it, racing);

/** What an exploration has to reckon with beyond the plain case. */
export interface Strictness {
  /** The counter of a wait group might become negative in some order: its operations are ordered too. */
  readonly counters: boolean;
  /** Writers announce themselves (`MachineOptions.writerPreference`). */
  readonly writers: boolean;
}

export const strictest: Strictness = { counters: true, writers: true };

/** How two touches by different threads relate, `first` having come first. */
export function relate(first: Footprint, second: Footprint, strict: Strictness): Relation {
  if (first.object !== second.object) return independent;
  const value = table[first.kind * kinds + second.kind] ?? racing;
  switch (value) {
    case slots:
      return matched(first, second) ? enabling : independent;
    case counters:
      return strict.counters ? racing : independent;
    case lastOne:
      return strict.counters ? racing : enabling;
    default:
      return strict.writers && value !== independent && bothLock(first, second)
        ? conservative
        : (value as Relation);
  }
}

/** Where writers announce themselves an attempt to lock is possible at other times, and so is everything about it. */
function bothLock(first: Footprint, second: Footprint): boolean {
  return lockKinds.has(first.kind) && lockKinds.has(second.kind);
}

/** The receive takes what was sent, the send takes the slot that the receive freed, or the signal woke the waiter. */
function matched(first: Footprint, second: Footprint): boolean {
  return first.kind === t.recv ? second.n === first.n + first.cap : first.n === second.n;
}
