// Partial deadlocks, noted as they come to be while others go on.

import type { Outcome } from "../../../protocol/witness.js";
import { blockedAll, cycleWords, forsakenNow, names } from "./ending.js";
import type { Execution } from "./execution.js";
import type { Goroutine } from "./goroutine.js";
import { lockReady } from "./locks.js";
import type { Forsaken } from "./machine.js";
import { standsStill } from "./reach.js";
import { lockCycle } from "./waiting.js";
import { opOf, type World } from "./world.js";

/** After a step of `g`: only a thread that has just come to a lock closes a circle. */
export function noteCircle(world: World, now: Execution, g: Goroutine): void {
  if (now.circle !== null || g.phase !== "live") return;
  const outcome = circleFrom(world, g);
  if (outcome !== null) world.own(now).circle = { step: now.steps - 1, outcome };
}

/** After a step of these: whoever ends, or comes to wait, may have been the last who could wake others. */
export function noteForsaken(world: World, now: Execution, stepped: readonly Goroutine[]): void {
  if (now.halt !== undefined || world.looking) return;
  if (!stepped.some((it) => it.phase === "ended" || standsStill(world, it))) return;
  const outcome = forsakenNow(world);
  const known = now.forsaken?.outcome.blocked.length ?? 0;
  if (outcome === null || outcome.blocked.length <= known) return;
  world.own(now).forsaken = { step: now.steps - 1, outcome };
}

/** As noted, or as things stand. */
export function forsakenIn(
  world: World,
  { forsaken: noted, halt, steps }: Execution,
): Forsaken | null {
  if (noted !== null || (halt !== undefined && halt.kind !== "depth")) return noted;
  const outcome = forsakenNow(world);
  return outcome === null ? null : { step: Math.max(0, steps - 1), outcome };
}

/** A circle of threads that wait for each other's locks, of which `g` has just become one; null when it has not. */
function circleFrom(world: World, g: Goroutine): Extract<Outcome, { kind: "deadlock" }> | null {
  const op = opOf(g);
  if (op?.op !== "acquire" || lockReady(world, g, op)) return null;
  const cycle = lockCycle(
    world,
    world.threads.filter((it) => waitsForLock(world, it)),
  );
  if (!cycle.includes(g)) return null;
  const blocked = blockedAll(world, cycle);
  return { kind: "deadlock", blocked, message: `${names(cycle)} ${cycleWords(cycle)}` };
}

function waitsForLock(world: World, g: Goroutine): boolean {
  const op = opOf(g);
  return g.phase === "live" && op?.op === "acquire" && !lockReady(world, g, op);
}
