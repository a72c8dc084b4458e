import type { Instr, Reg } from "../../ir/ir.js";

/** Whether two registers are computed in the same way, and so are one address if nothing is assigned in between. */
export function sameCell(
  definitions: ReadonlyMap<Reg, Instr>,
  left: Reg | undefined,
  right: Reg | undefined,
): boolean {
  if (left === undefined || right === undefined) return false;
  if (left === right) return true;
  const [a, b] = [definitions.get(left), definitions.get(right)];
  if (a === undefined || b === undefined || ownOf(a) === null || ownOf(a) !== ownOf(b))
    return false;
  const [from, to] = [partsOf(a), partsOf(b)];
  return from.every((it, index) => sameCell(definitions, it, to[index]));
}

/** What must be equal for two instructions to give the same from the same; null: they never are. */
function ownOf(instr: Instr): string | null {
  switch (instr.op) {
    case "const":
      return `const ${JSON.stringify(instr.value)}`;
    case "global":
      return `global ${instr.global}`;
    case "field":
      return `field ${instr.field}`;
    case "load":
    case "convert":
    case "element":
      return instr.op;
    default:
      return null;
  }
}

function partsOf(instr: Instr): readonly Reg[] {
  switch (instr.op) {
    case "load":
      return [instr.addr];
    case "convert":
      return [instr.value];
    case "field":
      return [instr.base];
    case "element":
      return [instr.base, instr.index];
    default:
      return [];
  }
}
