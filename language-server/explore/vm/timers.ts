// Virtual time and what ends or starts threads. Time is quiet: it goes on only when nothing else can run, to the
// earliest sleeper or timer. A timer is a thread of its own whose only step is to fire.

import type { Ptr, Value } from "./core.js";
import { drain, drainTouch, offerValue, sendsOf } from "./channels.js";
import { Goroutine, type Timer } from "./goroutine.js";
import { nilDereference } from "./locks.js";
import { canonical, type Int } from "./int64.js";
import { Chan, Iface } from "./values.js";
import type { SyncOp } from "./waits.js";
import { untold } from "./machine.js";
import { touches, type Touch } from "./touch.js";
import { countedTouch, noTouches, touch, type Effect, type World } from "./world.js";

/** When a thread that waits for time may go on; undefined when it waits for something else. */
export function deadlineOf(world: World, g: Goroutine): number | undefined {
  if (g.phase === "timer" && g.timer !== null) {
    return canFire(g.timer) ? Math.max(g.timer.when, world.now) : undefined;
  }
  return g.intent?.kind === "sleeping" ? g.intent.until : undefined;
}

/** A full channel takes no further tick; a firing that changes nothing is no step. */
function canFire({ target }: Timer): boolean {
  return !(target instanceof Chan) || target.buffer.length < target.cap;
}

/** Time goes on. Ticks that found their channel full are lost. */
function advance(world: World, to: number): boolean {
  if (to <= world.now) return false;
  world.set<World, "now">(world, "now", to);
  for (const g of world.threads) {
    const { timer } = g;
    if (g.phase !== "timer" || timer === null || canFire(timer)) continue;
    if (timer.when <= to && timer.period > 0) world.set(g, "timer", following(timer, to));
  }
  return true;
}

/** The timer with its next time after `now`. */
function following(timer: Timer, now: number): Timer {
  const missed = Math.floor((now - timer.when) / timer.period) + 1;
  return { ...timer, when: timer.when + missed * timer.period };
}

/** The timer's time has come: sends, or becomes a goroutine that is about to run its function. */
export function fire(world: World, g: Goroutine, timer: Timer): Effect {
  const advanced = advance(world, timer.when);
  const { address } = timer;
  const touched: Touch[] = [
    touch(world.objects.number(address.obj, address.off), touches.timerFire),
  ];
  world.set(g, "timer", timer.period > 0 ? following(timer, world.now) : null);
  const { target } = timer;
  if (target instanceof Chan) {
    const number = world.objects.chanNumber(target);
    touched.push(countedTouch(number, touches.send, sendsOf(target), target.cap));
    offerValue(world, g, target, timeValue(world, timer));
    if (timer.period === 0) world.set<Goroutine, "phase">(g, "phase", "ended");
  } else {
    world.set(g, "core", world.core.newThreadOf(g.id, target, []));
    world.set<Goroutine, "phase">(g, "phase", "live");
  }
  const action: Effect["action"] = world.telling
    ? {
        kind: "timer",
        object: world.objects.cell(address, "timer").object,
        text: duration(world.now),
      }
    : untold;
  return { action, touches: touched, advanced };
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
    const advanced = advance(world, g.intent.until);
    world.complete(g, null);
    const text = `wakes at ${duration(world.now)}`;
    return { action: { kind: "sleep", text }, touches: noTouches, advanced };
  }
  const [arg] = op.args;
  const length = arg === undefined ? 0 : Number(world.operand(g, arg));
  if (length <= 0) {
    world.complete(g, null);
    return { action: { kind: "yield" }, touches: noTouches, yielded: true };
  }
  world.set(g, "intent", { kind: "sleeping", until: world.now + length });
  return {
    action: { kind: "sleep", text: `sleeps ${duration(length)}` },
    touches: noTouches,
    moved: false,
  };
}

export function performTimer(world: World, g: Goroutine, op: SyncOp): Effect {
  const at = op.object === null ? null : world.address(g, op.object);
  if (at === null) {
    world.panic(g, nilDereference);
    return { action: { kind: "panic", text: nilDereference }, touches: noTouches };
  }
  const touched: Touch[] = [touch(world.objects.number(at.obj, at.off), touches.timer)];
  const told = (text: string): Effect["action"] =>
    world.telling
      ? { kind: "timer", object: world.objects.cell(at, "timer").object, text }
      : untold;
  if (op.fn === "timer-stop") {
    const active = stop(world, at, touched);
    world.complete(g, active);
    return { action: told(active ? "stopped" : "not running"), touches: touched };
  }
  const [when, period, target, time] = op.args.map((it) => world.operand(g, it));
  start(world, g, op, {
    address: at,
    when: world.now + Math.max(0, Number(when)),
    period: Number(period ?? 0),
    target: target instanceof Iface ? target.value : target,
    started: world.now,
    time,
    sample: { time, at: world.now },
  });
  world.complete(g, null);
  return { action: told(`in ${duration(Number(when))}`), touches: touched };
}

function sameAddress(a: Ptr, b: Ptr): boolean {
  return a.obj === b.obj && a.off === b.off;
}

/** A timer that sends keeps its lane when it is reset. */
function start(world: World, g: Goroutine, op: SyncOp, timer: Timer): void {
  const { length } = world.threads;
  const own = timer.target instanceof Chan ? timerAt(world, timer.address) : undefined;
  const thread = own ?? new Goroutine(length, "timer", null, g.id, world.placeOf(g, op));
  if (own === undefined) world.add(thread);
  world.set<Goroutine, "phase">(thread, "phase", "timer");
  world.set(thread, "timer", timer);
  world.set(thread, "address", timer.address);
  world.set(thread, "target", timer.target);
  world.learn(thread, g.clock);
}

function timerAt(world: World, at: Ptr): Goroutine | undefined {
  return world.threads.find(
    (it) => it.core === null && it.address !== null && sameAddress(it.address, at),
  );
}

/** Also takes back what has been sent and not received, or finds that there is nothing: `touched` says which. */
function stop(world: World, at: Ptr, touched: Touch[]): boolean {
  let active = false;
  for (const g of world.threads) {
    if (g.address === null || !sameAddress(g.address, at) || g.phase === "live") continue;
    if (g.timer !== null) active = true;
    if (g.target instanceof Chan) {
      touched.push(drainTouch(world, g.target));
      if (drain(world, g.target)) active = true;
    }
    world.set(g, "timer", null);
    world.set<Goroutine, "phase">(g, "phase", "ended");
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
