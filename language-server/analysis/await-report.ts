// How an update that is split by an await becomes a report; the two checks of it share this.

import type { Site } from "../../protocol/finding.js";
import { funcOf, spanOf } from "../ir/access.js";
import type { Func, Program, SpanId } from "../ir/ir.js";
import type { Pass } from "./check.js";
import { awaitUpdates, type AwaitUpdate } from "./facts/await-updates.js";

/** Reports the updates that went through a variable, or those that did not. */
export function reportAwaitUpdates(pass: Pass, throughVariable: boolean): void {
  for (const update of pass.get(awaitUpdates)) {
    if (update.throughVariable === throughVariable) report(pass, update);
  }
}

function report(pass: Pass, update: AwaitUpdate): void {
  const { program } = pass;
  const site = (span: SpanId, message: string): Site => ({ span: spanOf(program, span), message });
  const { func, place } = update;
  const read = lineOf(program, update.read);
  const related = [
    site(update.read, `\`${place}\` is read here`),
    site(update.await, "other calls run while this one waits here"),
    ...callsOf(program, func).map((it) => site(it, `\`${func.display}\` is called here`)),
  ];
  pass.report({
    message: `\`${place}\` is written with a value computed from what was read before the await (L${read}): an update by another call of \`${func.display}\` in between is lost`,
    primary: site(update.write, "written here, over whatever another call wrote meanwhile"),
    related,
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "race", places: [[spanOf(program, update.write)]] },
    subject: { func: func.name, path: place },
  });
}

/** The first two places in the source that call the function by name. */
function callsOf(program: Program, target: Func): readonly SpanId[] {
  const method = target.display.slice(target.display.lastIndexOf(".") + 1);
  const calls: SpanId[] = [];
  for (const func of program.funcs) {
    for (const { instrs } of func.blocks) {
      const constants = new Map<number, unknown>();
      for (const instr of instrs) {
        if (instr.op === "const") constants.set(instr.dst, instr.value);
        if (
          instr.op === "get-prop" &&
          constants.get(instr.key) === method &&
          target.display.includes(".")
        ) {
          calls.push(instr.span);
        }
        const isStatic = instr.op === "call" && instr.callee.kind === "static";
        if (isStatic && funcOf(program, instr.callee.func) === target) calls.push(instr.span);
      }
    }
  }
  return [...new Set(calls)].filter((it) => it !== target.span).slice(0, 2);
}

function lineOf(program: Program, span: SpanId): number {
  return spanOf(program, span).start.line + 1;
}
