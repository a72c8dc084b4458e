// Which function a call means.

import type { Callee, FuncId, Reg } from "../../../language-server/ir/ir.js";
import type { Value } from "./value.js";

export interface Known {
  readonly func: FuncId;
  readonly captures: readonly Value[];
}

/** Null when that is decided only at run time. */
export function calleeOf(callee: Callee, read: (reg: Reg) => Value): Known | null {
  switch (callee.kind) {
    case "static":
      return { func: callee.func, captures: [] };
    case "dynamic": {
      const value = read(callee.value);
      return value.kind === "closure" ? value : null;
    }
    case "method":
    case "external":
      return null;
  }
}
