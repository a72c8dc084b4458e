// Where a value that has a lock in it is copied out of memory: the copy has a lock of its own, in whatever state the other
// was. A lock that was never used may be copied, as constructors do; so may one that is replaced at once.

import { typeOf } from "../../ir/access.js";
import type { Callee, Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { exitUses, uses } from "../../ir/shape.js";
import type { TypeId } from "../../ir/types.js";
import type { Fact } from "../check.js";
import { definitionsOf } from "./skeleton.js";

export interface LockCopy {
  readonly func: Func;
  /** The copying load; null: a parameter (or receiver) that is passed by value. */
  readonly instr: Instr | null;
  readonly span: SpanId;
  /** The register whose value is copied, or the parameter. */
  readonly of: Reg;
  /** The lock's type, `sync.Mutex`. */
  readonly lock: string;
  /** What becomes of the copy. */
  readonly use: "variable" | "return" | "argument" | "interface" | "send" | "element" | "parameter";
}

export const lockCopies: Fact<readonly LockCopy[]> = {
  name: "lock-copies",
  compute: ({ program }) => {
    const finder = new Finder(program);
    const seen = new Set<SpanId>();
    const copies: LockCopy[] = [];
    for (const it of program.funcs.flatMap((func) => finder.of(func))) {
      if (seen.has(it.span)) continue;
      seen.add(it.span);
      copies.push(it);
    }
    return copies;
  },
};

const lockTypes =
  /^(sync\.(Mutex|RWMutex|WaitGroup|Once|Cond|Pool|Map|noCopy)|sync\/atomic\.(Bool|Int32|Int64|Uint32|Uint64|Uintptr|Pointer\[.*\]|Value|noCopy))$/;

class Finder {
  readonly #program: Program;
  /** Named types that are a `sync.Locker` by methods of their own, on pointers only. */
  readonly #own: ReadonlySet<string>;
  readonly #locks = new Map<TypeId, string | null>();

  constructor(program: Program) {
    this.#program = program;
    const isPlain = (it: Func): boolean =>
      it.span !== 0 && it.params.length === 1 && it.results === 0;
    const names = new Set(program.funcs.filter(isPlain).map((it) => it.name));
    const has = (type: string, method: string): boolean =>
      names.has(`(*${type}).${method}`) && !names.has(`(${type}).${method}`);
    this.#own = new Set(
      program.types.flatMap((it) =>
        it.kind === "named" && has(it.name, "Lock") && has(it.name, "Unlock") ? [it.name] : [],
      ),
    );
  }

  of(func: Func): LockCopy[] {
    if (func.library || func.span === 0 || func.blocks.length === 0) return [];
    // What the front end makes of a function is no code of the user's.
    if (/\$(bound|thunk)/.test(func.name)) return [];
    return [...this.#params(func), ...this.#loads(func)];
  }

  #params(func: Func): LockCopy[] {
    return func.params.flatMap((reg): LockCopy[] => {
      const lock = this.#lockIn(func.regTypes[reg]);
      if (lock === null || isThunk(func)) return [];
      return [
        { func, instr: null, span: this.#declared(func, reg), of: reg, lock, use: "parameter" },
      ];
    });
  }

  /** The variable that a parameter is stored in has its place. */
  #declared(func: Func, param: Reg): SpanId {
    for (const { instrs } of func.blocks) {
      for (const it of instrs) if (it.op === "store" && it.value === param) return it.span;
    }
    return func.span;
  }

  #loads(func: Func): LockCopy[] {
    return func.blocks.flatMap(({ instrs }, block) =>
      instrs.flatMap((instr, index): LockCopy[] => {
        if (instr.span === 0) return [];
        const from = sourceOf(instr);
        if (from === null || !("dst" in instr) || instr.dst === null) return [];
        const lock = this.#lockIn(func.regTypes[instr.dst]);
        if (lock === null || (instr.op === "load" && isUnused(func, instr.addr))) return [];
        const use = this.#useOf(func, instr.dst, block, index);
        return use === null ? [] : [{ func, instr, span: instr.span, of: from, lock, use }];
      }),
    );
  }

  /** The first use that keeps the copy; null: there is none. */
  #useOf(func: Func, copy: Reg, block: number, index: number): LockCopy["use"] | null {
    for (const { instrs, exit } of func.blocks) {
      for (const it of instrs) {
        if (!uses(it).includes(copy)) continue;
        const use = this.#kept(func, it, copy, block, index);
        if (use !== null) return use;
      }
      if (exit.op === "return" && exitUses(exit).includes(copy)) return "return";
    }
    return null;
  }

  #kept(func: Func, it: Instr, copy: Reg, block: number, index: number): LockCopy["use"] | null {
    switch (it.op) {
      case "store":
        return this.#isReplaced(func, it.addr, block, index) ? null : "variable";
      case "interface":
        return "interface";
      case "send":
        return "send";
      case "map":
        return it.fn === "set" && it.args[2] === copy ? "element" : null;
      case "call":
      case "defer":
      case "spawn":
        // The function that takes it by value is told instead.
        return this.#callsOwn(func, it.callee) ? null : "argument";
      default:
        return null;
    }
  }

  #callsOwn(func: Func, callee: Callee): boolean {
    if (callee.kind === "static") return this.#program.funcs[callee.func]?.library === false;
    const value = callee.kind === "dynamic" ? definitionsOf(func).get(callee.value) : undefined;
    return value?.op === "closure";
  }

  /** Whether each field with a lock gets a new value right after the copy. */
  #isReplaced(func: Func, to: Reg, block: number, index: number): boolean {
    const type = definitionsOf(func).get(to);
    const id = func.regTypes[to];
    const pointer = id === undefined ? undefined : typeOf(this.#program, id);
    if (type === undefined && pointer === undefined) return false;
    const struct = pointer?.kind === "pointer" ? this.#struct(pointer.elem) : null;
    if (struct === null) return false;
    const needed = struct.fields.flatMap((it, field) =>
      this.#lockIn(it.type) === null ? [] : [field],
    );
    const rest = func.blocks[block]?.instrs.slice(index) ?? [];
    const definitions = definitionsOf(func);
    return needed.every((field) =>
      rest.some((it) => {
        if (it.op !== "store") return false;
        const target = definitions.get(it.addr);
        return target?.op === "field" && target.field === field && isSame(func, target.base, to);
      }),
    );
  }

  #struct(id: TypeId) {
    let type = typeOf(this.#program, id);
    while (type.kind === "named" && type.underlying !== id)
      type = typeOf(this.#program, type.underlying);
    return type.kind === "struct" ? type : null;
  }

  /** Name of a lock that a value of the type has in it. */
  #lockIn(id: TypeId | undefined): string | null {
    if (id === undefined) return null;
    const known = this.#locks.get(id);
    if (known !== undefined) return known;
    this.#locks.set(id, null);
    const lock = this.#compute(id);
    this.#locks.set(id, lock);
    return lock;
  }

  #compute(id: TypeId): string | null {
    const type = typeOf(this.#program, id);
    switch (type.kind) {
      case "named":
        if (lockTypes.test(type.name) || this.#own.has(type.name)) return type.name;
        return this.#lockIn(type.underlying);
      case "array":
        return type.length === 0 ? null : this.#lockIn(type.elem);
      case "struct":
        for (const it of type.fields) {
          const lock = this.#lockIn(it.type);
          if (lock !== null) return lock;
        }
        return null;
      default:
        return null;
    }
  }
}

