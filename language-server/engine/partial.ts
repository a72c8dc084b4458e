// A function that the front end read only in part runs without the statements it could not read: what its
// executions show is not what the user's code does.

import type { ExplorationSummary, Gap } from "../../protocol/finding.js";
import type { PreviousVerdict, Witness } from "../../protocol/witness.js";
import { spanOf } from "../ir/access.js";
import type { Func, FuncId, Program } from "../ir/ir.js";
import { innermostFunc, reachable } from "./entries.js";

/** The function a gap is in; none when the program does not have it, since it cannot run then. */
function funcAround(
  program: Program,
  { span: { uri, start } }: Gap,
  textOf: (uri: string) => string,
): Func | undefined {
  const isTypeScript = program.language === "ts" || program.switches !== undefined;
  if (isTypeScript) return innermostFunc(program, uri, start.line);
  // Go's functions are declared in the first column, also in text that does not parse.
  const lines = textOf(uri).split("\n");
  const head = lines.findLastIndex((text, line) => line <= start.line && /^func\b/.test(text));
  return program.funcs.find(({ library, parent, span }) => {
    const at = spanOf(program, span);
    return !library && parent === null && at.uri === uri && at.start.line === head;
  });
}

export class Partial {
  readonly #program: Program;
  readonly #gaps = new Map<FuncId, Gap>();
  readonly #names = new Set<string>();

  /** `gaps`: the front end's. `textOf`: the source it read. */
  constructor(program: Program, gaps: readonly Gap[], textOf: (uri: string) => string) {
    this.#program = program;
    for (const gap of gaps) {
      const func = funcAround(program, gap, textOf);
      if (func === undefined || this.#gaps.has(func.id)) continue;
      this.#gaps.set(func.id, gap);
      this.#names.add(func.display);
    }
  }

  /** Whether a run takes a step in a function that was read in part. */
  isOnPath({ steps }: Witness): boolean {
    return steps.some((it) => this.#names.has(it.func));
  }

  /** Where something was not read that an entry may run; null: all was read. */
  unreadFrom(entry: FuncId): Gap | null {
    if (this.#gaps.size === 0) return null;
    const run = reachable(this.#program, entry);
    return [...this.#gaps].find(([func]) => run.has(func))?.[1] ?? null;
  }

  /** A search is complete only if all that it ran was read. */
  honest(entry: FuncId, summary: ExplorationSummary): ExplorationSummary {
    const unread = summary.complete ? this.unreadFrom(entry) : null;
    if (unread === null) return summary;
    return {
      ...summary,
      complete: false,
      limit: "unsupported",
      unsupported: unread,
      ...(summary.previous === undefined ? {} : { previous: summary.previous.map(unfinished) }),
    };
  }
}

/** What was found out by a search that left something out. */
function unfinished(verdict: PreviousVerdict): PreviousVerdict {
  return verdict.kind === "fixed" ? { ...verdict, complete: false } : verdict;
}
