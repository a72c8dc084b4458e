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
  let earliest = Infinity;
  const waiting: { readonly thread: ThreadId; readonly when: number }[] = [];
  for (const g of world.threads) {
    const when = deadlineOf(world, g);
    if (when === undefined) choices.push(...ready(world, g));
    else if (when <= world.now) choices.push({ thread: g.id });
    else {
      waiting.push({ thread: g.id, when });
      earliest = Math.min(earliest, when);
    }
  }
  if (choices.length > 0) return choices;
  return waiting.filter((it) => it.when === earliest).map(({ thread }) => ({ thread }));
}

function ready(world: World, g: Goroutine): readonly Choice[] {
  if (g.phase === "new") return [{ thread: g.id }];
  if (g.phase !== "live" || g.stop === null) return [];
  if (g.stop.kind === "op") return choicesOf(world, g, g.stop.instr);
  return [{ thread: g.id }, ...overlaps(world, g, g.stop)];
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
