// A plain load that observes an overwritten write (`MachineOptions.weak`).

import { present } from "../../base/assert.js";
import type { Instr } from "../../ir/ir.js";
import { accessTouches } from "./accesses.js";
import type { Goroutine } from "./goroutine.js";
import { untold } from "./machine.js";
import { loadedCell, overlooking, see, writesOf } from "./observable.js";
import type { RaceLog } from "./race-log.js";
import { effect, running, type Effect, type World } from "./world.js";

/** `age`: how many writes before the newest the thread looks. */
export function loadStale(
  world: World,
  races: RaceLog,
  g: Goroutine,
  instr: Instr,
  age: number,
): Effect {
  const at = present(loadedCell(world, g, instr), "the cell of a load");
  const observed = present(overlooking(world, g, at)[age - 1], "a write that it may observe");
  const { newest } = writesOf(world, at.obj, at.off);
  const { thread: by } = present(newest, "a write that it overlooks");
  const touched = accessTouches(world, g, instr);
  const [type, missed] = [instr.op === "load" ? instr.type : null, world.core.peek(at)];
  races.stale(g, at, world.core.where(running(g)));
  see(world, g, at, observed);
  world.complete(g, observed.value);
  if (!world.telling) return effect(untold, touched);
  const object = world.objects.cell(at, "variable");
  const value = world.core.show(observed.value, type);
  const stale = { by, value: world.core.show(missed, type) };
  return effect({ kind: "read", object, value, stale }, touched);
}
