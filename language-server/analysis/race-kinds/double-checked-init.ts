import type { Instance } from "../facts/points-to.js";
import type { AccessHappening } from "../facts/races.js";
import { definitionsOf } from "../facts/skeleton.js";
import type { Held } from "../facts/state.js";
import { asked, bothWays, sameFunctions, sourceOf, type RaceKind, type Sight } from "./kind.js";

/**
 * A variable is tested without the lock, tested again with it and then set: the first test races with the setting.
 * The value that is set beside a flag has the same cause.
 */
export const doubleCheckedInit: RaceKind = {
  code: "double-checked-init",
  shownBy: ({ conflicts }, sight) =>
    conflicts.filter((it) =>
      bothWays(it).some(
        ([first, set]) => set.op.write && !first.op.write && isDoubleChecked(first, set, sight),
      ),
    ),
  because: (name) => `the first test of \`${name}\` is made without the lock`,
  explains: (race, other) =>
    sameFunctions(race, other) &&
    other.conflicts.every(({ inThread, other: beside }) =>
      [inThread, beside].some((it) => it.op.write && it.state.held.length > 0),
    ),
};

function isDoubleChecked(first: AccessHappening, set: AccessHappening, sight: Sight): boolean {
  const { instance } = set.frame;
  const outside = first.frame.instance;
  if (outside.func !== instance.func && !calls(set, first)) return false;
  if (!isTested(first, sight)) return false;
  return testsIn(instance, sight).some(
    (again) =>
      again.op.locations.some((it) => set.op.locations.includes(it)) &&
      again.state.held.some((lock) => !isHeld(lock, first) && isHeld(lock, set)),
  );
}

/** Whether the function that sets is called by the one that tests. */
function calls(set: AccessHappening, first: AccessHappening): boolean {
  return [...set.frame.callers.keys()].some((it) => it.instance.func === first.frame.instance.func);
}

function isHeld(lock: Held, { state }: AccessHappening): boolean {
  return state.held.some((it) => it.locks.some((own) => lock.locks.includes(own)));
}

/** Reads that a branch is taken by, and by nothing else. */
const testsIn = asked((instance: Instance, sight) =>
  sight.accessesIn(instance).filter((it) => !it.op.write && isTested(it, sight)),
);

const isTested = asked(({ op, frame }: AccessHappening) => {
  const { func } = frame.instance;
  const definitions = definitionsOf(func);
  return func.blocks.some(
    ({ exit }) => exit.op === "branch" && sourceOf(definitions, exit.cond) === op.instr,
  );
});
