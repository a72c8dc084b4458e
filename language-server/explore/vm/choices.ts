// What may run next, in the order of the threads. Quiet time goes on only when nothing else can.

import { present } from "../../base/assert.js";
import type { Action, Choice } from "../../../protocol/witness.js";
import type { Instr } from "../../ir/ir.js";
import { mapName, mapOf } from "./accesses.js";
import type { Stop } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { loadedCell, overlooking } from "./observable.js";
import { choicesOf } from "./ops.js";
import { dozes } from "./nap.js";
import { deadlineOf, mayHurry, settles, starterOf } from "./timers.js";
import { isParked } from "./spin.js";
import { touch, touches } from "./touch.js";
import { effect, noTouches, type Effect, type World } from "./world.js";

const none: readonly Choice[] = [];

export function enabledChoices(world: World): readonly Choice[] {
  const choices: Choice[] = [];
  for (const g of world.threads) {
    const own = choicesNow(world, g);
    if (own !== later) for (const it of own) choices.push(it);
  }
  return choices.length > 0 ? choices : earliest(world);
}

/** Whether anybody can go on. */
export function someEnabled(world: World): boolean {
  for (const g of world.threads) {
    const own = choicesNow(world, g);
    if (own !== later && own.length > 0) return true;
  }
  return earliest(world).length > 0;
}

/** The thread waits for a time that has not come, which nobody knows to come who does not know all threads. */
export const later: readonly Choice[] = [];

/** Sleeps of a thread after main's end. */
const mostLate = 2;

/** What one thread may do with the clock as it is, or `later`. */
export function choicesNow(world: World, g: Goroutine): readonly Choice[] {
  const when = deadlineOf(world, g);
  if (when === undefined) return ready(world, g);
  if (settles(g)) return later;
  if (when <= world.now) return g.alone;
  if (world.options.time === "quiet" || world.bubbled) return later;
  // For ghosts no ticker ticks, and nobody sleeps for ever: what they do could have been done before main's end.
  if (world.over && (g.timer === null ? g.late > mostLate : g.timer.period > 0)) return later;
  if (!mayHurry(world, g)) return none;
  return isOutside(g) || hasOthers(world, starterOf(g)) ? g.alone : later;
}

/** A sleeper, or a signal: no timer that somebody has set. */
function isOutside(g: Goroutine): boolean {
  return g.phase !== "timer" || starterOf(g) === g.id;
}

/**
 * Whether there is anybody else who may be slow: a timer does not go off while its starter, all alone, has something to do.
 * Where the others stand does not matter, so that what is possible does not depend on what they do.
 */
function hasOthers(world: World, starter: number): boolean {
  return world.threads.some((it) => it.id !== starter && isOutside(it));
}

/** Where nothing else can run the clock goes on to who waits least, unless the program is over or they wait in vain. */
function earliest(world: World): readonly Choice[] {
  if (world.over && !world.looking) return none;
  let first = Infinity;
  if (world.threads.every((it) => deadlineOf(world, it) === undefined || dozes(it))) return none;
  for (const g of world.threads) first = Math.min(first, deadlineOf(world, g) ?? Infinity);
  if (first === Infinity) return none;
  return world.threads
    .filter((it) => deadlineOf(world, it) === first)
    .map(({ id }) => ({ thread: id }));
}

function ready(world: World, g: Goroutine): readonly Choice[] {
  if (g.phase === "new") return g.alone;
  if (g.phase !== "live" || g.stop === null) return none;
  if (g.parked !== null && isParked(g)) return met(world, g, g.stop);
  if (g.stop.kind === "op") return choicesOf(world, g, g.stop.instr);
  if (g.stop.kind === "draw") return g.stop.draw.values.map((_, arm) => ({ thread: g.id, arm }));
  if (g.stop.kind !== "access") return g.alone;
  const { overlaps, weak } = world.options;
  if (!overlaps && !weak) return g.alone;
  const choices = overlaps ? [...g.alone, ...overlapping(world, g, g.stop)] : g.alone;
  return weak ? [...choices, ...stale(world, g, g.stop)] : choices;
}

/** What others have made possible for a thread that goes round in circles: a partner for its select. */
function met(world: World, g: Goroutine, stop: Stop): readonly Choice[] {
  if (stop.kind !== "op" || stop.instr.op !== "select") return none;
  return choicesOf(world, g, stop.instr).filter((it) => it.partner !== undefined);
}

/** Later threads that stand before an access of the same map, where one of the two writes. */
function overlapping(world: World, g: Goroutine, stop: Stop): readonly Choice[] {
  if (stop.kind !== "access" || stop.instr.op !== "map") return none;
  const map = mapOf(world, g, stop.instr);
  if (map === null) return none;
  const write = isMapWrite(stop.instr);
  return world.threads.flatMap((other): Choice[] => {
    if (other.id <= g.id || other.phase !== "live" || other.stop?.kind !== "access") return [];
    const { instr } = other.stop;
    const meets = mapOf(world, other, instr) === map && (write || isMapWrite(instr));
    return meets ? [{ thread: g.id, partner: other.id }] : [];
  });
}

/** Two threads in the same map at the same time: the run-time notices and ends the program. */
export function collide(world: World, g: Goroutine, instr: Instr, choice: Choice): Effect {
  const map = mapOf(world, g, instr);
  const other = world.thread(present(choice.partner, "partner")).stop;
  const both = isMapWrite(instr) && other?.kind === "access" && isMapWrite(other.instr);
  const text = both ? "concurrent map writes" : "concurrent map read and map write";
  world.fail(text);
  const action: Action = { kind: "panic", text: `fatal error: ${text}` };
  if (map === null) return effect(action, noTouches);
  const { objects, telling } = world;
  if (telling) objects.map(map, mapName(map), null);
  return effect(action, [touch(objects.number(map, 0), touches.write)]);
}

/** A load may observe other writes than the newest. */
function stale(
  world: World,
  g: Goroutine,
  { instr }: Extract<Stop, { kind: "access" }>,
): readonly Choice[] {
  const at = loadedCell(world, g, instr);
  if (at === null) return none;
  return overlooking(world, g, at).map((_, index) => ({ thread: g.id, arm: index + 1 }));
}

export function isMapWrite(instr: Instr): boolean {
  return instr.op === "map" && /^(?:set|delete|clear)$/.test(instr.fn);
}

/** Whether anybody but main is still there. */
export function othersLive(world: World): boolean {
  return world.threads.some((it) => it.id !== 0 && (it.phase === "new" || it.phase === "live"));
}
