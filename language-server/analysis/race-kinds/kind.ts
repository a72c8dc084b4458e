// A kind of race: one way to say what went wrong. Every race is of exactly one kind, the most special that fits.

import type { CheckCode, OutcomeKind } from "../../../protocol/finding.js";
import type { Instr, Program, Reg } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { escape, type Escape } from "../facts/escape.js";
import { guards, type Deviant } from "../facts/guards.js";
import { pointsTo, type Instance, type PointsTo } from "../facts/points-to.js";
import type { AccessHappening, Conflict, Race } from "../facts/races.js";
import { threads, type Threads } from "../facts/threads.js";

export interface RaceKind {
  readonly code: CheckCode;
  /** The conflicts that show it, the most telling first; none: the race is of another kind. */
  readonly shownBy: (race: Race, sight: Sight) => readonly Conflict[];
  /** Ends the sentence about the two accesses: why it is wrong, or what to do. */
  readonly because?: (name: string, race: Race, sight: Sight) => string;
  /** As in `Candidate`. */
  readonly leadsTo?: readonly OutcomeKind[];
  /** Whether another race, for which nothing more special is known, has the same cause as this one. */
  readonly explains?: (race: Race, other: Race) => boolean;
}

/** What kinds are told by. */
export class Sight {
  readonly program: Program;
  readonly points: PointsTo;
  readonly threads: Threads;
  readonly escape: Escape;
  readonly guards: readonly Deviant[];
  readonly #accesses = new Map<Instance, AccessHappening[]>();

  constructor(program: Program, get: <T>(fact: Fact<T>) => T) {
    this.program = program;
    this.points = get(pointsTo);
    this.threads = get(threads);
    this.escape = get(escape);
    this.guards = get(guards);
    for (const it of this.threads.accesses) {
      const list = this.#accesses.get(it.frame.instance);
      if (list === undefined) this.#accesses.set(it.frame.instance, [it]);
      else list.push(it);
    }
  }

  accessesIn(instance: Instance): readonly AccessHappening[] {
    return this.#accesses.get(instance) ?? [];
  }
}

/** Both accesses of a conflict, each with the other. */
export function bothWays({ inThread, other }: Conflict): readonly AccessPair[] {
  return [
    [inThread, other],
    [other, inThread],
  ];
}

type AccessPair = readonly [AccessHappening, AccessHappening];

/** Whether all conflicts of `other` are between functions that `race` is between, writers and readers alike. */
export function sameFunctions(race: Race, other: Race): boolean {
  return other.conflicts.every((theirs) =>
    race.conflicts.some((ours) =>
      bothWays(ours).some(([read, write]) =>
        bothWays(theirs).some(
          ([reading, writing]) => sameRole(read, reading) && sameRole(write, writing),
        ),
      ),
    ),
  );
}

function sameRole(left: AccessHappening, right: AccessHappening): boolean {
  return left.frame.instance.func === right.frame.instance.func && left.op.write === right.op.write;
}

/** Whether the value in a register is computed from what `load` read, and from nothing else but constants. */
export function comesFrom(definitions: ReadonlyMap<Reg, Instr>, reg: Reg, load: Instr): boolean {
  const definition = definitions.get(reg);
  if (definition === load) return true;
  if (definition?.op !== "prim" && definition?.op !== "extract") return false;
  const from = definition.op === "prim" ? definition.args : [definition.tuple];
  const changing = from.filter((it) => definitions.get(it)?.op !== "const");
  return changing.length > 0 && changing.every((it) => comesFrom(definitions, it, load));
}
