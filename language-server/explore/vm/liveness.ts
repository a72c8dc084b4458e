// Which registers of a function may still be read: what the others hold keeps nothing alive.

import type { Func, Instr, Reg } from "../../ir/ir.js";
import { def, edges, exitUses, uses } from "../../ir/shape.js";

export class Liveness {
  readonly #before = new Map<Instr, ReadonlySet<Reg>>();
  readonly #after = new Map<Instr, ReadonlySet<Reg>>();

  constructor(func: Func) {
    for (const [index, out] of liveAtEnds(func).entries()) this.#block(func, index, out);
  }

  /** Null: the function has no such instruction. */
  before(instr: Instr): ReadonlySet<Reg> | null {
    return this.#before.get(instr) ?? null;
  }

  after(instr: Instr): ReadonlySet<Reg> | null {
    return this.#after.get(instr) ?? null;
  }

  #block(func: Func, index: number, out: ReadonlySet<Reg>): void {
    let live = out;
    for (const instr of [...(func.blocks[index]?.instrs ?? [])].reverse()) {
      this.#after.set(instr, live);
      live = backwards(live, instr);
      this.#before.set(instr, live);
    }
  }
}

/** By block: registers that its exit, or what comes after it, may read. */
function liveAtEnds(func: Func): readonly ReadonlySet<Reg>[] {
  const starts = func.blocks.map(() => new Set<Reg>() as ReadonlySet<Reg>);
  const ends = func.blocks.map(() => new Set<Reg>() as ReadonlySet<Reg>);
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = func.blocks.length - 1; index >= 0; index--) {
      const block = func.blocks[index];
      if (block === undefined) continue;
      const end = new Set(exitUses(block.exit));
      for (const edge of edges(block.exit)) {
        const params = func.blocks[edge.block]?.params ?? [];
        for (const it of starts[edge.block] ?? []) if (!params.includes(it)) end.add(it);
      }
      ends[index] = end;
      const start = [...block.instrs].reverse().reduce<ReadonlySet<Reg>>(backwards, end);
      if (start.size === starts[index]?.size) continue;
      starts[index] = start;
      changed = true;
    }
  }
  return ends;
}

function backwards(live: ReadonlySet<Reg>, instr: Instr): ReadonlySet<Reg> {
  const before = new Set(live);
  const written = def(instr);
  if (written !== null) before.delete(written);
  for (const it of uses(instr)) before.add(it);
  return before;
}
