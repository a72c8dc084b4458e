// TypeScript: locks that are taken while others are held, in orders that can make their takers wait for each other.

import type { Fact } from "../check.js";
import { type AsyncSection, asyncSections } from "./async-sections.js";
import type { Taking } from "./async-locks.js";

/** While `outer` is held, `inner` is taken. */
export interface LockStep {
  readonly outer: Taking;
  readonly inner: Taking;
}

export interface AsyncLockCycle {
  /** Each takes what the next one holds. */
  readonly steps: readonly LockStep[];
  /** One step alone, of locks that the function is given: another call may be given them the other way round. */
  readonly alike: boolean;
}

export const asyncLockOrder: Fact<readonly AsyncLockCycle[]> = {
  name: "async-lock-order",
  compute: ({ get }) => {
    const sections = get(asyncSections);
    const all = sections.map((it) => it.taking).filter((it) => it.scope !== "call");
    const steps = sections.flatMap((section) => {
      const outer = section.taking;
      if (outer.scope === "call") return [];
      return all
        .filter((it) => it.lock !== outer.lock && isInside(section, it))
        .map((inner) => ({ outer, inner }));
    });
    return [...cyclesOf(steps.filter(isFixed)), ...steps.filter(isTurnable).map(alone)];
  },
};

function isInside(section: AsyncSection, { func, point }: Taking): boolean {
  if (section.covers(func, point)) return true;
  return func !== section.taking.func && section.mayRun(func);
}

function isFixed({ outer, inner }: LockStep): boolean {
  return outer.scope === "shared" && inner.scope === "shared";
}

/** Two locks of one kind, each of something that the function is given. */
function isTurnable({ outer, inner }: LockStep): boolean {
  if (outer.scope !== "given" || inner.scope !== "given") return false;
  const [a, b] = [outer.lock, inner.lock].map((it) => {
    const end = it.search(/[.[]/);
    return end < 0 ? [it, ""] : [it.slice(0, end), it.slice(end)];
  });
  return a !== undefined && b !== undefined && a[0] !== b[0] && a[1] === b[1];
}

function alone(step: LockStep): AsyncLockCycle {
  return { steps: [step], alike: true };
}

/** Of each set of locks one cycle, as short as there is; none that only goes a longer way round. */
function cyclesOf(steps: readonly LockStep[]): readonly AsyncLockCycle[] {
  const cycles = steps.flatMap((first) => {
    const rest = wayBack(steps, first);
    return rest === null ? [] : [[first, ...rest]];
  });
  const kept: { readonly steps: readonly LockStep[]; readonly locks: readonly string[] }[] = [];
  for (const cycle of cycles.sort((a, b) => a.length - b.length)) {
    const locks = cycle.map((it) => it.outer.lock);
    if (kept.some((it) => it.locks.every((lock) => locks.includes(lock)))) continue;
    kept.push({ steps: cycle, locks });
  }
  return kept.map((it) => ({ steps: it.steps, alike: false }));
}

function wayBack(
  steps: readonly LockStep[],
  { outer, inner }: LockStep,
): readonly LockStep[] | null {
  let ways: readonly (readonly LockStep[])[] = [[]];
  const seen = new Set<string>();
  while (ways.length > 0) {
    const longer: (readonly LockStep[])[] = [];
    for (const way of ways) {
      const at = way.at(-1)?.inner.lock ?? inner.lock;
      if (at === outer.lock) return way;
      if (seen.has(at)) continue;
      seen.add(at);
      longer.push(...steps.filter((it) => it.outer.lock === at).map((it) => [...way, it]));
    }
    ways = longer;
  }
  return null;
}
