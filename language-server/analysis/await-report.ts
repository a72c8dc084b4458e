// How an update that is split by an await becomes a report; the two checks of it share this.

import type { Site } from "../../protocol/finding.js";
import { spanOf } from "../ir/access.js";
import type { Func, Program, SpanId } from "../ir/ir.js";
import type { Fact, Pass } from "./check.js";
import { awaitUpdates, type AwaitUpdate } from "./facts/await-updates.js";
import { updateReasons } from "./facts/update-reasons.js";

/** Reports the updates that went through a variable, or those that did not. */
export function reportAwaitUpdates(pass: Pass, throughVariable: boolean): void {
  const reasons = pass.get(updateReasons);
  for (const update of pass.get(awaitUpdates)) {
    if (update.throughVariable === throughVariable && !reasons.has(update)) report(pass, update);
  }
}

function report(pass: Pass, update: AwaitUpdate): void {
  const { program } = pass;
  const site = (span: SpanId, message: string): Site => ({ span: spanOf(program, span), message });
  const { func, place } = update;
  const of = func.display === "(anonymous)" ? "" : ` of \`${func.display}\``;
  const read = lineOf(program, update.read);
  const related = [
    site(update.read, `\`${place}\` is read here`),
    site(update.await, "other calls run while this one waits here"),
    ...callsOf(pass, func).map((it) => site(it, `\`${func.display}\` is called here`)),
  ];
  pass.report({
    message: `\`${place}\` is written with a value computed from what was read before the await (L${read}): an update by another call${of} in between is lost`,
    primary: site(update.write, "written here, over whatever another call wrote meanwhile"),
    related,
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "race", places: [[spanOf(program, update.write)]] },
    subject: { func: func.name, path: place },
  });
}

/** Where functions are called by name, and where properties are read: a method is called through one. */
const callSites: Fact<ReadonlyMap<string, readonly SpanId[]>> = {
  name: "call-sites",
  compute: ({ program }) => {
    const sites = new Map<string, SpanId[]>();
    const add = (key: string, span: SpanId): void => {
      const known = sites.get(key);
      if (known === undefined) sites.set(key, [span]);
      else known.push(span);
    };
    for (const func of program.funcs) {
      for (const { instrs } of func.blocks) {
        const constants = new Map<number, unknown>();
        for (const instr of instrs) {
          if (instr.op === "const") constants.set(instr.dst, instr.value);
          const key = instr.op === "get-prop" ? constants.get(instr.key) : undefined;
          if (typeof key === "string") add(`.${key}`, instr.span);
          const isStatic = instr.op === "call" && instr.callee.kind === "static";
          if (isStatic) add(`${instr.callee.func}`, instr.span);
        }
      }
    }
    return sites;
  },
};

/** The first two places in the source that call the function by name. */
function callsOf(pass: Pass, { id, display, span }: Func): readonly SpanId[] {
  const dot = display.lastIndexOf(".");
  const key = dot < 0 ? `${id}` : display.slice(dot);
  const sites = pass.get(callSites).get(key) ?? [];
  return [...new Set(sites)].filter((it) => it !== span).slice(0, 2);
}

function lineOf(program: Program, span: SpanId): number {
  return spanOf(program, span).start.line + 1;
}
