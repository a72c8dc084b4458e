// How a lock that a function does not give back on some way out becomes a report; the two checks of it share this.

import { spanOf } from "../ir/access.js";
import type { Pass } from "./check.js";
import type { Unreleased } from "./facts/unreleased.js";

export function reportUnreleased(pass: Pass, { taking, way, at }: Unreleased): void {
  const { program } = pass;
  const span = spanOf(program, taking.waits);
  const out = spanOf(program, at.span);
  const { func, lock } = taking;
  const leaves = way === "return" ? "returns" : "may fail";
  pass.report({
    message: `\`${lock}\` is not given back where \`${func.display}\` ${leaves} (L${out.start.line + 1}): whoever takes it next waits for ever`,
    primary: { span, message: "taken here" },
    related: [{ span: out, message: `\`${func.display}\` ${leaves} here with the lock` }],
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "leak", places: [[span]], ...(way === "throw" ? { fails: true } : {}) },
    subject: { func: func.name, path: lock },
  });
}
