import type { Witness } from "../../protocol/witness.js";
import { type Comparison, compare } from "./compare.js";
import { moved } from "./cursor.js";
import type { PanelEvent, PanelModel } from "./store.js";

// The panel while two schedules are compared: where each side stands, and how they move together. The side that has the
// cursor is the panel's own witness and row.

export type Side = "a" | "b";

export interface Compared {
  /** Indices of witnesses. */
  readonly a: number;
  readonly b: number;
  readonly side: Side;
  readonly rowA: number;
  readonly rowB: number;
  /** Why B is no passing schedule, where it was to be one; else "". */
  readonly note: string;
  readonly comparison: Comparison;
}

/** Both stand where they part. */
export function comparing(model: PanelModel, a: number, b: number, note: string): PanelModel {
  const [one, two] = [witnessAt(model, a), witnessAt(model, b)];
  if (one === null || two === null) return model;
  const comparison = compare(one, two);
  const rowA = within(one, comparison.same);
  const rowB = within(two, comparison.same);
  return standing(model, { a, b, side: "a", rowA, rowB, note, comparison });
}

/** What an event means while two are compared; null: what it means otherwise. */
export function reduceCompared(
  model: PanelModel,
  compared: Compared,
  event: PanelEvent,
): PanelModel | null {
  switch (event.type) {
    case "move": {
      const witness = witnessAt(model, compared[compared.side]);
      if (witness === null) return null;
      const row = moved(witness, compared.side === "a" ? compared.rowA : compared.rowB, event.move);
      return standing(model, at(compared, row));
    }
    case "side":
      return standing(model, { ...compared, side: event.side });
    case "pick": {
      const a = event.side === "a" ? event.witness : compared.a;
      const b = event.side === "b" ? event.witness : compared.b;
      return comparing(model, a, b, "");
    }
    case "leave":
      return { ...model, compare: null, witness: compared.a, row: compared.rowA };
    case "play":
    case "tick":
    case "arrows":
    case "lens":
    case "compare":
    case "zoom":
    case "fit":
    case "focus":
    case "pan":
    case "seek":
    case "search":
    case "match":
      return model;
    case "speed":
    case "faster":
    case "still":
    case "room":
    case "close":
    case "help":
    case "message":
    case "choose":
    case "failing":
    case "scheduler-open":
    case "scheduler-close":
    case "scheduler":
      return null;
  }
}

/** The side with the cursor stands on a row; the other one on the same step where it has it, else it stays. */
function at(compared: Compared, row: number): Compared {
  const { comparison, side } = compared;
  return side === "a"
    ? { ...compared, rowA: row, rowB: comparison.toB[row] ?? compared.rowB }
    : { ...compared, rowB: row, rowA: comparison.toA[row] ?? compared.rowA };
}

function standing(model: PanelModel, compare: Compared): PanelModel {
  const { side, rowA, rowB } = compare;
  const row = side === "a" ? rowA : rowB;
  return { ...model, compare, witness: compare[side], row, playing: false, notice: "" };
}

function witnessAt(model: PanelModel, index: number): Witness | null {
  return model.content?.witnesses[index] ?? null;
}

function within({ steps }: Witness, row: number): number {
  return Math.min(Math.max(0, steps.length - 1), row);
}
