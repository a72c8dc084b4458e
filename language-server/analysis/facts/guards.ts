// Which lock guards which field, as far as the code itself tells: nearly all accesses hold the same lock of the same
// struct (the beliefs of Engler et al., SOSP'01: what is done nearly always is meant). What is left over deviates.
//
// Built to be quiet. Not counted: what a constructor does to an object it has just made, helpers called `…Locked`,
// functions that take locks through others. Not reported: accesses before a goroutine starts or after a wait, under
// another lock, in functions that nobody outside can call.

import type { Func, Instr, Program, Reg } from "../../ir/ir.js";
import { typeOf, underlying } from "../../ir/access.js";
import type { TypeId } from "../../ir/types.js";
import type { Fact } from "../check.js";
import { graphOf } from "./graph.js";
import { heldLocks, type HeldLocks, type Locks } from "./held-locks.js";

export interface Deviant {
  readonly func: Func;
  readonly instr: Instr;
  readonly write: boolean;
  /** `counter.n` and `mu`. */
  readonly field: string;
  readonly lock: string;
  readonly locked: number;
  readonly total: number;
  /** Accesses that hold the lock, the writes among them first. */
  readonly guarded: readonly FieldAccess[];
}

export interface FieldAccess {
  readonly func: Func;
  readonly instr: Instr;
  readonly write: boolean;
  /** Sibling locks held, by field name. */
  readonly locks: Locks;
  /** Whether any other lock is held. */
  readonly other: boolean;
}

const leastAccesses = 4;
const leastLocked = 3;
const leastRatio = 0.8;

export const guards: Fact<readonly Deviant[]> = {
  name: "guards",
  compute({ program, get }) {
    const held = get(heldLocks);
    const fields = new Map<string, FieldAccess[]>();
    const atomic = new Set<string>();
    for (const func of program.funcs) {
      if (func.library || func.blocks.length === 0) continue;
      collect(program, func, held, fields, atomic);
    }
    return [...fields]
      .filter(([field]) => !atomic.has(field))
      .flatMap(([field, accesses]) => deviantsOf(field, accesses));
  },
};

function collect(
  program: Program,
  func: Func,
  held: HeldLocks,
  fields: Map<string, FieldAccess[]>,
  atomic: Set<string>,
): void {
  const paths = held.paths(func);
  const { definitions } = paths;
  const note = (addr: Reg, instr: Instr, write: boolean): void => {
    const field = definitions.get(addr);
    if (field?.op !== "field" || !isGuardable(program, field.type, field.field)) return;
    const base = paths.of(field.base);
    if (base.root.kind === "value") return;
    const locks = held.at(func, instr);
    if (locks === null || /Locked$/.test(func.display)) return;
    const siblings = new Map(
      [...locks].flatMap(([text, how]) => {
        const name = text.startsWith(`${base.text}.`) ? text.slice(base.text.length + 1) : "";
        return name === "" ? [] : [[name, how] as const];
      }),
    );
    const key = `${typeOf(program, field.type).kind === "named" ? nameOf(program, field.type) : ""}.${field.name}`;
    const access = { func, instr, write, locks: siblings, other: locks.size > siblings.size };
    fields.set(key, [...(fields.get(key) ?? []), access]);
  };
  for (const instr of func.blocks.flatMap((it) => it.instrs)) {
    if (instr.op === "load") note(instr.addr, instr, false);
    if (instr.op === "store") note(instr.addr, instr, true);
    if (instr.op === "map" && (instr.fn === "set" || instr.fn === "delete")) {
      const map = instr.args[0] === undefined ? undefined : definitions.get(instr.args[0]);
      if (map?.op === "load") note(map.addr, instr, true);
    }
    if (instr.op === "atomic") {
      const field = definitions.get(instr.addr);
      if (field?.op === "field") atomic.add(`${nameOf(program, field.type)}.${field.name}`);
    }
  }
}

function nameOf(program: Program, type: TypeId): string {
  const named = typeOf(program, type);
  return named.kind === "named" ? named.name.replace(/^.*\//, "") : "";
}

/** Whether a field is plain data: locks, channels and functions have rules of their own. */
function isGuardable(program: Program, struct: TypeId, index: number): boolean {
  const type = underlying(program, struct);
  const field = type.kind === "struct" ? type.fields[index] : undefined;
  if (field === undefined) return false;
  const named = typeOf(program, field.type);
  if (named.kind === "named" && /^sync(\/atomic)?\./.test(named.name)) return false;
  return !/^(chan|func|interface|struct)$/.test(underlying(program, field.type).kind);
}

function deviantsOf(field: string, accesses: readonly FieldAccess[]): readonly Deviant[] {
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
    const reads = guarded.filter((it) => !it.write);
    return accesses
      .filter((it) => !it.locks.has(lock) && isTelling(it))
      .map(({ func, instr, write }) => ({
        func,
        instr,
        write,
        field: field.replace(/^.*[./]([^./]+\.)/, "$1"),
        lock,
        locked: guarded.length,
        total: accesses.length,
        guarded: [...writes, ...reads],
      }));
  }
  return [];
}

/** Functions that are known to run before or after everybody else. */
const alone =
  /(^|\.)(init|main|String|GoString|Close|Stop|Shutdown|Start|Open|Init|Setup|Reset)$|(^|\.)(New|new|make|Must|with|With|Set)\w*$/;

function isTelling({ func, instr, other }: FieldAccess): boolean {
  if (other || func.parent !== null || alone.test(func.display)) return false;
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