/** What a copy is taken from: memory, or an entry of a map. */
function sourceOf(instr: Instr): Reg | null {
  if (instr.op === "load") return instr.addr;
  return instr.op === "map" && instr.fn === "get" ? (instr.args[0] ?? null) : null;
}

/** Functions that hold one modelled operation. */
function isThunk(func: Func): boolean {
  return func.parent !== null && func.display.startsWith("(*");
}

function isSame(func: Func, left: Reg, right: Reg): boolean {
  if (left === right) return true;
  const definitions = definitionsOf(func);
  const [a, b] = [definitions.get(left), definitions.get(right)];
  return a?.op === "load" && b?.op === "load" && isSame(func, a.addr, b.addr);
}

function usedOnce({ blocks }: Func, reg: Reg): boolean {
  const all = blocks.flatMap(({ instrs, exit }) => [...instrs.flatMap(uses), ...exitUses(exit)]);
  return all.filter((it) => it === reg).length === 1;
}

/** A variable of this function of which nobody has the address and whose lock is never taken: only stored to and loaded. */
function isUnused(func: Func, addr: Reg): boolean {
  const definition = definitionsOf(func).get(addr);
  if (definition?.op === "element" || definition?.op === "field")
    return isUnused(func, definition.base);
  // `*f()`: what f has made for this, as far as anybody here knows.
  if (definition?.op === "call") return usedOnce(func, addr);
  if (definition?.op !== "alloc") return false;
  const own = new Set([addr]);
  return func.blocks.every(({ instrs, exit }) => {
    if (exitUses(exit).some((it) => own.has(it))) return false;
    return instrs.every((it) => {
      const touched = uses(it).filter((reg) => own.has(reg));
      if (touched.length === 0) return true;
      if (it.op === "field" || it.op === "element") {
        own.add(it.dst);
        return true;
      }
      return it.op === "load" || (it.op === "store" && !own.has(it.value));
    });
  });
}
