// Seeded walks: two shapes in turn, because neither finds what the other does.

import type { Choice, ThreadId } from "../../protocol/witness.js";
import { continues, type Strategy } from "./strategy.js";

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

export function walk(seed: number): Strategy {
  return seed % 2 === 0 ? uniform(seed) : prioritised(seed);
}

/** Any choice, with a liking for the thread that runs, so that long stretches also occur. */
function uniform(seed: number): Strategy {
  const random = seeded(seed);
  return {
    pick(enabled, last) {
      const same = enabled.filter((it) => continues(it, last));
      const pool = same.length > 0 && random() < 0.4 ? same : enabled;
      return pool[Math.floor(random() * pool.length)] as Choice;
    },
  };
}

/** Random priorities; the highest runs, and now and then the running thread falls to the lowest. */
function prioritised(seed: number): Strategy {
  const random = seeded(seed);
  const priorities = new Map<ThreadId, number>();
  const priority = (thread: ThreadId): number => {
    const known = priorities.get(thread) ?? random();
    priorities.set(thread, known);
    return known;
  };
  return {
    pick(enabled, last) {
      if (last !== undefined && random() < 0.08) priorities.set(last.thread, random() - 1);
      const top = Math.max(...enabled.map((it) => priority(it.thread)));
      const pool = enabled.filter((it) => priority(it.thread) === top);
      return pool[Math.floor(random() * pool.length)] as Choice;
    },
  };
}
