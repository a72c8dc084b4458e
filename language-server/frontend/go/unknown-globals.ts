// Variables whose value nobody knows: those of packages that are known by their types only (`sql.ErrNoRows`,
// `http.DefaultClient`), and those that an initialiser makes of them. Reading one as its zero value would be a guess.

import type { Universe, Unit } from "./link.js";
import { operandsOf } from "./operands.js";
import type { FuncRow, InstrRow, Operand } from "./schema.js";

/** The known variables that initialisers of the program's own packages make of unknown ones. */
export function unknownGlobals(universe: Universe): ReadonlySet<string> {
  const unknown = new Set<string>();
  let before = -1;
  while (unknown.size > before) {
    before = unknown.size;
    for (const unit of universe.users) {
      for (const row of unit.funcs.values()) {
        if (isInitialiser(unit, row)) spread({ universe, unit, unknown }, row);
      }
    }
  }
  return unknown;
}

/** Whether the function sets up its package. */
export function isInitialiser(unit: Unit, { name }: FuncRow): boolean {
  return name === `${unit.path}.init` || name.startsWith(`${unit.path}.init#`);
}

/** Whether there is nothing that says what the variable starts with. */
export function isForeign(universe: Universe, global: string): boolean {
  return universe.owner(global)?.globals.has(global) !== true;
}

interface Knowledge {
  readonly universe: Universe;
  readonly unit: Unit;
  readonly unknown: Set<string>;
}

function spread({ universe, unit, unknown }: Knowledge, row: FuncRow): void {
  const rows = row.blocks.flatMap((it) => it.instrs);
  const made = new Map(rows.map((it) => [it[1], it]));
  const unsure = new Set<Operand>();
  const globalAt = (operand: Operand): string | null => {
    const pooled = operand < 0 ? unit.image.pool[-operand - 1] : undefined;
    return pooled?.[0] === "global" ? pooled[2] : null;
  };
  const isUnsure = (operand: Operand): boolean => {
    const global = globalAt(operand);
    if (global === null) return unsure.has(operand);
    return unknown.has(global) || isForeign(universe, global);
  };
  const mark = (operand: Operand): void => {
    const global = globalAt(operand);
    if (global !== null) unknown.add(global);
    else unsure.add(operand);
  };
  let size = -1;
  while (unsure.size > size) {
    size = unsure.size;
    for (const it of rows) {
      if (it[0] === "If" || !operandsOf(it).some(isUnsure)) continue;
      if (it[1] >= 0) unsure.add(it[1]);
      if (it[0] === "Store" || it[0] === "MapUpdate") mark(rootOf(it[3], made));
    }
  }
}

/** What an address is part of. */
function rootOf(operand: Operand, made: ReadonlyMap<Operand, InstrRow>): Operand {
  const row = made.get(operand);
  switch (operand < 0 ? undefined : row?.[0]) {
    case "FieldAddr":
    case "IndexAddr":
    case "ChangeType":
      return rootOf(row?.[3] as Operand, made);
    default:
      return operand;
  }
}
