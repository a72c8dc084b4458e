// Reads and writes of struct fields that are plain data, each with the locks of the same struct that are held, and what
// the field's comment says of its lock. Left out: what a function does to an object it has just made.

import { typeOf, underlying } from "../../ir/access.js";
import type { Func, Guard, Instr, Program, Reg } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { Fact } from "../check.js";
import { heldLocks, type HeldLocks, type Locks } from "./held-locks.js";

export interface FieldAccess {
  readonly func: Func;
  readonly instr: Instr;
  readonly write: boolean;
  /** Sibling locks held, by field name. */
  readonly locks: Locks;
  /** Whether any other lock is held. */
  readonly other: boolean;
}

export interface FieldUses {
  /** The lock that a comment names; null: none does. */
  readonly guard: Guard | null;
  readonly accesses: readonly FieldAccess[];
  /** There are more, of which it is not known what they hold. */
  readonly unclear: boolean;
}

interface Uses extends FieldUses {
  readonly accesses: FieldAccess[];
  unclear: boolean;
}

/** By `pkg.type.field`; without fields that are used atomically. */
export const fieldUses: Fact<ReadonlyMap<string, FieldUses>> = {
  name: "field-uses",
  compute({ program, get }) {
    const held = get(heldLocks);
    const fields = new Map<string, Uses>();
    const atomic = new Set<string>();
    for (const func of program.funcs) {
      if (func.library || func.blocks.length === 0) continue;
      collect(program, func, held, fields, atomic);
    }
    for (const field of atomic) fields.delete(field);
    return fields;
  },
};

function collect(
  program: Program,
  func: Func,
  held: HeldLocks,
  fields: Map<string, Uses>,
  atomic: Set<string>,
): void {
  const paths = held.paths(func);
  const { definitions } = paths;
  const note = (addr: Reg, instr: Instr, write: boolean): void => {
    const field = definitions.get(addr);
    if (field?.op !== "field" || !isGuardable(program, field.type, field.field)) return;
    const base = paths.of(field.base);
    const key = `${shortName(program, field.type)}.${field.name}`;
    let uses = fields.get(key);
    if (uses === undefined) {
      uses = { guard: guardOf(program, field.type, field.name), accesses: [], unclear: false };
      fields.set(key, uses);
    }
    if (base.root.kind === "value") {
      if (definitions.get(base.root.reg)?.op !== "alloc") uses.unclear = true;
      return;
    }
    const locks = held.at(func, instr);
    if (locks === null || /Locked$/.test(func.display)) {
      uses.unclear = true;
      return;
    }
    const siblings = new Map(
      [...locks].flatMap(([text, how]) => {
        const name = text.startsWith(`${base.text}.`) ? text.slice(base.text.length + 1) : "";
        // Pointers on the way are not part of the name.
        return name === "" ? [] : [[name.replaceAll("*", ""), how] as const];
      }),
    );
    uses.accesses.push({ func, instr, write, locks: siblings, other: locks.size > siblings.size });
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
      if (field?.op === "field") atomic.add(`${shortName(program, field.type)}.${field.name}`);
    }
  }
}

function nameOf(program: Program, type: TypeId): string {
  const named = typeOf(program, type);
  return named.kind === "named" ? named.name : "";
}

function shortName(program: Program, type: TypeId): string {
  return nameOf(program, type).replace(/^.*\//, "");
}

/** What a comment says of the field. */
function guardOf(program: Program, type: TypeId, field: string): Guard | null {
  const owner = nameOf(program, type).replace(/\[.*$/, "");
  return program.guards.find((it) => it.owner === owner && it.field === field) ?? null;
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
