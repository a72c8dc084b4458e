// TypeScript's half of `lock-order-cycle`: the words, and what a schedule must show.

import { spanOf } from "../ir/access.js";
import type { Pass } from "./check.js";
import { type AsyncLockCycle, asyncLockOrder, type LockStep } from "./facts/async-lock-order.js";

export function reportAsyncLockOrder(pass: Pass): void {
  for (const it of pass.get(asyncLockOrder)) report(pass, it);
}

function report(pass: Pass, { steps, alike }: AsyncLockCycle): void {
  const { program } = pass;
  const [first] = steps;
  if (first === undefined) return;
  const at = (it: LockStep): ReturnType<typeof spanOf> => spanOf(program, it.inner.waits);
  const words = (it: LockStep): string =>
    `\`${nameOf(it)}\` takes \`${it.inner.lock}\` (L${at(it).start.line + 1}) while holding \`${it.outer.lock}\``;
  const places = [steps.map(at)];
  const related = steps.flatMap((it, index) => [
    {
      span: spanOf(program, it.outer.waits),
      message: `${index + 1}. holds \`${it.outer.lock}\` from here`,
    },
    ...(it === first
      ? []
      : [{ span: at(it), message: `${index + 1}. waits for \`${it.inner.lock}\` here` }]),
  ]);
  pass.report({
    message: alike
      ? `${words(first)}, and another call may be given the two the other way round: each can wait for the other forever`
      : `${steps.map(words).join(", and ")}: each can wait for the other forever`,
    primary: { span: at(first), message: `1. waits for \`${first.inner.lock}\` here` },
    related,
    severity: "error",
    confidence: "possible",
    candidate: alike
      ? { outcome: "leak", places, waiting: 2, renames: "defect" }
      : { outcome: "leak", places, waiting: 2 },
    assumed: alike,
    subject: {
      func: first.inner.func.name,
      path: steps
        .map((it) => it.outer.lock)
        .sort()
        .join(" "),
    },
  });
}

/** A literal that runs under the lock goes by the name of who takes it. */
function nameOf({ inner, outer }: LockStep): string {
  return inner.func.display === "(anonymous)" ? outer.func.display : inner.func.display;
}
