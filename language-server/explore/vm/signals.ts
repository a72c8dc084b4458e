// What the core throws to itself; `Cpu.run` catches each and nothing else lets them through.

import type { Value } from "./core.js";

/** A run-time error of the language at the running instruction; `plain` ones have no `runtime error: ` before the text. */
export class RuntimePanic {
  readonly text: string;
  readonly plain: boolean;

  constructor(text: string, plain = false) {
    this.text = text;
    this.plain = plain;
  }
}

/** `panic(value)` from native code. */
export class ValuePanic {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** The program needs something that is not modelled: the execution stops with this reason. */
export class Unsupported {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What a native returns that made a call of the program: the result arrives when that returns. */
export const pendingCall: unique symbol = Symbol("pending call");

export function nilDereference(): RuntimePanic {
  return new RuntimePanic("invalid memory address or nil pointer dereference");
}

export function indexOutOfRange(index: unknown, length: number): RuntimePanic {
  const negative = (index as number | bigint) < 0;
  const text = `index out of range [${String(index)}]`;
  return new RuntimePanic(negative ? text : `${text} with length ${length}`);
}
