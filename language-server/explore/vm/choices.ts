// What may run next, in the order of the threads. Time goes on only when nothing else can.

import type { Choice, ThreadId } from "../../../protocol/witness.js";
import type { Instr } from "../../ir/ir.js";
import { mapOf } from "./accesses.js";
import type { Stop } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { choicesOf } from "./ops.js";
import { deadlineOf } from "./timers.js";
import type { World } from "./world.js";

export function enabledChoices(world: World): readonly Choice[] {
  const choices: Choice[] = [];
  for (const g of world.threads) choices.push(...choicesNow(world, g));
  return choices.length > 0 || world.over ? choices : sleepers(world);
}

/** Those whose time comes first, when nobody else can run. */
export function sleepers(world: World): readonly Choice[] {
  let earliest = Infinity;
  for (const g of world.threads) earliest = Math.min(earliest, deadlineOf(world, g) ?? Infinity);
  return world.threads.flatMap((it) =>
    deadlineOf(world, it) === earliest && earliest < Infinity ? [it.choice] : [],
  );
}

/** What the thread may do without time going on. */
export function choicesNow(world: World, g: Goroutine): readonly Choice[] {
  const when = deadlineOf(world, g);
  if (when !== undefined) return when <= world.now || mayHurry(world, g, when) ? g.alone : none;
  if (g.phase === "new") return g.alone;
  if (g.phase !== "live" || g.stop === null) return none;
  if (g.stop.kind === "op") return choicesOf(world, g, g.stop.instr);
  if (!world.overlapping) return g.alone;
  return [g.choice, ...overlaps(world, g, g.stop)];
}

const none: readonly Choice[] = [];

/** With any time, as long as nothing that the same thread started is due before. */
function mayHurry(world: World, g: Goroutine, when: number): boolean {
  if (!world.anyTime || world.over) return false;
  const starter = starterOf(g);
  return world.threads.every((it) => {
    const other = deadlineOf(world, it);
    return other === undefined || other >= when || starterOf(it) !== starter;
  });
}

/** Who set the thread's clock: itself when it sleeps. */
function starterOf(g: Goroutine): ThreadId {
  return g.phase === "timer" ? (g.spawnedBy ?? g.id) : g.id;
}

/** Later threads that stand before an access of the same map, where one of the two writes. */
function overlaps(world: World, g: Goroutine, stop: Stop): readonly Choice[] {
  if (stop.kind !== "access" || stop.instr.op !== "map") return [];
  const map = mapOf(world, g, stop.instr);
  if (map === null) return [];
  const write = isMapWrite(stop.instr);
  return world.threads.flatMap((other): Choice[] => {
    if (other.id <= g.id || other.phase !== "live" || other.stop?.kind !== "access") return [];
    const { instr } = other.stop;
    const meets = mapOf(world, other, instr) === map && (write || isMapWrite(instr));
    return meets ? [{ thread: g.id, partner: other.id }] : [];
  });
}

export function isMapWrite(instr: Instr): boolean {
  return instr.op === "map" && /^(?:set|delete|clear)$/.test(instr.fn);
}
