import type { Native } from "./image.js";
import { Unsupported } from "./signals.js";
import { Closure } from "./values.js";

/** The run-time's own corners. */
export const runtimeNatives: readonly (readonly [string, Native])[] = [
  [
    "runtime.deferAt",
    (cpu, [stack, callee]) => {
      const frame = cpu.frameOf(stack as object);
      if (frame === null) throw new Unsupported("defer in a function that has returned");
      const value = callee instanceof Closure ? callee : null;
      frame.defers = { callee: value, args: [], span: cpu.span, next: frame.defers };
    },
  ],
];
