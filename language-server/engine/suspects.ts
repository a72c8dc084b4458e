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

/** What is to be shown in the order of its places, as extents. */
export function betweens(
  analysed: readonly Analysed[],
  covers: (place: Span) => boolean,
): readonly (readonly [string, string, string])[] {
  const found = new Map<string, readonly [string, string, string]>();
  for (const { candidate } of analysed) {
    if (candidate?.outcome !== "ok") continue;
    for (const group of candidate.places) {
      const [look, other, act] = group.map(extentKey);
      if (look === undefined || other === undefined || act === undefined) continue;
      if (group.every(covers)) found.set(`${look} ${other} ${act}`, [look, other, act]);
    }
  }
  return [...found.values()];
}

function extentKey({ uri, start, end }: Span): string {
  return `${uri}:${start.line}:${start.character}-${end.line}:${end.character}`;
}

function groupsOf(candidate: Candidate | null): readonly (readonly Span[])[] {
  return candidate === null ? [] : [...candidate.places, ...groupsOf(candidate.or ?? null)];
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
