// Which lock guards which field: the one that its comment names, else the one that the code tells, because nearly all
// accesses hold the same lock of the same struct (the beliefs of Engler et al., SOSP'01: what is done nearly always is
// meant). What is left over deviates.
//
// Built to be quiet. Not counted: what a constructor does to an object it has just made, helpers called `…Locked`,
// functions that take locks through others. Not reported: accesses before a goroutine starts or after a wait, under
// another lock, in functions that nobody outside can call.

import type { Func, Guard, Instr, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { fieldUses, type FieldAccess, type FieldUses } from "./field-uses.js";
import { graphOf } from "./graph.js";

export interface Deviant {
  readonly func: Func;
  readonly instr: Instr;
  readonly write: boolean;
  /** `counter.n` and `mu`. */
  readonly field: string;
  readonly lock: string;
  readonly locked: number;
  readonly total: number;
  /** The comment that names the lock; null: the code tells. */
  readonly comment: SpanId | null;
  /** Whether it is worth a word although nothing is seen to run beside it. */
  readonly telling: boolean;
  /** Accesses that hold the lock, the writes among them first. */
  readonly guarded: readonly FieldAccess[];
}

const leastAccesses = 4;
const leastLocked = 3;
const leastRatio = 0.8;

export const guards: Fact<readonly Deviant[]> = {
  name: "guards",
  compute: ({ get }) =>
    [...get(fieldUses)].flatMap(([field, uses]) =>
      uses.guard === null ? byHabit(field, uses) : byComment(field, uses.guard, uses),
    ),
};

/** What is held nearly always is meant. */
function byHabit(field: string, { accesses }: FieldUses): readonly Deviant[] {
  if (accesses.length < leastAccesses) return [];
  const names = new Set(accesses.flatMap((it) => [...it.locks.keys()]));
  for (const lock of names) {
    const guarded = accesses.filter((it) => it.locks.has(lock));
    const writes = guarded.filter((it) => it.write);
    const enough = guarded.length >= leastLocked && guarded.length >= leastRatio * accesses.length;
    if (!enough || writes.length === 0) continue;
    if (writes.some((it) => it.locks.get(lock) !== "alone")) continue;
    // Several functions must agree: one alone is no rule.
    if (new Set(guarded.map((it) => it.func)).size < 2) continue;
    return accesses
      .filter((it) => !it.locks.has(lock) && isTelling(it, alone))
      .map((it) => deviantOf(field, lock, it, guarded, accesses.length, null));
  }
  return [];
}

/** What a comment says counts from the first access on that holds to it. */
function byComment(field: string, guard: Guard, { accesses }: FieldUses): readonly Deviant[] {
  const { lock, span } = guard;
  const guarded = accesses.filter((it) => it.locks.has(lock));
  if (guarded.length === 0) return [];
  const written = guarded.some((it) => it.write);
  return accesses
    .filter((it) => !it.locks.has(lock) && (it.write || written))
    .map((it) => deviantOf(field, lock, it, guarded, accesses.length, span));
}

function deviantOf(
  field: string,
  lock: string,
  access: FieldAccess,
  guarded: readonly FieldAccess[],
  total: number,
  comment: SpanId | null,
): Deviant {
  const { func, instr, write } = access;
  return {
    func,
    instr,
    write,
    field: field.replace(/^.*[./]([^./]+\.)/, "$1"),
    lock,
    locked: guarded.length,
    total,
    comment,
    // Another lock may guard it as well as the one in the comment.
    telling: comment === null || (access.locks.size === 0 && isTelling(access, making)),
    guarded: [...guarded.filter((it) => it.write), ...guarded.filter((it) => !it.write)],
  };
}

/** Functions that are known to run before or after everybody else. */
const alone =
  /(^|\.)(init|main|String|GoString|Close|Stop|Shutdown|Start|Open|Init|Setup|Reset)$|(^|\.)(New|new|make|Must|with|With|Set)\w*$/;

/** Those of them that also a comment cannot mean: the object is not shared yet. */
const making = /(^|\.)(init|main|Start|Open|Init|Setup)$|(^|\.)(New|new|make|Must|with|With)\w*$/;

function isTelling({ func, instr, other }: FieldAccess, quiet: RegExp): boolean {
  if (other || func.parent !== null || quiet.test(func.display)) return false;
  if (!/(^|\.)[A-Z]\w*$/.test(func.display)) return false;
  const graph = graphOf(func);
  if (graph.instrsAfter(instr).some((it) => it.op === "spawn")) return false;
  return !func.blocks
    .flatMap((it) => it.instrs)
    .some((it) => isWait(it) && graph.instrsAfter(it).includes(instr));
}

function isWait(instr: Instr): boolean {
  if (instr.op === "recv" || instr.op === "select") return true;
  return instr.op === "sync" && (instr.fn === "wg-wait" || instr.fn === "once-begin");
}
