// An exploration in figures.

import { present } from "../base/assert.js";
import type { ExplorationSummary, Gap, Limit, OutcomeKind } from "../../protocol/finding.js";
import type { Choice, Schedule } from "../../protocol/witness.js";
import { funcOf, spanOf } from "../ir/access.js";
import type { FuncId, Program } from "../ir/ir.js";
import type { Tally } from "./dpor/optimal.js";
import type { Ends } from "./findings.js";

export interface Figures {
  readonly program: Program;
  readonly entry: FuncId;
  readonly ends: Ends;
  readonly complete: boolean;
  readonly limit: Limit | null;
  /** The bound on steps ended an execution. */
  readonly cut: boolean;
  readonly unsupported: Gap | null;
  /** Of what not all values were tried. */
  readonly examples: Gap | null;
  readonly estimate: number | null;
  readonly sampled: number;
  readonly depth: number;
  readonly tally: Tally | null;
  readonly states: number;
  /** Null where none was kept. */
  readonly schedule: (kind: OutcomeKind, choices: readonly Choice[]) => Schedule | null;
}

export function summaryOf(it: Figures): ExplorationSummary {
  const func = funcOf(it.program, it.entry);
  const limit = limitReached(it);
  return {
    entry: nameForPeople(func.name),
    span: spanOf(it.program, func.span),
    executions: it.ends.executions,
    complete: it.complete,
    limit,
    estimate: it.estimate,
    sampled: it.sampled,
    depth: it.depth,
    unsupported: limit === "unsupported" ? it.unsupported : limit === "values" ? it.examples : null,
    outcomes: it.ends.kinds(),
    ends: it.ends.list(it.schedule),
    ...(it.program.switches === undefined ? {} : { switches: it.program.switches }),
    search: {
      blocked: it.tally?.blocked ?? 0,
      conservative: it.tally?.conservative ?? 0,
      states: it.states,
    },
  };
}

function limitReached({ complete, limit, cut, unsupported, examples }: Figures): Limit | null {
  if (complete) return null;
  if (unsupported !== null) return "unsupported";
  if (limit !== null) return limit;
  if (cut) return "depth";
  return examples === null ? "executions" : "values";
}

/** `example.com/store.TestPut$entry` → `store.TestPut`. */
function nameForPeople(name: string): string {
  const short = present(name.split("/").at(-1), "last part of a name");
  return short.replace(/\$entry$/, "");
}
