// The run-time values of Go programs (`Value` in `core.ts`). Numbers, strings and booleans are JavaScript's;
// what is here is the rest. All but `Chan` and `MapObj` are immutable.
//
//   Ptr      address of a cell            Iface    interface value: dynamic type and value
//   Slice    window on cells              Closure  function value: code and captured values
//   Complex  complex number               Chan     channel (its state is the machine's)
//   arrays   structs and arrays in registers (their cells), and tuples

import type { Func, SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { Obj, Ptr, Tracked, Value } from "./core.js";
import { zeroClock, type Clock } from "./vector-clock.js";

/** One allocation. */
export class Cell implements Obj {
  readonly id: number;
  readonly type: TypeId;
  readonly name: string;
  readonly span: SpanId;
  readonly owner: number;
  readonly cells: Value[];
  /** Epoch of the trail in which it was made or last saved: changes need not be remembered while it lasts. */
  epoch: number;
  beside: object | null = null;

  constructor(
    id: number,
    type: TypeId,
    name: string,
    span: SpanId,
    owner: number,
    cells: Value[],
    epoch: number,
  ) {
    this.id = id;
    this.type = type;
    this.name = name;
    this.span = span;
    this.owner = owner;
    this.cells = cells;
    this.epoch = epoch;
  }
}

export class Pointer implements Ptr {
  readonly obj: Cell;
  readonly off: number;

  constructor(obj: Cell, off: number) {
    this.obj = obj;
    this.off = off;
  }
}

/** `off` is in cells of `obj`; `len` and `cap` count elements. */
export class Slice {
  readonly obj: Cell;
  readonly off: number;
  readonly len: number;
  readonly cap: number;

  constructor(obj: Cell, off: number, len: number, cap: number) {
    this.obj = obj;
    this.off = off;
    this.len = len;
    this.cap = cap;
  }
}

export class Iface {
  readonly type: TypeId;
  readonly value: Value;

  constructor(type: TypeId, value: Value) {
    this.type = type;
    this.value = value;
  }
}

export class Complex {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }
}

/** `bound` are leading arguments already given (the receiver of a method value). */
export class Closure {
  readonly func: Func;
  readonly captures: readonly Value[];
  readonly bound: readonly Value[];

  constructor(func: Func, captures: readonly Value[], bound: readonly Value[]) {
    this.func = func;
    this.captures = captures;
    this.bound = bound;
  }
}

const noClocks: readonly Clock[] = [];

/** Its state is the machine's, which changes all of it through the trail. */
export class Chan implements Tracked {
  readonly id: number;
  readonly type: TypeId;
  readonly name: string;
  readonly span: SpanId;
  readonly owner: number;
  readonly cap: number;
  buffer: readonly Value[] = [];
  closed = false;
  /** How many values have been sent to the buffer and taken from it. */
  sends = 0;
  recvs = 0;
  /** Clocks of the senders of what is buffered, in its order. */
  sent: readonly Clock[] = noClocks;
  /** Clocks of the receives that freed the free slots: the k-th receive happens before the (k+cap)-th send completes. */
  freed: readonly Clock[] = noClocks;
  /** A timer sends on it, and `len` and `cap` do not show what it has sent. */
  hidden = false;
  closing: Clock = zeroClock;
  epoch = -1;
  beside: object | null = null;

  constructor(id: number, type: TypeId, name: string, span: SpanId, owner: number, cap: number) {
    this.id = id;
    this.type = type;
    this.name = name;
    this.span = span;
    this.owner = owner;
    this.cap = cap;
  }

  keep(): () => void {
    const { buffer, closed, sends, recvs, sent, freed, hidden, closing } = this;
    return () => {
      this.buffer = buffer;
      this.closed = closed;
      this.sends = sends;
      this.recvs = recvs;
      this.sent = sent;
      this.freed = freed;
      this.hidden = hidden;
      this.closing = closing;
    };
  }
}

/** Iterator over the runes of a string; `pos` moves through the trail. */
export class StringIterator {
  readonly text: string;
  pos = 0;

  constructor(text: string) {
    this.text = text;
  }
}
