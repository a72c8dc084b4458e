import type { CallRow, InstrRow, Operand } from "./schema.js";

/** The operands a row reads. */
export function operandsOf(row: InstrRow): readonly Operand[] {
  switch (row[0]) {
    case "Alloc":
    case "RunDefers":
    case "Jump":
      return [];
    case "Phi":
    case "Return":
      return row[3];
    case "Call":
    case "Go":
      return callOperands(row[3]);
    case "Defer":
      return row[4] === undefined ? callOperands(row[3]) : [...callOperands(row[3]), row[4]];
    case "MakeClosure":
      return row[4];
    case "Select":
      return row[4].flatMap(([, chan, value]) => (value === null ? [chan] : [chan, value]));
    default:
      return plainOperands(row);
  }
}

type Plain = Exclude<
  InstrRow,
  readonly [
    (
      | "Alloc"
      | "RunDefers"
      | "Jump"
      | "Phi"
      | "Return"
      | "Call"
      | "Go"
      | "Defer"
      | "MakeClosure"
      | "Select"
    ),
    ...unknown[],
  ]
>;

function plainOperands(row: Plain): readonly Operand[] {
  switch (row[0]) {
    case "BinOp":
      return [row[4], row[5]];
    case "UnOp":
      return [row[4]];
    case "MakeMap":
      return row[3] === null ? [] : [row[3]];
    case "MapUpdate":
      return [row[3], row[4], row[5]];
    case "Slice":
      return [row[3], row[4], row[5], row[6]].filter((it) => it !== null);
    default:
      return pairOperands(row);
  }
}

function pairOperands(
  row: Exclude<
    Plain,
    readonly ["BinOp" | "UnOp" | "MakeMap" | "MapUpdate" | "Slice", ...unknown[]]
  >,
): readonly Operand[] {
  switch (row[0]) {
    case "MakeSlice":
    case "IndexAddr":
    case "Index":
    case "Lookup":
    case "Send":
    case "Store":
      return [row[3], row[4]];
    default:
      return [row[3]];
  }
}

function callOperands(call: CallRow): readonly Operand[] {
  switch (call[0]) {
    case "static":
    case "builtin":
      return call[2];
    case "value":
      return [call[1], ...call[2]];
    case "invoke":
      return [call[1], ...call[3]];
  }
}
