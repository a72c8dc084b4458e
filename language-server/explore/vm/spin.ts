// Threads that wait by asking again and again. A thread that has come back to where it was, with all its own values as they
// were and nothing written on the way, will do the same for ever unless what it looked at changes: it is parked until then
// (the awaits of Kokologiannakis, Ren, Vafeiadis: Dynamic Partial Order Reductions for Spinloops, FMCAD'21, found while
// running). Without this a search would tell apart how often it asked.

import type { Obj, Stop } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { noteNap } from "./nap.js";
import {
  allocatedAfter,
  allocationsOf,
  imageOf,
  isBack,
  same,
  type ThreadImage,
} from "./thread-image.js";
import { everything, touches, type Offers, type Touch } from "./touch.js";
import { Cell, Chan } from "./values.js";
import { isUnchanged, merged, type Watch } from "./watch.js";
import { running, type World } from "./world.js";

/** What a thread did since it was somewhere, as long as nobody could notice. */
export interface Spin {
  readonly from: ThreadImage;
  readonly watches: readonly Watch[];
  readonly steps: number;
  /** When `steps` reaches this, the place to come back to is taken anew: the first may lie before the loop. */
  readonly renew: number;
}

const noWatches: readonly Watch[] = [];
/** Fewer steps that nobody can notice come one after the other without a loop. */
const mayBeChance = 2;
/** Longer loops are not noticed. */
const mostSteps = 256;

const t = touches;
/** What leaves nothing behind. Locks that were taken have been given back when the thread is where it was. */
const silent: ReadonlySet<number> = new Set([
  t.read,
  t.lock,
  t.unlock,
  t.rlock,
  t.runlock,
  t.trylock,
  t.tryRlock,
  t.trylockFailed,
  t.tryRlockFailed,
  t.poll,
]);

/** After a step of the thread, which may or may not have been heard. Parks it if it goes round in circles. */
export function noteSpin(world: World, g: Goroutine, heard: boolean): void {
  const { offers, asks, values, timed } = world.doing;
  const { touches: all } = world.doing;
  const done = timed ? all.filter((it) => !isClock(it)) : all;
  const quietly = isSilent(done) || onlyReceivesClosed(world, done, offers);
  if (heard || g.phase !== "live" || !quietly || values > 0 || asks) {
    noSpin(world, g);
    return;
  }
  const looked = (): readonly Watch[] => [...watchesOf(world, done), ...watchOffers(world, offers)];
  if (world.options.time === "quiet" || world.bubbled) {
    noteNap(world, g, looked);
    if (timed) {
      startAnew(world, g);
      return;
    }
  }
  // It has not been anywhere since it stood before its sleep.
  if (g.intent?.kind === "sleeping") return;
  const quiet = ++world.own(g).quiet;
  const before = g.spin;
  if (before === null) {
    if (quiet >= mayBeChance) g.spin = began(g, noWatches, 1);
    return;
  }
  const watches = merged(before.watches, looked());
  const steps = before.steps + 1;
  const own = world.own(g);
  if (isBack(g, before.from)) {
    // Between taking a lock and giving it back it would keep others waiting who it does not.
    if (!g.held.some(({ lock }) => watches.some((it) => it.object === lock))) own.parked = watches;
    own.spin = null;
  } else if (steps > mostSteps) own.spin = null;
  else if (steps >= before.renew) own.spin = began(g, watches, steps * 2);
  else own.spin = { ...before, watches, steps };
}

/** The thread may do something else the next time round, and others may know of all it has allocated. */
export function noSpin(world: World, g: Goroutine): void {
  const known = allocationsOf(g);
  if (g.known !== known) world.own(g).known = known;
  if (g.nap !== null) world.own(g).nap = null;
  startAnew(world, g);
}

function startAnew(world: World, g: Goroutine): void {
  if (g.quiet === 0) return;
  world.own(g).quiet = 0;
  g.spin = null;
}

/** Instructions of a loop that touches nothing others could see a step in. */
const mostInstructions = 4096;

/** What a thread looks at between two of its steps, while it may be going round in circles. */
export class Looked {
  readonly #cells = new Map<string, readonly [obj: Obj, off: number]>();

