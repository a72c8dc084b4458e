// Races of a goroutine that has called Done before it was done: what the Wait was for is not ordered by it.

import type { Fact } from "../check.js";
import { races, type Race } from "./races.js";
import type { Node } from "./solver.js";
import { threads } from "./threads.js";
import { has } from "./tokens.js";
import { waitGroups, type GroupUse } from "./wait-groups.js";

export interface EarlyDone {
  readonly race: Race;
  readonly done: GroupUse;
  readonly group: Node;
}

export const earlyDones: Fact<ReadonlyMap<Race, EarlyDone>> = {
  name: "early-dones",
  compute({ get }) {
    const groups = get(waitGroups);
    const all = get(threads);
    const found = new Map<Race, EarlyDone>();
    for (const race of get(races)) {
      const [{ inThread, other, thread }] = race.conflicts;
      if (all.threadsOf(other.frame).has(thread)) continue;
      const done = thread.targets
        .flatMap((it) => groups.usesOf(it.instance))
        .find(
          (it) =>
            it.kind === "done" &&
            !it.deferred &&
            other.state.received.includes(it.group) &&
            !has(inThread.after, it.group),
        );
      if (done !== undefined) found.set(race, { race, done, group: done.group });
    }
    return found;
  },
};
