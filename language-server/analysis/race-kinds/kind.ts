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
  readonly #deviants: ReadonlySet<Instr>;
  readonly #accesses = new Map<Instance, AccessHappening[]>();

  constructor(program: Program, get: <T>(fact: Fact<T>) => T) {
    this.program = program;
    this.points = get(pointsTo);
    this.threads = get(threads);
    this.escape = get(escape);
    this.guards = get(guards);
    this.#deviants = new Set(this.guards.map((it) => it.instr));
    for (const it of this.threads.accesses) {
      const list = this.#accesses.get(it.frame.instance);
      if (list === undefined) this.#accesses.set(it.frame.instance, [it]);
      else list.push(it);
    }
  }

  /** Whether the access leaves out a lock that is held nearly everywhere else. */
  isDeviant({ op }: AccessHappening): boolean {
    return this.#deviants.has(op.instr);
  }

  accessesIn(instance: Instance): readonly AccessHappening[] {
    return this.#accesses.get(instance) ?? [];
  }
}

/** A question about an access or the like, answered once however many conflicts it has a part in. */
export function asked<K extends object, T>(
  answer: (key: K, sight: Sight) => T,
): (key: K, sight: Sight) => T {
  const known = new WeakMap<K, { readonly answer: T }>();
  return (key, sight) => {
    let it = known.get(key);
    if (it === undefined) known.set(key, (it = { answer: answer(key, sight) }));
    return it.answer;
  };
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

const sources = new WeakMap<ReadonlyMap<Reg, Instr>, Map<Reg, Instr | null>>();

/** The only instruction that a value is computed from, by operators and from constants beside it; null: there are more. */
export function sourceOf(definitions: ReadonlyMap<Reg, Instr>, reg: Reg): Instr | null {
  let known = sources.get(definitions);
  if (known === undefined) sources.set(definitions, (known = new Map<Reg, Instr | null>()));
  let source = known.get(reg);
  if (source === undefined) known.set(reg, (source = findSource(definitions, reg)));
  return source;
}

function findSource(definitions: ReadonlyMap<Reg, Instr>, reg: Reg): Instr | null {
  const definition = definitions.get(reg);
  if (definition === undefined) return null;
  if (definition.op !== "prim" && definition.op !== "extract") return definition;
  const from = definition.op === "prim" ? definition.args : [definition.tuple];
  const changing = from.filter((it) => definitions.get(it)?.op !== "const");
  const [first, ...others] = new Set(changing.map((it) => sourceOf(definitions, it)));
  return first === undefined || others.length > 0 ? null : first;
}
