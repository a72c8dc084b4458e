// What the search counts on a program of test/fixtures/explore, for comparison with the table of counts.

import { searchAll } from "../../language-server/explore/dpor/adaptive.js";
import { traceHash } from "../../language-server/explore/dpor/trace-hash.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { Count } from "../fixtures/explore/counts.js";
import type { ExplorePrograms } from "./explore-programs.js";

/** A row of the table as the search sees it. */
export interface Counted {
  /** With the parameters. */
  readonly program: string;
  readonly traces: number;
  /** Traces by how they end, but for those that end in order. */
  readonly bad: Readonly<Record<string, number>>;
  /** Executions of a trace that had been run before. */
  readonly duplicates: number;
  readonly blocked: number;
  readonly aborted: number;
  readonly conservative: number;
}

/** Where the reductions are exact: nothing is run in vain there. */
const exact: ReadonlySet<Count["kind"]> = new Set(["memory", "mutex", "channel"]);

/** What the search must count; beyond the exact kinds it may run in vain, and may be conservative. */
export function expected(row: Count, { blocked, aborted, conservative }: Counted): Counted {
  const inVain = exact.has(row.kind)
    ? { blocked: 0, aborted: 0, conservative: 0 }
    : { blocked, aborted, conservative };
  const { traces, bad } = row;
  return { program: titleOf(row), traces, bad, duplicates: 0, ...inVain };
}

export async function counted(programs: ExplorePrograms, row: Count): Promise<Counted> {
  const { program, entry } = await programs.load(row.program, row.parameters);
  const hashes = new Set<number>();
  let bad: Record<string, number> = {};
  const { tally } = searchAll(
    { machine: makeMachine(program), entry, depth: 5000, visible: new Set(), time: "quiet" },
    () => {
      hashes.clear();
      bad = {};
    },
    ({ execution }, halt) => {
      hashes.add(traceHash(execution));
      const end = halt?.kind === "finished" ? halt.outcome.kind : `cut: ${halt?.kind ?? "steps"}`;
      if (end !== "ok") bad[end] = (bad[end] ?? 0) + 1;
      return "go on";
    },
  );
  const { traces, blocked, aborted, conservative } = tally;
  const duplicates = traces - hashes.size;
  return { program: titleOf(row), traces, bad, duplicates, blocked, aborted, conservative };
}

function titleOf({ program, parameters }: Count): string {
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return `${program}(${values.join(", ")})`;
}
