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

/**
 * What of an initialiser does not depend on the program: kept with the image. There are tens of thousands of rows, of which a
 * program needs a few; they are known by their numbers, from the first block to the last.
 */
interface Prepared {
  readonly rows: readonly InstrRow[];
  readonly operands: readonly (readonly Operand[])[];
  /** The row that makes a register. */
  readonly definitions: readonly (number | undefined)[];
  /** Rows by what they write into. */
  readonly effects: ReadonlyMap<number | string, readonly number[]>;
  readonly always: readonly number[];
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
  readonly #rows: readonly InstrRow[];
  readonly #operands: readonly (readonly Operand[])[];
  readonly #definitions: (number | undefined)[] = [];
  readonly #uses: ReadonlySet<Operand>;

  constructor(found: FoundFunc) {
    this.#found = found;
    this.#rows = found.row.blocks.flatMap((it) => it.instrs);
    this.#operands = this.#rows.map(operandsOf);
    this.#uses = new Set(this.#operands.flat());
    for (const [number, row] of this.#rows.entries()) {
      if (row[1] >= 0) this.#definitions[row[1]] = number;
    }
  }

  result(): Prepared {
    const { unit, row: init } = this.#found;
    const effects = new Map<number | string, number[]>();
    const always: number[] = [];
    for (const [number, row] of this.#rows.entries()) {
      if (row[0] === "Call" && row[3][0] === "static") {
        if (isImportedInit(unit, init, row[3][1])) continue;
      }
      const root = this.#effectRoot(row);
      if (root === undefined) continue;
      if (root === null) always.push(number);
      else {
        const list = effects.get(root);
        if (list === undefined) effects.set(root, [number]);
        else list.push(number);
      }
    }
    return {
      rows: this.#rows,
      operands: this.#operands,
      definitions: this.#definitions,
      effects,
      always,
    };
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
    const row = this.#rows[this.#definitions[operand] ?? -1];
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
  readonly #prepared: Prepared;
  /** By number, whether a row is kept. */
  readonly #kept: Uint8Array;
  /** Memory that is needed, and with it every write into it. */
  readonly #needed = new Set<number | string>();
  #fresh: InstrRow[] = [];

  constructor(found: FoundFunc) {
    this.found = found;
    this.#prepared = prepare(found);
    this.#kept = new Uint8Array(this.#prepared.rows.length);
    for (const number of this.#prepared.always) this.#keep(number);
  }

  #keep(number: number): void {
    const { rows, operands, definitions } = this.#prepared;
    const work = [number];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const row = rows[next];
      if (row === undefined || this.#kept[next] === 1) continue;
      this.#kept[next] = 1;
      this.#fresh.push(row);
      for (const operand of operands[next] ?? []) {
        if (operand < 0) this.#need(globalName(this.found, operand), work);
        else {
          const made = definitions[operand];
          if (made !== undefined) work.push(made);
        }
      }
      if (row[1] >= 0) this.#need(row[1], work);
    }
  }

  #need(memory: number | string | null, work: number[]): void {
    if (memory === null || this.#needed.has(memory)) return;
    this.#needed.add(memory);
    for (const number of this.#prepared.effects.get(memory) ?? []) work.push(number);
  }

  /** The rows that are kept, by block, in their order. */
  rows(): readonly (readonly InstrRow[])[] {
    let first = 0;
    return this.found.row.blocks.map(({ instrs }) => {
      const kept = instrs.filter((_, index) => this.#kept[first + index] === 1);
      first += instrs.length;
      return kept;
    });
  }

  /** Takes notice of globals in use and returns the rows that are kept because of them, each once. */
  grow(globals: ReadonlySet<string>): readonly InstrRow[] {
    for (const name of globals) {
      const work: number[] = [];
      this.#need(name, work);
      for (const number of work) this.#keep(number);
    }
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}
