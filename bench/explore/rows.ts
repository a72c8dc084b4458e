// Which programs are measured: of each the largest that takes no more than seconds, or all of those asked for by name.

import {
  type BadEnds,
  buggy,
  type Count,
  counts,
  type Parameters,
} from "../../test/fixtures/explore/counts.js";

export interface Row {
  readonly program: string;
  readonly parameters: Parameters;
  /** How many traces there are, if somebody has counted. */
  readonly traces: number | null;
  readonly bad: readonly (keyof BadEnds)[];
  /** Stop at the first execution that ends badly. */
  readonly untilBug: boolean;
}

export interface Choice {
  readonly only: string | null;
  readonly big: boolean;
}

export function rowsOf({ only, big }: Choice): readonly Row[] {
  const allowed = counts.filter((it) => (big || !it.big) && (only === null || it.program === only));
  const chosen = only === null ? largestOfEach(allowed) : allowed;
  const bugs = buggy.filter((it) => only === null || it.program === only);
  return [
    ...chosen.map(
      ({ program, parameters, traces, bad }): Row => ({
        program,
        parameters,
        traces,
        bad: Object.keys(bad) as (keyof BadEnds)[],
        untilBug: false,
      }),
    ),
    ...bugs.map(
      ({ program, parameters, bad }): Row => ({
        program,
        parameters,
        traces: null,
        bad: [bad],
        untilBug: true,
      }),
    ),
  ];
}

function largestOfEach(all: readonly Count[]): readonly Count[] {
  const largest = new Map<string, Count>();
  for (const it of all) {
    const known = largest.get(it.program);
    if (known === undefined || it.traces >= known.traces) largest.set(it.program, it);
  }
  return [...largest.values()];
}

/** `philosophers(n=5, ordered=false)`. */
export function titleOf({ program, parameters }: Row): string {
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return values.length === 0 ? program : `${program}(${values.join(", ")})`;
}
