// How an update in two critical sections becomes a report. The atomicity checks share this.

import type { Func, Reg, SpanId } from "../ir/ir.js";
import type { Pass } from "./check.js";
import { expressionOf, funcWords, lineOf, locationName } from "./facts/names.js";
import { pointsTo } from "./facts/points-to.js";
import type { SectionEvent } from "./facts/sections.js";
import { candidateOf, throughOf, type SplitUpdate } from "./facts/split-updates.js";
import { siteOf, sitesOf } from "./sites.js";

export interface SplitWords {
  readonly name: string;
  /** "" where there is none. */
  readonly lock: string;
  /** Lines. */
  readonly read: number;
  readonly write: number;
}

export function reportSplit(
  pass: Pass,
  update: SplitUpdate,
  sentence: (words: SplitWords) => string,
): void {
  const { program } = pass;
  const { read, write, others } = update;
  const span = (it: SectionEvent): SpanId => it.where.instr.span;
  const name = nameOf(pass, write);
  const lock = write.lock === null ? "" : locationName(program, pass.get(pointsTo), write.lock);
  const words = {
    name,
    lock,
    read: lineOf(program, span(read)),
    write: lineOf(program, span(write)),
  };
  const [other] = others;
  pass.report({
    message: sentence(words),
    primary: siteOf(program, span(write), "and written here, as if nothing had changed since"),
    related: sitesOf(program, [
      [span(read), `\`${name}\` is read here`],
      ...(other === undefined || span(other) === span(write)
        ? []
        : [
            [
              span(other),
              `${funcWords(program, other.where.instance.func)} may write it in between`,
            ] as const,
          ]),
    ]),
    severity: "error",
    confidence: "possible",
    candidate: candidateOf(program, update),
    subject: { func: update.func.name, path: name },
  });
}

function nameOf(pass: Pass, event: SectionEvent): string {
  const through = throughOf(event);
  const { func } = event.where.instance;
  const text = through === null ? "" : named(pass, func, through);
  return text === "" ? locationName(pass.program, pass.get(pointsTo), event.location) : text;
}

function named({ program }: Pass, func: Func, reg: Reg): string {
  return expressionOf(program, func, reg);
}
