// What a register stands for while a program is translated.

import type { FuncId } from "../../../language-server/ir/ir.js";

export type Value =
  /** Integer expressions of Promela, one for each cell: a scalar has one, a slice three (address, length, capacity). */
  | { readonly kind: "cells"; readonly cells: readonly string[]; readonly nonNil: boolean }
  | { readonly kind: "closure"; readonly func: FuncId; readonly captures: readonly Value[] }
  | { readonly kind: "tuple"; readonly elems: readonly Value[] }
  /** Strings and interfaces: they may be panicked with and printed, and nothing else. */
  | { readonly kind: "opaque" };

/** Says why there is no model of a program; caught where translating begins. */
export class NotTranslated extends Error {
  override readonly name = "NotTranslated";
}

export const cells = (...them: readonly string[]): Value => ({
  kind: "cells",
  cells: them,
  nonNil: false,
});

/** An address that is not nil. */
export const address = (text: string): Value => ({ kind: "cells", cells: [text], nonNil: true });

export function cellsOf(value: Value): readonly string[] {
  if (value.kind === "cells") return value.cells;
  throw new NotTranslated(`a ${value.kind} where a number is needed`);
}

/** The one cell of a scalar. */
export function scalar(value: Value): string {
  const [first, ...more] = cellsOf(value);
  if (first === undefined || more.length > 0) throw new NotTranslated("a struct as a number");
  return first;
}

/** The same for values that differ only in their numbers: what a process is specialised for. */
export function shapeOf(value: Value): string {
  switch (value.kind) {
    case "cells":
      return `${value.cells.length}${value.nonNil ? "!" : ""}`;
    case "closure":
      return `${value.func}(${value.captures.map(shapeOf).join()})`;
    case "tuple":
      return `[${value.elems.map(shapeOf).join()}]`;
    case "opaque":
      return "opaque";
  }
}

/** The numbers in a value, in order. */
export function numbersOf(value: Value): readonly string[] {
  switch (value.kind) {
    case "cells":
      return value.cells;
    case "closure":
      return value.captures.flatMap(numbersOf);
    case "tuple":
      return value.elems.flatMap(numbersOf);
    case "opaque":
      return [];
  }
}

/** The same value with other numbers, taken from `next` in the order of `numbersOf`. */
export function withNumbers(value: Value, next: () => string): Value {
  switch (value.kind) {
    case "cells":
      return { ...value, cells: value.cells.map(() => next()) };
    case "closure":
      return { ...value, captures: value.captures.map((it) => withNumbers(it, next)) };
    case "tuple":
      return { ...value, elems: value.elems.map((it) => withNumbers(it, next)) };
    case "opaque":
      return value;
  }
}

/** Parentheses where an expression is more than one word. */
export const paren = (text: string): string =>
  /^(\w+|-\d+|\w+\[\w+\])$/.test(text) && !text.startsWith("-") ? text : `(${text})`;

const number = /^-?\d+$/;

/** The number an expression is, if it is one. */
export const constant = (text: string): number | null => (number.test(text) ? Number(text) : null);
