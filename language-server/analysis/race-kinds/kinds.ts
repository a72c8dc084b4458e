import type { Fact } from "../check.js";
import { explained } from "../facts/explained.js";
import { races, type Conflict, type Race } from "../facts/races.js";
import { busyWaitOnPlainFlag } from "./busy-wait-on-plain-flag.js";
import { doubleCheckedInit } from "./double-checked-init.js";
import { capturedVariable, concurrentMap, lostUpdate, unsynchronizedAccess } from "./general.js";
import { inconsistentGuard } from "./inconsistent-guard.js";
import { Sight, type RaceKind } from "./kind.js";
import { loopVariableCapture } from "./loop-variable-capture.js";
import { mixedAtomicPlain } from "./mixed-atomic-plain.js";
import { parallelSubtestShare } from "./parallel-subtest-share.js";
import { resultVarVsTimeout } from "./result-var-vs-timeout.js";
import { sliceAppendRace } from "./slice-append-race.js";
import { typoLock } from "./typo-lock.js";
import { unsafeStdTypeShared } from "./unsafe-std-type-shared.js";
import { useAfterHandoff } from "./use-after-handoff.js";
import { writeUnderRlock } from "./write-under-rlock.js";

/** The most special first: those that name the mistake, then those that name what is shared. */
const special: readonly RaceKind[] = [
  loopVariableCapture,
  parallelSubtestShare,
  useAfterHandoff,
  typoLock,
  unsafeStdTypeShared,
  mixedAtomicPlain,
  writeUnderRlock,
  concurrentMap,
  doubleCheckedInit,
  busyWaitOnPlainFlag,
  sliceAppendRace,
  resultVarVsTimeout,
  inconsistentGuard,
  lostUpdate,
];

/** Their races are told with a special one that explains them. */
const general: readonly RaceKind[] = [capturedVariable, unsynchronizedAccess];

export interface ClassifiedRace extends Race {
  readonly kind: RaceKind;
  /** Ends the sentence about the race; "": nothing more is to be said. */
  readonly because: (name: string) => string;
}

/** Every race with its kind, in the order of `races`. */
export const classifiedRaces: Fact<readonly ClassifiedRace[]> = {
  name: "classified races",
  compute({ program, get }) {
    const sight = new Sight(program, get);
    // One that another check tells by its cause is not told again.
    const open = get(races).filter((it) => !get(explained).has(it));
    const all = open.map((it) => classify(it, sight));
    const leading = all.filter((it) => it.kind.explains !== undefined);
    const explainedBy = (it: ClassifiedRace): ClassifiedRace | undefined =>
      general.includes(it.kind)
        ? leading.find((lead) => lead.kind.explains?.(lead, it) === true)
        : undefined;
    const toldWith = new Map<ClassifiedRace, ClassifiedRace[]>();
    const told = all.filter((it) => {
      const lead = explainedBy(it);
      if (lead !== undefined) toldWith.set(lead, [...(toldWith.get(lead) ?? []), it]);
      return lead === undefined;
    });
    return told.map((it) => {
      const more = toldWith.get(it) ?? [];
      const consequences = [
        ...it.consequences,
        ...more.flatMap((other) => [...other.conflicts, ...other.consequences]),
      ];
      return { ...it, consequences };
    });
  },
};

function classify(race: Race, sight: Sight): ClassifiedRace {
  for (const kind of [...special, ...general]) {
    const [first, ...rest] = kind.shownBy(race, sight);
    if (first === undefined) continue;
    const shown = new Set([first, ...rest]);
    const others: readonly Conflict[] = race.conflicts.filter((it) => !shown.has(it));
    const told: Race = { ...race, conflicts: [first, ...rest, ...others] };
    return { ...told, kind, because: (name) => kind.because?.(name, told, sight) ?? "" };
  }
  return { ...race, kind: unsynchronizedAccess, because: () => "" };
}
