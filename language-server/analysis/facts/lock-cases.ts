// What lock-balance.ts knows at a point on one of the ways that lead there.

import type { Func, Instr, Reg, SpanId } from "../../ir/ir.js";
import type { Literals } from "./branches.js";
import type { LockPath } from "./lock-paths.js";

export interface HeldPath {
  readonly path: LockPath;
  readonly shared: boolean;
  readonly span: SpanId;
  /** The register the lock's address was in, for its name. */
  readonly reg: Reg;
  /** A call whose effect is not known came after: it may have been released. */
  readonly tainted: boolean;
  /** The function that took it and gave it to this one; null: this one took it. */
  readonly from: Func | null;
}

/** A lock that was held and has been released since. */
export interface ReleasedPath {
  readonly held: HeldPath;
  readonly span: SpanId;
}

export interface Taken {
  readonly path: LockPath;
  readonly shared: boolean;
  readonly span: SpanId;
  readonly func: Func;
}

export interface Case {
  readonly held: readonly HeldPath[];
  readonly deferred: readonly Deferred[];
  readonly literals: Literals;
  readonly takes: readonly Taken[];
  /** Not told apart: where cases merge, what has been released in all of them. */
  readonly released: readonly ReleasedPath[];
}

export type Deferred = Extract<Instr, { op: "defer" }>;

const mostCases = 8;

export function holds(it: Case, path: LockPath): boolean {
  return it.held.some((held) => held.path.text === path.text);
}

export function isReleased(it: Case, path: LockPath): ReleasedPath | undefined {
  return it.released.find(({ held }) => held.path.text === path.text);
}

export function takesLock(it: Case, path: LockPath): boolean {
  return it.takes.some((taken) => taken.path.text === path.text);
}

/** Whether there is anything in it that depends on registers. */
export function knowsSomething({ held, literals, released }: Case): boolean {
  return held.length > 0 || literals.size > 0 || released.length > 0;
}

export function surelyHolds(it: Case, path: LockPath): boolean {
  return it.held.some((held) => held.path.text === path.text && !held.tainted);
}

/** A lock of this declaration is released, by another path: it may be one of those that are held. */
export function taintNamesakes(it: Case, { declaration }: LockPath): Case {
  const isNamesake = ({ path, tainted }: HeldPath): boolean =>
    path.declaration === declaration && !tainted;
  if (!it.held.some(isNamesake)) return it;
  return { ...it, held: it.held.map((its) => (isNamesake(its) ? { ...its, tainted: true } : its)) };
}

export function taint(it: Case): Case {
  const free = it.released.length === 0 ? it : { ...it, released: [] };
  if (it.held.every((held) => held.tainted)) return free;
  return { ...free, held: it.held.map((held) => ({ ...held, tainted: true })) };
}

const keys = new WeakMap<Case, string>();

function caseKey(it: Case): string {
  const known = keys.get(it);
  if (known !== undefined) return known;
  const key = makeKey(it);
  keys.set(it, key);
  return key;
}

function makeKey(it: Case): string {
  const held = it.held.map(
    (its) => `${its.path.text}${its.shared ? "r" : "w"}${its.tainted ? "?" : ""}`,
  );
  const literals = [...it.literals].map(([text, value]) => `${text}=${value}`).sort();
  return `${held.join()}|${it.deferred.map((its) => its.span).join()}|${literals.join()}`;
}

/** The union of two sets of cases; the first itself when nothing is added, null when they are too many. */
export function mergeCases(known: Case[], arriving: readonly Case[]): Case[] | null {
  const all = new Map(known.map((it) => [caseKey(it), it]));
  let changed = false;
  for (const it of arriving) {
    const key = caseKey(it);
    const same = all.get(key);
    if (same === undefined) {
      all.set(key, it);
      changed = true;
      continue;
    }
    const takes = same.takes.filter((a) => it.takes.some((b) => a.path.text === b.path.text));
    const released = same.released.filter((a) => isReleased(it, a.held.path) !== undefined);
    if (takes.length === same.takes.length && released.length === same.released.length) continue;
    all.set(key, { ...same, takes, released });
    changed = true;
  }
  if (!changed) return known;
  if (all.size <= mostCases) return [...all.values()];
  const plain = new Map<string, Case>();
  for (const it of all.values()) {
    const bare = { ...it, literals: new Map<string, boolean>() };
    plain.set(caseKey(bare), bare);
  }
  return plain.size <= mostCases ? [...plain.values()] : null;
}
