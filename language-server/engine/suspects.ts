import type { Candidate } from "../analysis/check.js";
import type { Analysed } from "../analysis/run.js";
import type { Span } from "../../protocol/span.js";
import { placeKey } from "./confirm.js";

/**
 * Pairs of places that static analysis suspects and an entry can run, for the search to bring together first. Of a
 * candidate with more than two places, neighbours go together.
 */
export function suspects(
  analysed: readonly Analysed[],
  covers: (place: Span) => boolean,
): readonly (readonly [string, string])[] {
  const pairs = new Map<string, readonly [string, string]>();
  for (const { candidate } of analysed) {
    for (const group of groupsOf(candidate)) {
      if (!group.every(covers)) continue;
      for (const [a, b] of neighbours(group)) {
        const [first, second] = [placeKey(a), placeKey(b)];
        pairs.set(`${first} ${second}`, [first, second]);
      }
    }
  }
  return [...pairs.values()];
}

function groupsOf(candidate: Candidate | null | undefined): readonly (readonly Span[])[] {
  return candidate == null ? [] : [...candidate.places, ...groupsOf(candidate.or)];
}

/** A place alone is suspected with itself: two threads that run it. */
function neighbours(group: readonly Span[]): readonly (readonly [Span, Span])[] {
  const [only] = group;
  if (group.length === 1 && only !== undefined) return [[only, only]];
  return group.slice(1).flatMap((it, index) => {
    const before = group[index];
    return before === undefined ? [] : [[before, it] as const];
  });
}
