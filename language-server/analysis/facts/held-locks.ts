// Which locks a function surely holds where, by access path (lock-paths.ts), when nothing is known of who runs beside
// it: for code whose callers are not in the program. Unexported functions begin with what all their call sites hold,
// function literals with what is held where they are made, unless they are kept for later or started as goroutines.

import { throwIfCancelled } from "../../base/cancel.js";
import { funcOf } from "../../ir/access.js";
import type { Func, FuncId, Instr, Program, Reg } from "../../ir/ir.js";
import { edges, uses } from "../../ir/shape.js";
import type { Fact } from "../check.js";
import { calledName, callsLater } from "./constraints.js";
import { assignmentsOf, Paths, type Assignments } from "./lock-paths.js";

/** Texts of paths, each with how the lock is held. */
export type Locks = ReadonlyMap<string, "alone" | "shared">;

export interface HeldLocks {
  paths(func: Func): Paths;
  /** Null: it calls something that takes or gives back locks for it, or nobody is seen to call it. */
  at(func: Func, instr: Instr): Locks | null;
}

export const heldLocks: Fact<HeldLocks> = {
  name: "held-locks",
  compute({ program, cancel }) {
    const analysis = new Analysis(program);
    do throwIfCancelled(cancel);
    while (analysis.round());
    return analysis;
  },
};

const none: Locks = new Map();

class Analysis implements HeldLocks {
  readonly #program: Program;
  readonly #assignments: Assignments;
  readonly #funcs: readonly Func[];
  readonly #paths = new Map<Func, Paths>();
  readonly #entries = new Map<FuncId, Locks>();
  /** Whose call sites are all known, once there is one. */
  readonly #private: ReadonlySet<FuncId>;
  readonly #unbalanced: ReadonlySet<FuncId>;
  /** What functions begin with because their comments say so. */
  readonly #required: ReadonlyMap<FuncId, Locks>;
  #states = new Map<Instr, Locks>();

  constructor(program: Program) {
    this.#program = program;
    this.#assignments = assignmentsOf(program);
    this.#funcs = program.funcs.filter((it) => !it.library && it.blocks.length > 0);
    this.#private = calledByNameOnly(program, this.#funcs);
    this.#required = requiredLocks(program, this.#funcs);
    this.#unbalanced = new Set(this.#funcs.filter(isUnbalanced).map((it) => it.id));
  }

  paths(func: Func): Paths {
    let paths = this.#paths.get(func);
    if (paths === undefined) this.#paths.set(func, (paths = new Paths(func, this.#assignments)));
    return paths;
  }

