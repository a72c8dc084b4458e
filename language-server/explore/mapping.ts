// Where the sites of a portable schedule are in a program. An edit can leave two ways to see that; then each is tried.

import type { PortableSchedule } from "../../protocol/witness.js";
import { present } from "../base/assert.js";
import type { Sites } from "./sites.js";

/** One way to see where all sites are. */
export interface Mapping {
  /** By index of the site; null: the program no longer has it. */
  readonly extents: readonly (string | null)[];
  /** By index of the site. */
  readonly sure: readonly boolean[];
}

const most = 32;

/** All ways, most likely first; at least one, and not more than are cheap to try. */
export function mappings(sites: Sites, { sites: table }: PortableSchedule): readonly Mapping[] {
  const resolved = table.map((it) => sites.resolve(it));
  const sure = resolved.map((it) => it.sure);
  let ways: readonly (readonly (string | null)[])[] = [[]];
  for (const { extents } of resolved) {
    const [first = null, ...others] = extents;
    const few = ways.length * (others.length + 1) <= most;
    ways = [first, ...(few ? others : [])].flatMap((it) => ways.map((way) => [...way, it]));
  }
  return ways.map((extents) => ({ extents, sure }));
}

/** Places that are scheduling points, as far as the program still has them. */
export function visibleIn(portable: PortableSchedule, { extents }: Mapping): ReadonlySet<string> {
  return new Set(portable.visible.flatMap((it) => extents[it] ?? []));
}

/**
 * The places, as `Found.places`, of what the schedule shows; null when the program no longer has one of them.
 * `sure`: they are the same beyond doubt.
 */
export function placesIn(
  { shows }: PortableSchedule,
  { extents, sure }: Mapping,
): { readonly places: readonly string[]; readonly sure: boolean } | null {
  const found = shows.sites.flatMap((it) => extents[it] ?? []);
  if (found.length < shows.sites.length) return null;
  const places = new Set(found.map((it) => it.replace(/-\d+:\d+$/, "")));
  return {
    places: [...places].sort(),
    sure: shows.sites.every((it) => present(sure[it], "site")),
  };
}
