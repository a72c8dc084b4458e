// Which lock a register means, as an access path from a parameter, capture, global or other register: two equal
// paths at two places of one execution of a function are one lock. Pointers are followed only through variables
// that are never assigned again (fields: nowhere but in constructors), so that equality is a proof.

import { funcOf } from "../../ir/access.js";
import type { Func, Instr, Program, Reg } from "../../ir/ir.js";
import { definitionsOf } from "./skeleton.js";

export type Root =
  | { readonly kind: "param" | "capture"; readonly index: number }
  | { readonly kind: "global"; readonly index: number }
  | { readonly kind: "value"; readonly reg: Reg };

export interface LockPath {
  /** Equal texts mean the same lock. */
  readonly text: string;
  readonly root: Root;
  /** What follows the root. */
  readonly suffix: string;
  /** Registers the path depends on: when one is computed again, the path means something else. */
  readonly regs: readonly Reg[];
  /** Which declaration the lock is: the same for all instances and in all functions. */
  readonly declaration: string;
}

/** Assignments that could make a path mean another lock. */
export type Assignments = Pick<Assigned, "cell" | "settled">;

class Assigned {
  readonly #fields = new Set<string>();
  readonly #globals = new Set<number>();
  readonly #cells = new Map<string, number>();
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
    const inits = new Set(program.inits);
    for (const func of program.funcs) {
      const addresses = storedTo(func);
      if (addresses.length === 0) continue;
      const definitions = byRegister(func);
      for (const it of addresses) this.#store(func, definitions, it, inits.has(func.id));
    }
  }

  #store(func: Func, definitions: ByRegister, addr: Reg, init: boolean): void {
    const target = definitions[addr];
    if (target?.op === "field") {
      if (definitions[target.base]?.op !== "alloc")
        this.#fields.add(`${target.type}.${target.field}`);
    } else if (target?.op === "global") {
      if (!init) this.#globals.add(target.global);
    } else {
      const cell = this.cell(func, addr);
      if (cell !== "") this.#cells.set(cell, (this.#cells.get(cell) ?? 0) + 1);
    }
  }

  /** A variable by its outermost function and name; "" when the register is no variable's address. */
  cell(func: Func, reg: Reg): string {
    const name = func.regNames.find((it) => it.reg === reg)?.name;
    return name === undefined ? "" : `${outermost(this.#program, func).id}:${name}`;
  }

  /** Whether what is at the address stays what it is once it is set. */
  settled(func: Func, definitions: ReadonlyMap<Reg, Instr>, addr: Reg): boolean {
    const target = definitions.get(addr);
    if (target?.op === "field") return !this.#fields.has(`${target.type}.${target.field}`);
    if (target?.op === "global") return !this.#globals.has(target.global);
    const cell = this.cell(func, addr);
    return cell !== "" && (this.#cells.get(cell) ?? 0) <= 1;
  }
}

function storedTo({ blocks }: Func): readonly Reg[] {
  const addresses: Reg[] = [];
  for (const { instrs } of blocks) {
    for (const it of instrs) if (it.op === "store") addresses.push(it.addr);
  }
  return addresses;
}

type ByRegister = readonly (Instr | undefined)[];

/** As `definitionsOf`, but quickly made: initialisers of libraries fill tables with thousands of registers. */
function byRegister({ blocks }: Func): ByRegister {
  const definitions: (Instr | undefined)[] = [];
  for (const { instrs } of blocks) {
    for (const it of instrs) if ("dst" in it && it.dst !== null) definitions[it.dst] = it;
  }
  return definitions;
}

const known = new WeakMap<Program, Assignments>();

/** The assignments of a program, looked for once. */
export function assignmentsOf(program: Program): Assignments {
  let assignments = known.get(program);
  if (assignments === undefined) {
    assignments = new Assigned(program);
    known.set(program, assignments);
  }
  return assignments;
}

export function outermost(program: Program, func: Func): Func {
  let named = func;
  while (named.parent !== null) named = funcOf(program, named.parent);
  return named;
}

/** Paths of one function's registers. */
export class Paths {
  readonly #func: Func;
  readonly #assignments: Assignments;
  readonly definitions: ReadonlyMap<Reg, Instr>;
  readonly #known = new Map<Reg, LockPath>();

  constructor(func: Func, assignments: Assignments) {
    this.#func = func;
    this.#assignments = assignments;
    this.definitions = definitionsOf(func);
  }

  of(reg: Reg): LockPath {
    const known = this.#known.get(reg);
    if (known !== undefined) return known;
    const path = this.#compute(reg);
    this.#known.set(reg, path);
    return path;
  }

  #compute(reg: Reg): LockPath {
    const param = this.#func.params.indexOf(reg);
    if (param >= 0) return this.#root({ kind: "param", index: param }, reg, []);
    const capture = this.#func.captures.indexOf(reg);
    if (capture >= 0) return this.#root({ kind: "capture", index: capture }, reg, []);
    const definition = this.definitions.get(reg);
    switch (definition?.op) {
      case "global":
        return this.#root({ kind: "global", index: definition.global }, reg, []);
      case "field": {
        const declaration = `${definition.type}.${definition.name}`;
        return extend(this.of(definition.base), `.${definition.name}`, declaration);
      }
      case "load":
        if (!this.#assignments.settled(this.#func, this.definitions, definition.addr)) break;
        return extend(this.of(definition.addr), "*");
      case "element": {
        const index = this.definitions.get(definition.index);
        const constant = index?.op === "const" && typeof index.value === "number";
        const text = constant ? `[${String(index.value)}]` : `[r${definition.index}]`;
        const base = extend(this.of(definition.base), text);
        return constant ? base : { ...base, regs: [...base.regs, definition.index] };
      }
      default:
        break;
    }
    return this.#root({ kind: "value", reg }, reg, [reg]);
  }

  #root(root: Root, reg: Reg, regs: readonly Reg[]): LockPath {
    const text = root.kind === "value" ? `r${root.reg}` : `${root.kind}${root.index}`;
    const declaration =
      root.kind === "global"
        ? `global ${root.index}`
        : `variable ${this.#assignments.cell(this.#func, reg)}`;
    return { text, root, suffix: "", regs, declaration };
  }
}

function extend(path: LockPath, suffix: string, declaration = path.declaration): LockPath {
  return { ...path, text: path.text + suffix, suffix: path.suffix + suffix, declaration };
}

/** A path of a callee as its caller would write it; null when it starts at something of the callee's own. */
export function inCaller(
  path: LockPath,
  args: readonly LockPath[],
  captures: readonly LockPath[] | null,
): LockPath | null {
  const { root } = path;
  if (path.regs.length > 0) return null;
  switch (root.kind) {
    case "global":
      return path;
    case "value":
      return null;
    case "param":
    case "capture": {
      const base = root.kind === "param" ? args[root.index] : captures?.[root.index];
      return base === undefined
        ? null
        : extend(base, path.suffix, path.suffix === "" ? base.declaration : path.declaration);
    }
  }
}
