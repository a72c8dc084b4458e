import type { Witness } from "../../protocol/witness.js";
import { number } from "../../wording/verdict.js";
import { labelOf, lineLabel } from "./labels.js";

/** What is looked for, and the rows where it is, ascending. */
export interface Search {
  readonly query: string;
  readonly rows: readonly number[];
}

export const emptySearch: Search = { query: "", rows: [] };

/**
 * Steps whose sentence or object has the words in it, in any case; `L22` means the steps of line 22 and no other.
 * Nothing is found by nothing.
 */
export function searched(witness: Witness, query: string): Search {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return { query, rows: [] };
  const line = /^l\d+$/.test(wanted);
  const rows: number[] = [];
  witness.steps.forEach((step, row) => {
    const matches = line
      ? lineLabel(step.span).toLowerCase() === wanted
      : step.text.toLowerCase().includes(wanted) ||
        labelOf(witness, step).object.toLowerCase().includes(wanted);
    if (matches) rows.push(row);
  });
  return { query, rows };
}

/** The next row that matches, going round; null: none does. */
export function nextMatch({ rows }: Search, from: number, direction: 1 | -1): number | null {
  const found = direction === 1 ? rows.find((it) => it > from) : rows.findLast((it) => it < from);
  return found ?? (direction === 1 ? rows[0] : rows[rows.length - 1]) ?? null;
}

/** `3 of 17`, counted up to the row at the cursor if it is a match. */
export function matchWords({ query, rows }: Search, row: number): string {
  if (query.trim() === "") return "";
  if (rows.length === 0) return "no match";
  const at = rows.indexOf(row);
  const count = number(rows.length);
  if (at >= 0) return `${number(at + 1)} of ${count}`;
  return rows.length === 1 ? "1 match" : `${count} matches`;
}
