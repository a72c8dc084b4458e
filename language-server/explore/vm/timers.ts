// Virtual time. Quiet, it goes on only when nothing else can run, to the earliest sleeper or timer; else whoever waits for
// time may go on whenever those may that its starter wanted earlier. A timer is a thread of its own whose only step is to fire.

import type { OpInstr, Ptr, Value } from "./core.js";
import { drain, drainTouch, firingTouch, offerValue } from "./channels.js";
import { Goroutine, type Timer } from "./goroutine.js";
import { nilDereference } from "./locks.js";
import { canonical, type Int } from "./int64.js";
import { untold } from "./machine.js";
import { everything, touch, touches, type Touch } from "./touch.js";
import { Chan, Iface } from "./values.js";
import type { SyncOp } from "./waits.js";
import { effect, noTouches, type Effect, type World } from "./world.js";

/** Whether a thread waits until nobody else can go on. */
export function settles({ intent }: Goroutine): boolean {
  return intent?.kind === "sleeping" && intent.settles === true;
}

/** When a thread that waits for time may go on; undefined when it waits for something else. */
export function deadlineOf(world: World, g: Goroutine): number | undefined {
  if (g.phase === "timer" && g.timer !== null) {
    return canFire(g.timer) ? Math.max(g.timer.when, world.now) : undefined;
  }
  return g.intent?.kind === "sleeping" ? g.intent.until : undefined;
}

/** Whether a thread that waits for time may go on before the clock gets there (`MachineOptions.time`). */
export function mayHurry(world: World, g: Goroutine): boolean {
  const when = whenOf(g);
  for (const other of world.threads) {
    if (other === g || deadlineOf(world, other) === undefined) continue;
    if (starterOf(other) === starterOf(g) && whenOf(other) < when) return false;
  }
  return true;
}

function whenOf(g: Goroutine): number {
  if (g.phase === "timer") return g.timer?.when ?? Infinity;
  return g.intent?.kind === "sleeping" ? g.intent.until : Infinity;
}

/** A sleeper itself, of a timer who has set it. */
export function starterOf(g: Goroutine): number {
  return g.phase === "timer" ? (g.timer?.by ?? g.id) : g.id;
}

/** A full channel takes no further tick; a firing that changes nothing is no step. */
function canFire({ target }: Timer): boolean {
  return !(target instanceof Chan) || target.buffer.length < target.cap;
}

/** Time goes on. Ticks that found their channel full are lost. What it touches where the search does not stop at it anyway. */
function advance(world: World, to: number): readonly Touch[] {
  world.doing.timed = true;
  if (to <= world.now) return noTouches;
  world.own(world).now = to;
  for (const g of world.threads) {
    const { timer } = g;
    if (g.phase !== "timer" || timer === null || canFire(timer) || timer.when > to) continue;
    if (timer.period > 0) world.own(g).timer = following(timer, to);
    else endTimer(world, g);
  }
  const { time, ghosts } = world.options;
  if (time === "any") return noTouches;
  world.doing.advanced = true;
  return ghosts ? noTouches : [touch(everything, touches.timer)];
}

function endTimer(world: World, g: Goroutine): void {
  world.own(g).timer = null;
  g.phase = "ended";
}

/** The timer with its next time after `now`. */
function following(timer: Timer, now: number): Timer {
  const missed = Math.floor((now - timer.when) / timer.period) + 1;
  return { ...timer, when: timer.when + missed * timer.period };
}

/** The timer's time has come: sends, or becomes a goroutine that is about to run its function. */
export function fire(world: World, g: Goroutine, timer: Timer): Effect {
  const moved = advance(world, timer.when);
  const touched = [...moved, ...fireTouches(world, timer)];
  const object = world.telling ? world.objects.cell(timer.address, "timer") : 0;
  world.own(g).timer = timer.period > 0 ? following(timer, world.now) : null;
  const { target } = timer;
  if (target instanceof Chan) {
    if (world.telling) world.objects.chan(target);
    offerValue(world, g, target, timeValue(world, timer));
    if (timer.period === 0) g.phase = "ended";
  } else {
    g.core = world.core.newThreadOf(g.id, target, []);
    g.phase = "live";
  }
  if (!world.telling) return effect(untold, touched);
  return effect({ kind: "timer", object, text: duration(world.now) }, touched);
}

export function fireTouches(world: World, { address, target }: Timer): readonly Touch[] {
  const own = touch(world.objects.number(address.obj, address.off), touches.timerFire);
  return target instanceof Chan ? [own, firingTouch(world, target)] : [own];
}

export function timerTouch(world: World, { obj, off }: Ptr): Touch {
  return touch(world.objects.number(obj, off), touches.timer);
}

/** The time a timer sends: its sample, moved on (wall clock and monotonic reading, see `time.Time`). */
function timeValue(world: World, { sample }: Timer): Value {
  if (!Array.isArray(sample.time)) return sample.time;
  const [wall, monotonic, place] = sample.time as readonly Value[];
  const passed = BigInt(world.now - sample.at);
  const bits = BigInt(wall as Int);
  const nanoseconds = (bits & 0x3fffffffn) + passed;
  const seconds = (bits >> 30n) + nanoseconds / 1_000_000_000n;
  return [
    canonical((seconds << 30n) | (nanoseconds % 1_000_000_000n)),
    canonical(BigInt(monotonic as Int) + passed),
    place,
  ];
}

