import { unsafeTypeOf, unsafeUses } from "../facts/unsafe-types.js";
import type { Race } from "../facts/races.js";
import { bothWays, type RaceKind, type Sight } from "./kind.js";

/** The accesses are made by the library, on behalf of two goroutines that call it. */
export const unsafeStdTypeShared: RaceKind = {
  code: "unsafe-std-type-shared",
  shownBy: ({ conflicts }) =>
    conflicts.filter((it) => bothWays(it).some(([one]) => one.op.instr.op === "call")),
  // The library finds its own values torn.
  leadsTo: ["panic"],
  because: (_, race, sight) => {
    const name = nameOf(race, sight);
    const what = name === "" ? "its type" : `\`${name}\``;
    return `${what} is not safe for concurrent use`;
  },
};

/** `bytes.Buffer`: of the method called, or of the value. */
function nameOf({ object, conflicts }: Race, { program }: Sight): string {
  for (const { inThread, other } of conflicts) {
    for (const { op } of [inThread, other]) {
      const [use] = unsafeUses(program, op.instr);
      if (use !== undefined && use.type !== "") return use.type;
    }
  }
  return object.type === null ? "" : unsafeTypeOf(program, object.type);
}