  at(obj: Obj, off: number, cells: number): void {
    for (let at = off; at < off + cells; at++) this.#cells.set(`${obj.id}+${at}`, [obj, at]);
  }

  /** Runs the thread on; parks it when it comes back to where it is. Where it came to stand instead; null if nowhere. */
  run(world: World, g: Goroutine): Stop | null {
    const thread = running(g);
    const own = allocatedAfter(g, allocationsOf(g));
    const from = imageOf(g, own);
    const { trail } = world.core;
    trail.unnoticed = own;
    const { writes } = trail;
    for (let count = 0; count < mostInstructions; count++) {
      const stop = world.core.run(thread, 1);
      if (stop.kind !== "limit") return stop;
      if (trail.writes !== writes) return null;
      if (!isBack(g, from)) continue;
      world.own(g).parked = this.#watches(world);
      return null;
    }
    return null;
  }

  #watches(world: World): readonly Watch[] {
    return [...this.#cells.values()].flatMap(([obj, off]) =>
      obj instanceof Cell ? [watchCell(world.objects.number(obj, off), obj, off)] : [],
    );
  }
}

function isSilent(done: readonly Touch[]): boolean {
  for (const { kind } of done) if (!silent.has(kind)) return false;
  return true;
}

/** A receive from a closed channel, where no other case of the select could be taken but with a partner. */
function onlyReceivesClosed(
  world: World,
  done: readonly Touch[],
  offers: Offers | null,
): offers is Offers {
  if (offers === null || !done.every(({ kind }) => kind === t.recvClosed)) return false;
  const ready = offers.cases.filter(({ object, send }) => {
    const chan = world.objects.holderOf(object)?.[0];
    if (!(chan instanceof Chan)) return false;
    return chan.closed || (send ? chan.buffer.length < chan.cap : chan.buffer.length > 0);
  });
  return ready.length === 1;
}

/** Whether the thread waits for something it looked at to change. */
export function isParked({ parked }: Goroutine): boolean {
  return parked !== null && isUnchanged(parked);
}

/** That time goes on is nothing the thread did. */
function isClock({ object, kind }: Touch): boolean {
  return object === everything && kind === t.timer;
}

function began(g: Goroutine, watches: readonly Watch[], renew: number): Spin {
  const from = imageOf(g, allocatedAfter(g, g.known));
  return { from, watches, steps: 0, renew: Math.max(4, renew) };
}

function watchesOf(world: World, done: readonly Touch[]): readonly Watch[] {
  const watches: Watch[] = [];
  for (const { object, kind } of done) {
    const holder = world.objects.holderOf(object);
    if (holder === undefined) continue;
    const [owner, off] = holder;
    if (owner instanceof Chan) watches.push(watchChannel(object, owner));
    else if (owner instanceof Cell) {
      const isLock = kind !== t.read && kind !== t.trylockFailed && kind !== t.tryRlockFailed;
      watches.push(isLock ? watchLock(world, object, owner, off) : watchCell(object, owner, off));
    }
  }
  return watches;
}

/** Also of the cases that were not taken. */
function watchOffers(world: World, offers: Offers | null): readonly Watch[] {
  return (offers?.cases ?? []).flatMap(({ object }) => {
    const chan = world.objects.holderOf(object)?.[0];
    return chan instanceof Chan ? [watchChannel(object, chan)] : [];
  });
}

function watchCell(object: number, owner: Cell, off: number): Watch {
  const seen = owner.cells[off];
  return { object, changed: () => !same(owner.cells[off], seen) };
}

function watchChannel(object: number, chan: Chan): Watch {
  const { closed } = chan;
  const { length } = chan.buffer;
  return { object, changed: () => chan.closed !== closed || chan.buffer.length !== length };
}

/** Whoever else releases the lock may have changed what it guards. */
function watchLock(world: World, object: number, obj: Obj, off: number): Watch {
  const meta = world.meta({ obj, off });
  const { clock, readers } = meta;
  return { object, changed: () => meta.clock !== clock || meta.readers !== readers };
}
