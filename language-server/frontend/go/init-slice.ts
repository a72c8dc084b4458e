// The part of a bundled package's initialiser that a program needs. `unicode.init` alone builds hundreds of tables;
// a program that uses three of them should run, in every execution, what makes these three.
//
// Kept are: control flow, calls made for their effect alone, what makes the values of globals that are used, and every
// write into memory that is kept. Calls whose only result goes into an unused global are left out, so a bundled
// initialiser must not rely on their side effects (the standard library's do not).

import type { FoundFunc, Unit } from "./link.js";
import { operandsOf } from "./operands.js";
import type { FuncRow, InstrRow, Operand } from "./schema.js";

/** Whether a call in a package's initialiser runs that of an import: the program's list of initialisers does that. */
export function isImportedInit(unit: Unit, caller: FuncRow, callee: string): boolean {
  if (caller.name !== `${unit.path}.init` || !callee.endsWith(".init")) return false;
  const path = callee.slice(0, -".init".length);
  return path === "unsafe" || unit.image.imports.includes(path);
}

/** What an address is part of: a register's memory, a global, or something unknown. */
type Root = number | string | null;

export class InitSlice {
  readonly found: FoundFunc;
  readonly kept = new Set<InstrRow>();
  readonly #definitions = new Map<Operand, InstrRow>();
  readonly #effects = new Map<Root, InstrRow[]>();
  readonly #liveGlobals = new Set<string>();
  #fresh: InstrRow[] = [];

  constructor(found: FoundFunc) {
    this.found = found;
    const uses = new Set<Operand>();
    const rows = found.row.blocks.flatMap((it) => it.instrs);
    for (const row of rows) {
      if (row[1] >= 0) this.#definitions.set(row[1], row);
      for (const it of operandsOf(row)) uses.add(it);
    }
    for (const row of rows) {
      if (row[0] === "Call" && row[3][0] === "static") {
        if (isImportedInit(found.unit, found.row, row[3][1])) continue;
      }
      const root = this.#effectRoot(row, uses);
      if (root === undefined) continue;
      if (root === null) this.#keep(row);
      else this.#addEffect(root, row);
    }
  }

  #addEffect(root: Root, row: InstrRow): void {
    const list = this.#effects.get(root);
    if (list === undefined) this.#effects.set(root, [row]);
    else list.push(row);
  }

  /** Where the row writes; null: it must always run; undefined: it only computes. */
  #effectRoot(row: InstrRow, uses: ReadonlySet<Operand>): Root | undefined {
    switch (row[0]) {
      case "Store":
      case "MapUpdate":
        return this.#root(row[3]);
      case "Call":
        if (row[3][0] === "builtin") {
          const target = row[3][2][0];
          const writes = row[3][1] === "copy" || row[3][1] === "delete" || row[3][1] === "clear";
          if (writes) return target === undefined ? null : this.#root(target);
        }
        return row[1] < 0 || !uses.has(row[1]) ? null : undefined;
      case "Go":
      case "Defer":
      case "Send":
      case "Select":
      case "Return":
      case "RunDefers":
      case "Jump":
      case "Panic":
      case "If":
        return null;
      default:
        return undefined;
    }
  }

  #root(operand: Operand): Root {
    if (operand < 0) return this.#globalName(operand);
    const row = this.#definitions.get(operand);
    switch (row?.[0]) {
      case "FieldAddr":
      case "IndexAddr":
      case "Slice":
      case "ChangeType":
        return this.#root(row[3]);
      case "UnOp": {
        const root = this.#root(row[4]);
        return typeof root === "string" ? root : null;
      }
      case "Alloc":
      case "MakeMap":
      case "MakeSlice":
      case "Call":
        return operand;
      default:
        return null;
    }
  }

  #globalName(operand: Operand): string | null {
    const row = this.found.unit.image.pool[-operand - 1];
    return row?.[0] === "global" ? row[2] : null;
  }

  #keep(row: InstrRow): void {
    const work = [row];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      if (this.kept.has(next)) continue;
      this.kept.add(next);
      this.#fresh.push(next);
      for (const operand of operandsOf(next)) {
        const made = operand >= 0 ? this.#definitions.get(operand) : undefined;
        if (made !== undefined) work.push(made);
        if (operand >= 0) work.push(...(this.#effects.get(operand) ?? []));
        else work.push(...this.#needGlobal(this.#globalName(operand)));
      }
      if (next[1] >= 0) work.push(...(this.#effects.get(next[1]) ?? []));
    }
  }

  #needGlobal(name: string | null): readonly InstrRow[] {
    if (name === null || this.#liveGlobals.has(name)) return [];
    this.#liveGlobals.add(name);
    return this.#effects.get(name) ?? [];
  }

  /** Takes notice of globals in use and returns the rows that are kept because of them, each once. */
  grow(globals: ReadonlySet<string>): readonly InstrRow[] {
    for (const name of globals) for (const row of this.#needGlobal(name)) this.#keep(row);
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}
