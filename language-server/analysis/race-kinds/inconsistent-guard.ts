import { bothWays, type RaceKind, type Sight } from "./kind.js";
import type { Deviant } from "../facts/guards.js";
import type { Conflict } from "../facts/races.js";

/** One side leaves out the lock that is held nearly everywhere else. */
export const inconsistentGuard: RaceKind = {
  code: "inconsistent-guard",
  shownBy: ({ conflicts }, sight) => conflicts.filter((it) => deviantIn(it, sight) !== undefined),
  because: (_, { conflicts: [first] }, sight) => {
    const deviant = deviantIn(first, sight);
    return deviant === undefined ? "" : guardWords(deviant);
  },
};

function deviantIn(conflict: Conflict, sight: Sight): Deviant | undefined {
  if (!sight.isDeviant(conflict.inThread) && !sight.isDeviant(conflict.other)) return undefined;
  return sight.guards.find((deviant) =>
    bothWays(conflict).some(
      ([one, other]) =>
        one.op.instr === deviant.instr && deviant.guarded.some((it) => it.instr === other.op.instr),
    ),
  );
}

/** What the code is taken to mean. */
export function guardWords({ field, lock, locked, total, comment }: Deviant): string {
  if (comment !== null) return `its comment says that \`${lock}\` guards \`${field}\``;
  const others = total - locked === 1 ? "every other use" : "nearly every other use";
  return `\`${lock}\` is held at ${others} of \`${field}\``;
}