  at(func: Func, instr: Instr): Locks | null {
    const calls = func.blocks.flatMap(({ instrs }) => instrs.flatMap(staticCallee));
    if (this.#unbalanced.has(func.id) || calls.some((it) => this.#unbalanced.has(it))) return null;
    return this.#states.get(instr) ?? null;
  }

  /** One pass over all functions; whether some function begins with other locks than was thought. */
  round(): boolean {
    this.#states = new Map();
    const seen = new Map<FuncId, Locks>();
    for (const func of this.#funcs) this.#flow(func, seen);
    let changed = false;
    for (const [id, locks] of seen) {
      const known = this.#entries.get(id);
      const now = known === undefined ? locks : intersection(known, locks);
      if (known?.size === now.size) continue;
      this.#entries.set(id, now);
      changed = true;
    }
    return changed;
  }

  #flow(func: Func, seen: Map<FuncId, Locks>): void {
    const known = this.#private.has(func.id) || func.parent !== null;
    const required = this.#required.get(func.id);
    const entry = required ?? (known ? this.#entries.get(func.id) : none);
    // No call site has been looked at yet.
    if (entry === undefined) return;
    const starts: (Locks | undefined)[] = [entry];
    const work = [0];
    for (let index = work.pop(); index !== undefined; index = work.pop()) {
      const block = func.blocks[index];
      let locks = starts[index];
      if (block === undefined || locks === undefined) continue;
      for (const instr of block.instrs) locks = this.#after(func, instr, locks);
      for (const { block: to } of edges(block.exit)) {
        const before = starts[to];
        const merged: Locks = before === undefined ? locks : intersection(before, locks);
        if (before?.size === merged.size) continue;
        starts[to] = merged;
        work.push(to);
      }
    }
    func.blocks.forEach((block, index) => {
      let locks = starts[index] ?? none;
      for (const instr of block.instrs) {
        this.#states.set(instr, locks);
        this.#enter(func, instr, locks, seen);
        locks = this.#after(func, instr, locks);
      }
    });
  }

  #after(func: Func, instr: Instr, locks: Locks): Locks {
    if (instr.op !== "acquire" && instr.op !== "release") return locks;
    const { text } = this.paths(func).of(instr.lock);
    const after = new Map(locks);
    if (instr.op === "release") after.delete(text);
    else after.set(text, instr.shared ? "shared" : "alone");
    return after;
  }

  /** What the functions that an instruction calls, or makes, begin with. */
  #enter(func: Func, instr: Instr, locks: Locks, seen: Map<FuncId, Locks>): void {
    const paths = this.paths(func);
    if (instr.op === "closure") {
      const literal = funcOf(this.#program, instr.func);
      const held = runsAtOnce(this.#program, func, instr.dst) ? locks : none;
      const names = literal.captures.map((_, index) => `capture${index}`);
      meet(seen, literal.id, translate(held, instr.captures, names, paths));
    }
    if (instr.op !== "call" && instr.op !== "spawn" && instr.op !== "defer") return;
    const { callee, args } = instr;
    if (callee.kind !== "static" || !this.#private.has(callee.func)) return;
    const names = args.map((_, index) => `param${index}`);
    const held = instr.op === "call" ? locks : none;
    meet(seen, callee.func, translate(held, args, names, paths));
  }
}

function meet(seen: Map<FuncId, Locks>, func: FuncId, locks: Locks): void {
  const known = seen.get(func);
  seen.set(func, known === undefined ? locks : intersection(known, locks));
}

/** The locks as the callee names them: those that are reached from one of its arguments, and global ones. */
function translate(
  locks: Locks,
  args: readonly Reg[],
  names: readonly string[],
  paths: Paths,
): Locks {
  const inside = new Map<string, "alone" | "shared">();
  for (const [text, how] of locks) {
    if (text.startsWith("global")) inside.set(text, how);
    args.forEach((arg, index) => {
      const outer = paths.of(arg).text;
      const rest = text.slice(outer.length);
      if (text.startsWith(outer) && /^[.*[]/.test(rest))
        inside.set(`${names[index] ?? ""}${rest}`, how);
    });
  }
  return inside;
}

function intersection(left: Locks, right: Locks): Locks {
  const common = [...left].filter(([text]) => right.has(text));
  return new Map(
    common.map(([text, how]) => [text, right.get(text) === "shared" ? "shared" : how] as const),
  );
}

/** Whether a function takes locks and never gives one back, or the reverse: it does so for its callers. */
function isUnbalanced({ blocks }: Func): boolean {
  const instrs = blocks.flatMap((it) => it.instrs);
  const takes = instrs.some((it) => it.op === "acquire" || it.op === "try-acquire");
  const gives = instrs.some((it) => it.op === "release");
  const defers = instrs.some((it) => it.op === "defer");
  return (takes && !gives && !defers) || (gives && !takes);
}

function staticCallee(instr: Instr): FuncId[] {
  return instr.op === "call" && instr.callee.kind === "static" ? [instr.callee.func] : [];
}

function requiredLocks({ requires }: Program, own: readonly Func[]): ReadonlyMap<FuncId, Locks> {
  if (requires.length === 0) return new Map();
  return new Map(
    own.flatMap(({ id, name }) => {
      const plain = name.replace(/\[[^\]]*\]/g, "");
      const locks = requires
        .filter((it) => it.func === plain)
        .map((it) => [`param${it.param}.${it.lock}`, it.shared ? "shared" : "alone"] as const);
      return locks.length === 0 ? [] : [[id, new Map(locks)] as const];
    }),
  );
}

/** Unexported functions that are called by name and not used as values. */
function calledByNameOnly({ funcs }: Program, own: readonly Func[]): ReadonlySet<FuncId> {
  const called = new Set<FuncId>();
  const values = new Set<FuncId>();
  for (const func of own) {
    for (const instr of func.blocks.flatMap((it) => it.instrs)) {
      if ("callee" in instr && instr.callee.kind === "static") called.add(instr.callee.func);
      if (instr.op === "closure") values.add(instr.func);
    }
  }
  const isPrivate = ({ id, display, parent }: Func): boolean =>
    parent === null && /(^|\.)[a-z_]\w*$/.test(display) && called.has(id) && !values.has(id);
  return new Set(funcs.filter(isPrivate).map((it) => it.id));
}

/** Whether a function value is called, deferred or given to a call, and nothing else. */
function runsAtOnce(program: Program, { blocks }: Func, value: Reg): boolean {
  return blocks
    .flatMap((it) => it.instrs)
    .filter((it) => uses(it).includes(value))
    .every((it) => it.op === "call" && !callsLater(calledName(program, it.callee)));
}
