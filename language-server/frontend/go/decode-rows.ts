// What each instruction row of the schema looks like, as a table of checks on its fields.

/** Sizes of the tables that indices point into. */
export interface Scope {
  readonly regs: number;
  readonly pool: number;
  readonly types: number;
  readonly spans: number;
  readonly blocks: number;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

export function isInt(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

export function isFlag(value: unknown): value is 0 | 1 {
  return value === 0 || value === 1;
}

export function isIndex(value: unknown, size: number): value is number {
  return isInt(value) && value >= 0 && value < size;
}

export function listOf<T>(value: unknown, fits: (it: unknown) => it is T): value is readonly T[];
export function listOf(value: unknown, fits: (it: unknown) => boolean): value is readonly unknown[];
export function listOf(
  value: unknown,
  fits: (it: unknown) => boolean,
): value is readonly unknown[] {
  return isList(value) && value.every((it) => fits(it));
}

type Check = (value: unknown, scope: Scope) => boolean;

const operand: Check = (it, scope) => isInt(it) && it < scope.regs && it >= -scope.pool;
const optional: Check = (it, scope) => it === null || operand(it, scope);
const operands: Check = (it, scope) => listOf(it, (value) => operand(value, scope));
const text: Check = isText;
const optionalText: Check = (it) => it === undefined || isText(it);
const flag: Check = isFlag;
const index: Check = (it) => isInt(it) && it >= 0;
const type: Check = (it, scope) => isIndex(it, scope.types);
const span: Check = (it, scope) => isIndex(it, scope.spans);
const destination: Check = (it, scope) => it === -1 || isIndex(it, scope.regs);

const call: Check = (it, scope) => {
  if (!isList(it)) return false;
  switch (it[0]) {
    case "static":
    case "builtin":
      return text(it[1], scope) && operands(it[2], scope);
    case "value":
      return operand(it[1], scope) && operands(it[2], scope);
    case "invoke":
      return operand(it[1], scope) && text(it[2], scope) && operands(it[3], scope);
    default:
      return false;
  }
};

const state: Check = (it, scope) =>
  isList(it) &&
  (it[0] === "send" || it[0] === "recv") &&
  operand(it[1], scope) &&
  (it[0] === "send" ? operand(it[2], scope) : it[2] === null) &&
  span(it[3], scope);

const states: Check = (it, scope) => listOf(it, (value) => state(value, scope));

/** The fields after op, destination and span. Rows may be longer where the last field is optional. */
const fields: Readonly<Record<string, readonly Check[]>> = {
  Alloc: [flag, text, optionalText],
  Phi: [operands, text],
  Call: [call],
  Go: [call],
  Defer: [call],
  BinOp: [text, operand, operand],
  UnOp: [text, operand, flag],
  ChangeType: [operand],
  Convert: [operand],
  ChangeInterface: [operand],
  SliceToArrayPointer: [operand],
  MakeInterface: [operand],
  MakeClosure: [text, operands],
  MakeMap: [optional, optionalText],
  MakeChan: [operand, optionalText],
  MakeSlice: [operand, operand, optionalText],
  Slice: [operand, optional, optional, optional],
  FieldAddr: [operand, index, text],
  Field: [operand, index, text],
  IndexAddr: [operand, operand],
  Index: [operand, operand],
  Lookup: [operand, operand, flag],
  MapUpdate: [operand, operand, operand],
  Range: [operand],
  Next: [operand, flag],
  TypeAssert: [operand, type, flag],
  Extract: [operand, index],
  Select: [flag, states],
  Send: [operand, operand],
  Store: [operand, operand],
  Return: [operands],
  RunDefers: [],
  Jump: [],
  Panic: [operand],
  If: [operand],
};

/** Instructions without a result of their own. */
const silent = new Set([
  "Go",
  "Defer",
  "MapUpdate",
  "Send",
  "Store",
  "Return",
  "RunDefers",
  "Jump",
  "Panic",
  "If",
]);

/** Whether a whole row of this op fits, or undefined for an op the schema does not have. */
export function checkOf(
  op: string,
): ((row: readonly unknown[], scope: Scope) => boolean) | undefined {
  const own = Object.hasOwn(fields, op) ? fields[op] : undefined;
  if (own === undefined) return undefined;
  return (row, scope) =>
    destination(row[1], scope) &&
    (silent.has(op) || op === "Call" ? true : row[1] !== -1) &&
    span(row[2], scope) &&
    own.every((check, at) => check(row[at + 3], scope)) &&
    (op !== "Defer" || row[4] === undefined || operand(row[4], scope));
}