export function performSleep(world: World, g: Goroutine, op: SyncOp): Effect {
  if (g.intent?.kind === "sleeping") {
    const moved = advance(world, g.intent.until);
    world.complete(g, null);
    if (!world.telling) return effect(untold, moved);
    return effect({ kind: "sleep", text: `wakes at ${duration(world.now)}` }, moved);
  }
  const [arg] = op.args;
  const length = arg === undefined ? 0 : Number(world.operand(g, arg));
  if (length <= 0) {
    world.doing.yielded = true;
    world.complete(g, null);
    return effect({ kind: "yield" }, noTouches);
  }
  const own = world.own(g);
  own.intent = { kind: "sleeping", until: world.now + length };
  if (world.over) own.late++;
  world.doing.sleeps = true;
  if (!world.telling) return effect(untold, noTouches, true);
  return effect({ kind: "sleep", text: `sleeps ${duration(length)}` }, noTouches, true);
}

/** As in `testing/synctest`: `Wait` returns when all others wait, and knows what they did. */
export function performSettle(world: World, g: Goroutine, op: SyncOp): Effect {
  if (settles(g)) {
    world.doing.timed = true;
    world.doing.advanced = true;
    world.learnAll(g);
    world.complete(g, null);
    const touched = world.options.ghosts ? noTouches : [touch(everything, touches.timer)];
    if (!world.telling) return effect(untold, touched);
    return effect({ kind: "sleep", text: "wakes: all others wait" }, touched);
  }
  world.own(world).bubbled = true;
  const [waits] = op.args;
  if (waits === undefined || Number(world.operand(g, waits)) === 0) {
    world.complete(g, null);
    return effect({ kind: "yield", text: "simulates time from here on" }, noTouches);
  }
  world.own(g).intent = { kind: "sleeping", until: world.now, settles: true };
  if (!world.telling) return effect(untold, noTouches, true);
  return effect({ kind: "sleep", text: "waits until all others wait" }, noTouches, true);
}

export function performTimer(world: World, g: Goroutine, op: SyncOp): Effect {
  const at = op.object === null ? null : world.address(g, op.object);
  if (at === null) {
    world.panic(g, nilDereference);
    return effect({ kind: "panic", text: nilDereference }, noTouches);
  }
  const object = world.telling ? world.objects.cell(at, "timer") : 0;
  const touched: Touch[] = [timerTouch(world, at)];
  if (op.fn === "timer-stop") {
    const active = stop(world, at, touched);
    world.complete(g, active);
    if (!world.telling) return effect(untold, touched);
    return effect({ kind: "timer", object, text: active ? "stopped" : "not running" }, touched);
  }
  const [when, period, target, time, theirs] = op.args.map((it) => world.operand(g, it));
  const timer: Timer = {
    address: at,
    when: world.now + Math.max(0, Number(when)),
    period: Number(period ?? 0),
    target: target instanceof Iface ? target.value : target,
    // A signal comes from outside: nobody else's timer has to go off before it.
    by: theirs === true ? world.threads.length : g.id,
    started: world.now,
    time,
    sample: { time, at: world.now },
  };
  start(world, g, op, timer, theirs === true);
  world.complete(g, null);
  if (!world.telling) return effect(untold, touched);
  return effect({ kind: "timer", object, text: `in ${duration(Number(when))}` }, touched);
}

function sameAddress(a: Ptr, b: Ptr): boolean {
  return a.obj === b.obj && a.off === b.off;
}

/** A timer that sends keeps its lane when it is reset. `theirs`: the channel is one of the program's own, for signals. */
function start(world: World, g: Goroutine, op: SyncOp, timer: Timer, theirs: boolean): void {
  const { length } = world.threads;
  const own = timer.target instanceof Chan ? timerAt(world, timer.address) : undefined;
  const thread = own ?? new Goroutine(length, "timer", 1, null, g.id, world.placeOf(g, op));
  if (own === undefined) world.add(thread);
  world.own(thread);
  thread.phase = "timer";
  thread.timer = timer;
  thread.address = timer.address;
  thread.target = timer.target;
  if (timer.target instanceof Chan && !theirs && world.program.timers !== "buffered") {
    world.own(timer.target).hidden = true;
  }
  world.learn(thread, g.clock);
}

/**
 * Whether a timer may have run its function just before the operation stops it (also to set it anew). Who has set it itself
 * and stops it is taken to be in time: what it does with nobody beside it is no race.
 */
export function mayBeLate(world: World, g: Goroutine, op: OpInstr): boolean {
  if (world.options.time !== "any" || op.op !== "sync" || op.fn !== "timer-stop") return false;
  const at = op.object === null ? null : world.address(g, op.object);
  const timer = at === null ? undefined : timerAt(world, at);
  return timer !== undefined && timer.timer?.by !== g.id && !(timer.target instanceof Chan);
}

function timerAt(world: World, at: Ptr): Goroutine | undefined {
  return world.threads.find(
    (it) => it.core === null && it.address !== null && sameAddress(it.address, at),
  );
}

/**
 * Also takes back what has been sent and not received, or finds that there is nothing: `touched` says which. Before Go 1.23
 * what has been sent stays.
 */
function stop(world: World, at: Ptr, touched: Touch[]): boolean {
  let active = false;
  for (const g of world.threads) {
    if (g.address === null || !sameAddress(g.address, at) || g.phase === "live") continue;
    if (g.timer !== null) active = true;
    if (g.target instanceof Chan && g.target.hidden) {
      touched.push(drainTouch(world, g.target));
      if (drain(world, g.target)) active = true;
    }
    endTimer(world, g);
  }
  return active;
}

/** Nanoseconds as Go prints durations, to three digits. */
export function duration(nanoseconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ["s", 1e9],
    ["ms", 1e6],
    ["µs", 1e3],
  ];
  for (const [unit, size] of units) {
    if (Math.abs(nanoseconds) >= size) {
      return `${String(Number((nanoseconds / size).toFixed(3)))}${unit}`;
    }
  }
  return `${String(nanoseconds)}ns`;
}
