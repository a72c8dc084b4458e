// What TypeScript programs are made of at run time. Values are the host's own: a JavaScript number is a number, an array is an
// array, so arithmetic, prototypes, regular expressions and sorting are exactly Node's. What the event loop must decide itself
// (promises, timers, functions that suspend) and what analysis must see (variables, accesses) are the classes of this file.

import { BugError } from "../../base/assert.js";
import type { Func, SpanId } from "../../ir/ir.js";

/** Content of a `let` that has been declared and not yet initialised. */
export const uninitialised: unique symbol = Symbol("uninitialised");

/** Thrown through a generator's frames to run its `finally` blocks when the consumer calls `return()`. */
export class ReturnSignal {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Ends the whole execution, past every handler of the program. */
export class Abort {
  readonly kind: "unsupported" | "limit" | "exit";
  readonly reason: string;
  readonly span: SpanId;

  constructor(kind: Abort["kind"], reason: string, span: SpanId) {
    this.kind = kind;
    this.reason = reason;
    this.span = span;
  }
}

/** Whether a thrown value may be given to the program: not the end of the execution, nor a bug of ours. */
export function isProgramError(error: unknown): boolean {
  return !(error instanceof Abort || error instanceof BugError);
}

/** Where something happened. */
export interface Access {
  readonly lane: number;
  readonly span: SpanId;
  readonly func: string;
  /** Number of events that had been emitted. */
  readonly step: number;
}

/** One variable, property or map entry that several tasks may touch. */
export interface Place {
  readonly name: string;
  /** Grows with each write. */
  version: number;
  writer: Access | null;
  /** Index into the witness's objects once it is shown there, else -1. */
  object: number;
}

/** A read whose value may still be on its way to a write. */
export interface Read {
  readonly place: Place;
  readonly version: number;
  readonly lane: number;
}

/** The reads a value was computed from. */
export type Taint = readonly Read[];

/** A variable that outlives its block or is assigned more than once. */
export class Cell implements Place {
  readonly name: string;
  value: unknown;
  taint: Taint | undefined = undefined;
  version = 0;
  writer: Access | null = null;
  object = -1;

  constructor(name: string, value: unknown) {
    this.name = name;
    this.value = value;
  }
}

export type JsFunction = (...args: unknown[]) => unknown;

/** What functions that suspend inherit from; it names their kind. */
export const functionPrototypes = {
  async: Object.getPrototypeOf(async () => undefined) as object,
  generator: Object.getPrototypeOf(function* () {
    yield 0;
  }) as object,
  "async-generator": Object.getPrototypeOf(async function* () {
    yield 0;
  }) as object,
} as const;

/** What the machine knows of a function object of the program. */
export interface Closure {
  readonly func: Func;
  readonly captures: readonly unknown[];
  constructible: boolean;
  isClass: boolean;
  derived: boolean;
}

/** A lane of the drawing: the module, or one call of an async function that nobody awaits at once. */
export interface Lane {
  readonly id: number;
  readonly label: string;
  readonly parent: number | null;
  readonly spawnedAt: SpanId;
  /** Vector clock. */
  readonly clock: number[];
  /** Tasks of the event loop it has asked for. */
  tasks: number;
  /** Where it waits, if it does. */
  waiting: { readonly span: SpanId; readonly reason: string } | null;
  variables: readonly { readonly name: string; readonly value: string }[];
}

const most = 8;

/** The reads of both, without growing beyond what is useful. */
export function union(a: Taint | undefined, b: Taint | undefined): Taint | undefined {
  if (a === undefined || a === b) return b;
  if (b === undefined) return a;
  const merged = [...a];
  for (const read of b) {
    if (merged.length >= most) break;
    if (!merged.includes(read)) merged.push(read);
  }
  return merged;
}
