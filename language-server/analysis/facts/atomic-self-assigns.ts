import type { Func, Instr } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { sameCell } from "./addresses.js";
import { definitionsOf } from "./skeleton.js";

/** A plain store of what an atomic update of the same variable gave. */
export interface AtomicSelfAssign {
  readonly func: Func;
  readonly store: Extract<Instr, { op: "store" }>;
  readonly atomic: Extract<Instr, { op: "atomic" }>;
}

export const atomicSelfAssigns: Fact<readonly AtomicSelfAssign[]> = {
  name: "atomic-self-assigns",
  compute: ({ program }) =>
    program.funcs.flatMap((func) => {
      if (func.library || func.span === 0) return [];
      const definitions = definitionsOf(func);
      return func.blocks.flatMap(({ instrs }) =>
        instrs.flatMap((store): AtomicSelfAssign[] => {
          if (store.op !== "store") return [];
          const atomic = definitions.get(store.value);
          if (atomic?.op !== "atomic" || atomic.fn === "load" || atomic.fn === "cas") return [];
          return sameCell(definitions, store.addr, atomic.addr) ? [{ func, store, atomic }] : [];
        }),
      );
    }),
};
