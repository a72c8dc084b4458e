import type { Instr, Reg } from "../../ir/ir.js";
import type { AccessHappening } from "../facts/races.js";
import { definitionsOf } from "../facts/skeleton.js";

/**
 * Whether the access is the last step of `x = x op …`: what it writes comes from what it read there. "append":
 * of `x = append(x, …)`.
 */
export function updates({ op, frame }: AccessHappening): "append" | "other" | null {
  if (op.instr.op !== "store") return null;
  const definitions = definitionsOf(frame.instance.func);
  const addr = op.instr.addr;
  const from = (reg: Reg, depth: number): boolean => {
    const definition = definitions.get(reg);
    if (definition?.op === "load") return sameAddress(definitions, definition.addr, addr);
    if (depth > 4) return false;
    if (definition?.op === "prim") return definition.args.some((it) => from(it, depth + 1));
    return definition?.op === "bulk" && definition.args.some((it) => from(it, depth + 1));
  };
  if (!from(op.instr.value, 0)) return null;
  const last = definitions.get(op.instr.value);
  return last?.op === "bulk" && last.fn === "append" ? "append" : "other";
}

function sameAddress(definitions: ReadonlyMap<Reg, Instr>, left: Reg, right: Reg): boolean {
  if (left === right) return true;
  const [a, b] = [definitions.get(left), definitions.get(right)];
  if (a?.op === "global" && b?.op === "global") return a.global === b.global;
  if (a?.op === "load" && b?.op === "load") return sameAddress(definitions, a.addr, b.addr);
  if (a?.op === "field" && b?.op === "field") {
    return a.field === b.field && sameAddress(definitions, a.base, b.base);
  }
  return a?.op === "element" && b?.op === "element" && sameAddress(definitions, a.base, b.base);
}
