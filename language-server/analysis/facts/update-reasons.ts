// TypeScript: why an update across an await can be lost although somebody thought of it: a lock that does not keep others out. What
// is told is the lock, not the update.

import type { Func, Program } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import type { Fact } from "../check.js";
import { type AwaitUpdate, awaitUpdates } from "./await-updates.js";
import { type AsyncSection, asyncSections } from "./async-sections.js";
import type { Write } from "./shared-places.js";
import { type Contest, contests } from "./promise-races.js";
import { type TsCalls, tsCalls } from "./ts-calls.js";

/** A write, and who does it. */
type Writing = Write & { readonly func: Func };

export type UpdateReason =
  /** Each call makes a lock of its own. */
  | { readonly kind: "own lock"; readonly section: AsyncSection }
  /** It goes on after a race that it has lost, when the lock of the race has been given back. */
  | { readonly kind: "lost race"; readonly section: AsyncSection; readonly contest: Contest }
  /** Others write without the lock. */
  | {
      readonly kind: "outside";
      readonly section: AsyncSection;
      readonly others: readonly Writing[];
    };

export const updateReasons: Fact<ReadonlyMap<AwaitUpdate, UpdateReason>> = {
  name: "update-reasons",
  compute: ({ program, get }) => {
    const finder = new Finder(program, get(tsCalls), get(asyncSections), get(contests));
    const reasons = new Map<AwaitUpdate, UpdateReason>();
    for (const it of get(awaitUpdates)) {
      const reason = finder.reasonOf(it);
      if (reason !== null) reasons.set(it, reason);
    }
    return reasons;
  },
};

class Finder {
  readonly #program: Program;
  readonly #calls: TsCalls;
  readonly #sections: readonly AsyncSection[];
  readonly #contests: readonly Contest[];
  #writers: ReadonlyMap<string, readonly Writing[]> | null = null;

  constructor(
    program: Program,
    calls: TsCalls,
    sections: readonly AsyncSection[],
    contests: readonly Contest[],
  ) {
    this.#program = program;
    this.#calls = calls;
    this.#sections = sections;
    this.#contests = contests;
  }

  reasonOf(update: AwaitUpdate): UpdateReason | null {
    for (const section of this.#sections) {
      const contest = this.#contests.find(
        (it) => section.covers(it.func, it.point) && it.contestants.has(update.func.id),
      );
      if (contest !== undefined && section.taking.scope !== "call") {
        return { kind: "lost race", section, contest };
      }
    }
    const around = this.#sections.filter((it) => it.covers(update.func, update.at));
    const [first] = around;
    if (first === undefined) return null;
    if (around.every((it) => it.taking.scope === "call")) {
      return { kind: "own lock", section: first };
    }
    for (const section of around) {
      if (section.taking.scope !== "shared") continue;
      const others = this.#outside(update, section);
      if (others.length > 0) return { kind: "outside", section, others };
    }
    return null;
  }

  /** Who writes the same without the lock. */
  #outside({ func, place, at }: AwaitUpdate, { taking }: AsyncSection): readonly Writing[] {
    const same = this.#sections.filter((it) => it.taking.lock === taking.lock);
    const key = this.#keyOf(func, place);
    this.#writers ??= this.#findWriters();
    const writers = key === null ? [] : (this.#writers.get(key) ?? []);
    return writers.filter(
      (it) =>
        !(it.func === func && it.point.block === at.block && it.point.index === at.index) &&
        !same.some((of) => of.covers(it.func, it.point) || of.mayRun(it.func)) &&
        // What is set up when it is made is nobody else's yet.
        !it.func.display.endsWith(".constructor"),
    );
  }

  /** The same for the same place in all functions: of the own class, or of a variable. */
  #keyOf(func: Func, place: string): string | null {
    if (!place.startsWith("this.")) return place;
    const owner = this.#calls.classOf(func);
    return owner === null ? null : `${owner}${place.slice("this".length)}`;
  }

  #findWriters(): ReadonlyMap<string, readonly Writing[]> {
    const table = new Map<string, Writing[]>();
    for (const func of this.#program.funcs) {
      // The body of a module sets up what others share.
      if (isModel(func) || this.#isModule(func)) continue;
      for (const write of this.#calls.places(func).writes()) {
        const key = this.#keyOf(func, write.place);
        if (key === null) continue;
        const known = table.get(key);
        if (known === undefined) table.set(key, [{ ...write, func }]);
        else known.push({ ...write, func });
      }
    }
    return table;
  }

  #isModule({ id }: Func): boolean {
    const { entries, inits } = this.#program;
    return inits.includes(id) || entries.some((it) => it.func === id);
  }
}
