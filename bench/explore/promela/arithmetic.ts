// Go's arithmetic on Promela's integers, which have 32 bits: types with fewer wrap as in Go, types with more must fit, as must
// unsigned ones. Shifts and quotients get a variable of their own, for they may not be computed before they are checked.

import { assign, type Line } from "./line.js";
import { constant, NotTranslated, paren } from "./value.js";

interface Checks {
  add(line: Line): void;
  panicIf(cond: string): void;
  fits(cond: string): void;
}

interface How {
  /** Name of the operands' type, or of the type that is converted to. */
  readonly type: string;
  /** A variable for the result, if it needs one. */
  readonly variable: () => string;
  readonly checks: Checks;
}

const comparisons: Readonly<Record<string, string>> = {
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};

const bitwise: Readonly<Record<string, string>> = { and: "&", or: "|", xor: "^" };

/** The expression for a prim of docs/ir.md. */
export function arithmetic(fn: string, args: readonly string[], how: How): string {
  if (!/^(bool|u?int(8|16|32|64)?)$/.test(how.type)) {
    throw new NotTranslated(`${fn} of ${how.type}`);
  }
  const [x = "", y = ""] = args.map(paren);
  const comparison = comparisons[fn];
  if (comparison !== undefined) return folded(x, comparison, y);
  const bits = bitwise[fn];
  if (bits !== undefined) return `${x} ${bits} ${y}`;
  switch (fn) {
    case "not":
      return `!${x}`;
    case "convert":
      return wrapped(args[0] ?? "", how);
    case "neg":
      return sum("0", "-", x, how);
    case "add":
    case "sub":
      return sum(x, fn === "add" ? "+" : "-", y, how);
    case "mul":
      return product(x, y, how);
    case "div":
    case "rem":
      return quotient(x, fn === "div" ? "/" : "%", y, how);
    case "shl":
    case "shr":
      return shifted(x, fn === "shl" ? "<<" : ">>", y, how);
    default:
      throw new NotTranslated(fn);
  }
}

function folded(x: string, operator: string, y: string): string {
  const [a, b] = [plain(x), plain(y)];
  if (a === null || b === null) return `${x} ${operator} ${y}`;
  const holds = {
    "==": a === b,
    "!=": a !== b,
    "<": a < b,
    "<=": a <= b,
    ">": a > b,
    ">=": a >= b,
  };
  return holds[operator as keyof typeof holds] ? "1" : "0";
}

const plain = (text: string): number | null => constant(text.replace(/^\((.*)\)$/, "$1"));

/** Whether the model's integers are those of the type or must be seen to fit. */
const mustFit = (type: string): boolean => /^(u?int(64)?|uint32)$/.test(type);

/** What is left of a number in a narrow type; wide ones must be seen to fit. */
function wrapped(text: string, how: How): string {
  const { type } = how;
  const x = paren(text);
  if (type.startsWith("uint") && mustFit(type)) {
    if ((plain(x) ?? -1) < 0) how.checks.fits(`${x} >= 0`);
    return text;
  }
  const width = /^u?int(8|16)$/.exec(type)?.[1];
  if (width === undefined) return text;
  const [range, half] = [2 ** Number(width), 2 ** (Number(width) - 1)];
  const value = type.startsWith("u")
    ? `${x} & ${range - 1}`
    : `((${x} + ${half}) & ${range - 1}) - ${half}`;
  return kept(value, how);
}

/** An expression that is computed here and now. */
function kept(value: string, { variable, checks }: How): string {
  checks.add(assign(variable(), value));
  return variable();
}

function sum(x: string, operator: "+" | "-", y: string, how: How): string {
  const [a, b] = [plain(x), plain(y)];
  if (a !== null && b !== null) {
    const result = operator === "+" ? a + b : a - b;
    if (Math.abs(result) < 2 ** 31) return wrapped(String(result), how);
  }
  const text = `${x} ${operator} ${y}`;
  if (!mustFit(how.type)) return wrapped(text, how);
  const result = kept(text, how);
  // The sum has the wrong sign if it did not fit.
  const other = operator === "+" ? y : `~${y}`;
  how.checks.fits(
    b === null
      ? `((${x} ^ ${result}) & (${other} ^ ${result})) >= 0`
      : `${result} ${(operator === "+") === b >= 0 ? ">=" : "<="} ${x}`,
  );
  return wrapped(result, how);
}

function product(x: string, y: string, how: How): string {
  const result = kept(`${x} * ${y}`, how);
  if (mustFit(how.type)) how.checks.fits(`${x} == 0 || ${result} / ${x} == ${y}`);
  return wrapped(result, how);
}

function quotient(x: string, operator: string, y: string, how: How): string {
  const divisor = plain(y);
  if (divisor === null || divisor === 0) how.checks.panicIf(`${y} == 0`);
  // Only the least number by -1 leaves the range, and C does not say what becomes of it.
  if (divisor === null) how.checks.fits(`${y} != -1`);
  if (divisor === -1) throw new NotTranslated("division by -1");
  return wrapped(kept(`${x} ${operator} ${y}`, how), how);
}

function shifted(x: string, operator: "<<" | ">>", y: string, how: How): string {
  const count = plain(y);
  if (count === null) how.checks.panicIf(`${y} < 0`);
  if (count === null || count < 0 || count > 31) how.checks.fits(`${y} >= 0 && ${y} <= 31`);
  const result = kept(`${x} ${operator} ${y}`, how);
  if (operator === "<<" && mustFit(how.type)) how.checks.fits(`(${result} >> ${y}) == ${x}`);
  return wrapped(result, how);
}
