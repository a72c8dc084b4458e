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

/** What of an initialiser does not depend on the program: kept with the image. */
interface Prepared {
  readonly definitions: ReadonlyMap<Operand, InstrRow>;
  /** Rows by what they write into. */
  readonly effects: ReadonlyMap<number | string, readonly InstrRow[]>;
  readonly always: readonly InstrRow[];
}

const prepared = new WeakMap<FuncRow, Prepared>();

function prepare(found: FoundFunc): Prepared {
  const known = prepared.get(found.row);
  if (known !== undefined) return known;
  const made = new Preparation(found).result();
  prepared.set(found.row, made);
  return made;
}

class Preparation {
  readonly #found: FoundFunc;
  readonly #definitions = new Map<Operand, InstrRow>();
  readonly #uses = new Set<Operand>();

  constructor(found: FoundFunc) {
    this.#found = found;
    for (const { instrs } of found.row.blocks) {
      for (const row of instrs) {
        if (row[1] >= 0) this.#definitions.set(row[1], row);
        for (const it of operandsOf(row)) this.#uses.add(it);
      }
    }
  }

  result(): Prepared {
    const { unit, row: init } = this.#found;
    const effects = new Map<number | string, InstrRow[]>();
    const always: InstrRow[] = [];
    for (const row of init.blocks.flatMap((it) => it.instrs)) {
      if (row[0] === "Call" && row[3][0] === "static") {
        if (isImportedInit(unit, init, row[3][1])) continue;
      }
      const root = this.#effectRoot(row);
      if (root === undefined) continue;
      if (root === null) always.push(row);
      else {
        const list = effects.get(root);
        if (list === undefined) effects.set(root, [row]);
        else list.push(row);
      }
    }
    return { definitions: this.#definitions, effects, always };
  }

  /** Where the row writes; null: it must always run; undefined: it only computes. */
  #effectRoot(row: InstrRow): Root | undefined {
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
        return row[1] < 0 || !this.#uses.has(row[1]) ? null : undefined;
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
    if (operand < 0) return globalName(this.#found, operand);
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
}

function globalName({ unit }: FoundFunc, operand: Operand): string | null {
  const row = unit.image.pool[-operand - 1];
  return row?.[0] === "global" ? row[2] : null;
}

export class InitSlice {
  readonly found: FoundFunc;
  readonly kept = new Set<InstrRow>();
  readonly #prepared: Prepared;
  /** Memory that is needed, and with it every write into it. */
  readonly #needed = new Set<number | string>();
  #fresh: InstrRow[] = [];

  constructor(found: FoundFunc) {
    this.found = found;
    this.#prepared = prepare(found);
    for (const row of this.#prepared.always) this.#keep(row);
  }

  #keep(row: InstrRow): void {
    const work = [row];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      if (this.kept.has(next)) continue;
      this.kept.add(next);
      this.#fresh.push(next);
      for (const operand of operandsOf(next)) {
        if (operand < 0) this.#need(globalName(this.found, operand), work);
        else {
          const made = this.#prepared.definitions.get(operand);
          if (made !== undefined) work.push(made);
        }
      }
      if (next[1] >= 0) this.#need(next[1], work);
    }
  }

  #need(memory: number | string | null, work: InstrRow[]): void {
    if (memory === null || this.#needed.has(memory)) return;
    this.#needed.add(memory);
    for (const row of this.#prepared.effects.get(memory) ?? []) work.push(row);
  }

  /** Takes notice of globals in use and returns the rows that are kept because of them, each once. */
  grow(globals: ReadonlySet<string>): readonly InstrRow[] {
    for (const name of globals) {
      const work: InstrRow[] = [];
      this.#need(name, work);
      for (const row of work) this.#keep(row);
    }
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}
