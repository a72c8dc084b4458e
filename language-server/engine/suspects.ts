import type { Candidate } from "../analysis/check.js";
import type { Analysed } from "../analysis/run.js";
import type { OrderedStep } from "../explore/explorer.js";
import type { Span } from "../../protocol/span.js";
import type { Between } from "../explore/explorer.js";
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

/** A model that knows little of the program has many, and each costs an execution. */
const mostOrders = 8;

/** Orders in which something goes wrong in a model of the program, as far as an entry can run them. */
export function orders(
  analysed: readonly Analysed[],
  covers: (place: Span) => boolean,
): readonly (readonly OrderedStep[])[] {
  const found = new Map<string, readonly OrderedStep[]>();
  for (const order of analysed.flatMap(({ candidate }) => candidate?.orders ?? [])) {
    if (order.length === 0 || !order.every(({ place }) => covers(place))) continue;
    const steps = order.map(({ thread, place }) => ({ thread, place: placeKey(place) }));
    found.set(steps.map(({ thread, place }) => `${thread} ${place}`).join(" "), steps);
  }
  return [...found.values()].slice(0, mostOrders);
}

/** What is to be shown in the order of its places, as extents. */
export function betweens(
  analysed: readonly Analysed[],
  covers: (place: Span) => boolean,
): readonly Between[] {
  const found = new Map<string, Between>();
  for (const { candidate } of analysed) {
    if (candidate?.outcome !== "ok") continue;
    for (const group of candidate.places) {
      const [look, other, act] = group.map(extentKey);
      if (look === undefined || other === undefined || act === undefined) continue;
      if (!group.every(covers)) continue;
      const accesses = candidate.accesses ?? "read write write";
      found.set(`${look} ${other} ${act}`, { places: [look, other, act], accesses });
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
