import type { Witness } from "../../protocol/witness.js";

/** Where to stand when a witness is opened: the moment that matters. */
export function startRow(witness: Witness): number {
  const last = Math.max(0, witness.steps.length - 1);
  const { outcome } = witness;
  switch (outcome.kind) {
    case "race":
      return Math.min(last, Math.max(...outcome.steps));
    case "panic":
    case "assertion":
      return Math.min(last, outcome.step);
    case "deadlock":
    case "leak":
    case "livelock":
      return last;
    case "ok":
      return 0;
  }
}

export type Move =
  | { readonly kind: "by"; readonly rows: number }
  | { readonly kind: "in-lane"; readonly direction: 1 | -1 }
  /** To where another thread takes over. */
  | { readonly kind: "turn"; readonly direction: 1 | -1 }
  | { readonly kind: "to"; readonly row: number };

export function moved(witness: Witness, row: number, move: Move): number {
  const last = Math.max(0, witness.steps.length - 1);
  const within = (it: number): number => Math.min(last, Math.max(0, it));
  switch (move.kind) {
    case "by":
      return within(row + move.rows);
    case "to":
      return within(move.row);
    case "in-lane": {
      const thread = witness.steps[row]?.thread;
      for (let it = row + move.direction; it >= 0 && it <= last; it += move.direction) {
        if (witness.steps[it]?.thread === thread) return it;
      }
      return row;
    }
    case "turn": {
      for (let it = row + move.direction; it > 0 && it <= last; it += move.direction) {
        if (witness.steps[it]?.thread !== witness.steps[it - 1]?.thread) return it;
      }
      return move.direction === 1 ? last : 0;
    }
  }
}

/** The next witness that fails, going round; the same one when there is no other. */
export function nextFailing(
  witnesses: readonly Witness[],
  from: number,
  direction: 1 | -1,
): number {
  const n = witnesses.length;
  for (let i = 1; i <= n; i++) {
    const index = (from + direction * i + n * i) % n;
    const witness = witnesses[index];
    if (witness !== undefined && witness.outcome.kind !== "ok") return index;
  }
  return from;
}

/** Rows whose step is on this line: lit when the editor's cursor is there. */
export function rowsOnLine(witness: Witness, uri: string, line: number): ReadonlySet<number> {
  const rows = witness.steps.flatMap((it, row) =>
    it.span.uri === uri && it.span.start.line <= line && line <= it.span.end.line ? [row] : [],
  );
  return new Set(rows);
}
