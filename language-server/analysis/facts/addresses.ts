import type { Instr, Reg } from "../../ir/ir.js";

/** Whether two registers are computed in the same way, and so are one address if nothing is assigned in between. */
export function sameCell(definitions: ReadonlyMap<Reg, Instr>, left: Reg, right: Reg): boolean {
  if (left === right) return true;
  const [a, b] = [definitions.get(left), definitions.get(right)];
  if (a?.op === "global" && b?.op === "global") return a.global === b.global;
  if (a?.op === "load" && b?.op === "load") return sameCell(definitions, a.addr, b.addr);
  if (a?.op === "convert" && b?.op === "convert") return sameCell(definitions, a.value, b.value);
  if (a?.op === "field" && b?.op === "field") {
    return a.field === b.field && sameCell(definitions, a.base, b.base);
  }
  if (a?.op !== "element" || b?.op !== "element") return false;
  if (!sameCell(definitions, a.base, b.base)) return false;
  const [i, j] = [definitions.get(a.index), definitions.get(b.index)];
  const sameIndex = i?.op === "const" && j?.op === "const" && i.value === j.value;
  return sameIndex || sameCell(definitions, a.index, b.index);
}
