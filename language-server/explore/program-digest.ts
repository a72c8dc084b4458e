import { placeOf } from "../ir/access.js";
import type { Program } from "../ir/ir.js";

/** Names the user's code: changes when one of its instructions does. Library code is the tool's own. */
export function digestOf(program: Program): string {
  let hash = 0x811c9dc5;
  const add = (text: string): void => {
    for (let index = 0; index < text.length; index++) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
    }
  };
  for (const func of program.funcs) {
    if (func.library) continue;
    add(func.name);
    for (const block of func.blocks) {
      for (const instr of block.instrs) {
        add(`${instr.op} ${placeOf(program, instr.span)}`);
        if (instr.op === "const") add(JSON.stringify(instr.value));
        if ("fn" in instr) add(instr.fn);
      }
    }
  }
  return hash.toString(16).padStart(8, "0");
}
