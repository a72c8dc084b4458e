// The smallest schedule for everything that can be seen of a program, by running every schedule there is. Nothing is
// shared with the search for the smallest ones but the machine.

import { sightingKey, sightings } from "../../language-server/explore/sighting.js";
import type { Event, Machine } from "../../language-server/explore/vm/machine.js";
import type { FuncId, Program } from "../../language-server/ir/ir.js";
import type { Choice } from "../../protocol/witness.js";

/** Preemptions, switches, steps. */
type Size = readonly [number, number, number];

export interface EverySchedule {
  readonly machine: Machine;
  readonly program: Program;
  readonly entry: FuncId;
  /** Schedules beyond which there is no answer. */
  readonly most: number;
}

/**
 * By what is seen, the smallest size; of a race, as soon as its accesses stand side by side. Null when there are too many
 * schedules.
 */
export function smallestOfAll(options: EverySchedule): ReadonlyMap<string, Size> | null {
  const { machine, program, entry, most } = options;
  const best = new Map<string, Size>();
  const choices: Choice[] = [];
  const events: Event[] = [];
  let schedules = 0;
  const offer = (key: string, size: Size): void => {
    const known = best.get(key);
    if (known === undefined || compare(size, known) < 0) best.set(key, size);
  };
  const visit = (size: Size): boolean => {
    const halt = machine.halted();
    const seen = sightings(machine, program, { choices, events, halt, preempts: [] });
    for (const it of seen) {
      const { kind, cost, length } = it;
      // Who is stuck while others go on is told by where an execution ends, or is cut.
      const told =
        kind === "race" ? cost[0] === 0 && length === choices.length : halt !== undefined;
      if (told) offer(sightingKey(it), size);
    }
    if (halt !== undefined) return ++schedules <= most;
    const enabled = machine.enabled();
    return enabled.every((choice) => {
      const next = grown(size, choice, enabled, events.at(-1));
      const mark = machine.mark();
      choices.push(choice);
      events.push(machine.step(choice));
      const goesOn = visit(next);
      choices.pop();
      events.pop();
      machine.undoTo(mark);
      return goesOn;
    });
  };
  machine.reset(entry);
  return visit([0, 0, 0]) ? best : null;
}

/** A change of threads is a preemption when one of the threads before neither waited nor let others go first. */
function grown(
  [preemptions, switches, steps]: Size,
  { thread, partner }: Choice,
  enabled: readonly Choice[],
  last: Event | undefined,
): Size {
  if (last === undefined) return [preemptions, switches, steps + 1];
  const ran = new Set([last.thread, last.partner]);
  const runs = (it: number | undefined): boolean => it !== undefined && ran.has(it);
  if (runs(thread) || runs(partner)) return [preemptions, switches, steps + 1];
  const preempts = !last.yielded && enabled.some((it) => runs(it.thread) || runs(it.partner));
  return [preemptions + (preempts ? 1 : 0), switches + 1, steps + 1];
}

function compare(a: Size, b: Size): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
