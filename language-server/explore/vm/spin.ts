// Threads that wait by asking again and again. A thread that has come back to where it was, with all its own values as they
// were and nothing written on the way, will do the same for ever unless what it looked at changes: it is parked until then
// (the awaits of Kokologiannakis, Ren, Vafeiadis: Dynamic Partial Order Reductions for Spinloops, FMCAD'21, found while
// running). Without this a search would tell apart how often it asked.

import type { Obj, Stop } from "./core.js";
import { VmFrame } from "./frames.js";
import type { Goroutine } from "./goroutine.js";
import type { Code } from "./code.js";
import { touches, type Touch } from "./touch.js";
import { Cell, Chan, Closure, Iface, Pointer, Slice } from "./values.js";
import { running, type World } from "./world.js";

/** Something a parked thread has looked at. */
export interface Watch {
  /** As in `Touch.object`. */
  readonly object: number;
  /** Whether it looks different now. */
  changed(): boolean;
}

interface FrameImage {
  readonly code: Code;
  readonly pc: number;
  readonly regs: readonly unknown[];
}

/** What a thread did since it was somewhere, as long as nobody could notice. */
export interface Spin {
  readonly frames: readonly FrameImage[];
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
  const done = world.doing.touches;
  if (heard || g.phase !== "live" || !isSilent(done) || world.doing.values > 0) {
    noSpin(world, g);
    return;
  }
  const quiet = ++world.own(g).quiet;
  const before = g.spin;
  if (before === null) {
    if (quiet >= mayBeChance) g.spin = began(g, noWatches, 1);
    return;
  }
  const watches = merged(before.watches, watchesOf(world, done));
  const steps = before.steps + 1;
  const own = world.own(g);
  if (isBack(g, before.frames)) {
    own.parked = watches;
    own.spin = null;
  } else if (steps > mostSteps) own.spin = null;
  else if (steps >= before.renew) own.spin = began(g, watches, steps * 2);
  else own.spin = { ...before, watches, steps };
}

/** The thread may do something else the next time round. */
export function noSpin(world: World, g: Goroutine): void {
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
    const frames = imageOf(g);
    const { writes } = world.core.trail;
    for (let count = 0; count < mostInstructions; count++) {
      const stop = world.core.run(thread, 1);
      if (stop.kind !== "limit") return stop;
      if (world.core.trail.writes !== writes) return null;
      if (!isBack(g, frames)) continue;
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

/** Whether the thread waits for something it looked at to change. */
export function isParked({ parked }: Goroutine): boolean {
  return parked?.some((it) => it.changed()) === false;
}

function began(g: Goroutine, watches: readonly Watch[], renew: number): Spin {
  return { frames: imageOf(g), watches, steps: 0, renew: Math.max(4, renew) };
}

function imageOf(g: Goroutine): readonly FrameImage[] {
  const frames: FrameImage[] = [];
  for (let frame = g.core?.frame ?? null; frame !== null; frame = frame.parent) {
    if (!(frame instanceof VmFrame)) break;
    frames.push({ code: frame.code, pc: frame.pc, regs: frame.regs.slice() });
  }
  return frames;
}

function isBack(g: Goroutine, images: readonly FrameImage[]): boolean {
  let index = 0;
  for (let frame = g.core?.frame ?? null; frame !== null; frame = frame.parent) {
    const image = images[index++];
    if (image === undefined || !(frame instanceof VmFrame)) return false;
    if (frame.code !== image.code || frame.pc !== image.pc || frame.panic !== null) return false;
    if (!sameList(frame.regs, image.regs)) return false;
  }
  return index === images.length;
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (!same(a[index], b[index])) return false;
  return true;
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Pointer) return b instanceof Pointer && a.obj === b.obj && a.off === b.off;
  if (a instanceof Slice) {
    return (
      b instanceof Slice && a.obj === b.obj && a.off === b.off && a.len === b.len && a.cap === b.cap
    );
  }
  if (a instanceof Iface) return b instanceof Iface && a.type === b.type && same(a.value, b.value);
  if (a instanceof Closure) {
    if (!(b instanceof Closure) || a.func !== b.func) return false;
    return sameList(a.captures, b.captures) && sameList(a.bound, b.bound);
  }
  return Array.isArray(a) && Array.isArray(b) && sameList(a, b);
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

/** The newest look at each object counts. */
function merged(older: readonly Watch[], newer: readonly Watch[]): readonly Watch[] {
  const seen = new Set(newer.map((it) => it.object));
  return [...older.filter((it) => !seen.has(it.object)), ...newer];
}
