// Seeded walks, three kinds in turn, because none finds what the others do: uniform; partial-order sampling (Yuan, Yang,
// Gu: Partial Order Aware Concurrency Sampling, CAV'18); priorities with few change points (Burckhardt et al.: A
// Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS'10).

import type { Choice, ThreadId } from "../../protocol/witness.js";
import { relate, strictest } from "./dependence.js";
import type { Strategy } from "./strategy.js";
import type { Machine } from "./vm/machine.js";

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The walk of a seed on a machine; `steps`: about how many an execution takes. */
export function walk(seed: number, machine: Machine, steps: number): Strategy {
  switch (seed % 4) {
    case 0:
      return uniform(seed);
    case 1:
      return byPartialOrder(seed, machine);
    default:
      return byPriority(seed, (seed % 4) - 1, steps);
  }
}

/** Any choice. */
function uniform(seed: number): Strategy {
  const random = seeded(seed);
  return { pick: (enabled) => any(enabled, random) };
}

/** Each waiting operation has a random priority, drawn anew when something that it conflicts with has happened. */
function byPartialOrder(seed: number, machine: Machine): Strategy {
  const random = seeded(seed);
  const priorities = new Map<ThreadId, number>();
  const priority = (thread: ThreadId): number => {
    const known = priorities.get(thread) ?? random();
    priorities.set(thread, known);
    return known;
  };
  return {
    pick(enabled, last) {
      if (last !== undefined) {
        priorities.delete(last.thread);
        for (const thread of [...priorities.keys()]) {
          const next = machine.standing(thread)?.touches ?? [];
          const conflicts = next.some((a) =>
            last.touches.some((b) => relate(b, a, strictest) !== 0),
          );
          if (conflicts) priorities.delete(thread);
        }
      }
      return highest(enabled, priority, random);
    },
  };
}

/** Random priorities; the highest runs, and at `changes` moments the running thread falls to the lowest. */
function byPriority(seed: number, changes: number, steps: number): Strategy {
  const random = seeded(seed);
  const priorities = new Map<ThreadId, number>();
  const moments = new Set(
    Array.from({ length: changes + 1 }, () => 1 + Math.floor(random() * Math.max(1, steps))),
  );
  let step = 0;
  const priority = (thread: ThreadId): number => {
    const known = priorities.get(thread) ?? random();
    priorities.set(thread, known);
    return known;
  };
  return {
    pick(enabled, last) {
      step++;
      // A thread that yields lets the others go first: priorities alone would never.
      if (last !== undefined && (moments.has(step) || last.yielded)) {
        priorities.set(last.thread, -step);
      }
      return highest(enabled, priority, random);
    },
  };
}

function highest(
  enabled: readonly Choice[],
  priority: (thread: ThreadId) => number,
  random: () => number,
): Choice {
  const top = Math.max(...enabled.map((it) => priority(it.thread)));
  return any(
    enabled.filter((it) => priority(it.thread) === top),
    random,
  );
}

function any(pool: readonly Choice[], random: () => number): Choice {
  return pool[Math.floor(random() * pool.length)] as Choice;
}
