// A thread's own values at a moment, to tell whether it has come back to where it was. What it allocated since others could
// notice a step of it is known to nobody else: there it counts what is inside and not which object it is, because each round of
// a loop that calls a function with a deferred unlock, say, makes a new cell for the result.

import type { Value } from "./core.js";
import type { Code } from "./code.js";
import { VmFrame, VmThread } from "./frames.js";
import type { Goroutine } from "./goroutine.js";
import type { Cell } from "./values.js";
import { Closure, Iface, Pointer, Slice } from "./values.js";

/** Ids are `path * idsPerThread + n`: distinct per thread, exact in a double. */
export const idsPerThread = 2 ** 30;

/** Ids of objects, from one that is not meant to the last that is. */
export interface Ids {
  readonly after: number;
  readonly upTo: number;
}

const none: Ids = { after: 0, upTo: 0 };

/** What the thread allocates after its first `allocations` objects. */
export function allocatedAfter({ core }: Goroutine, allocations: number): Ids {
  if (!(core instanceof VmThread)) return none;
  const first = core.path * idsPerThread;
  return { after: first + allocations, upTo: first + idsPerThread };
}

export function allocationsOf({ core }: Goroutine): number {
  return core instanceof VmThread ? core.allocations : 0;
}

interface FrameImage {
  readonly code: Code;
  readonly pc: number;
  readonly regs: readonly unknown[];
}

export interface ThreadImage {
  readonly frames: readonly FrameImage[];
  readonly own: Ids;
}

/** Cells of its own objects that are remembered; a thread with more of them is not noticed. */
const mostCells = 64;

/** A pointer or slice to an object of its own: what it held. Null: too much. */
class OwnObject {
  readonly id: number;
  readonly off: number;
  readonly len: number;
  readonly cells: readonly unknown[] | null;

  constructor(id: number, off: number, len: number, cells: readonly unknown[] | null) {
    this.id = id;
    this.off = off;
    this.len = len;
    this.cells = cells;
  }
}

export function imageOf(g: Goroutine, own: Ids): ThreadImage {
  const frames: FrameImage[] = [];
  const drawing = new Drawing(own);
  for (let frame = g.core?.frame ?? null; frame !== null; frame = frame.parent) {
    if (!(frame instanceof VmFrame)) break;
    frames.push({ code: frame.code, pc: frame.pc, regs: frame.regs.map((it) => drawing.of(it)) });
  }
  return { frames, own };
}

export function isBack(g: Goroutine, { frames, own }: ThreadImage): boolean {
  const comparing = new Comparing(own);
  let index = 0;
  for (let frame = g.core?.frame ?? null; frame !== null; frame = frame.parent) {
    const image = frames[index++];
    if (image === undefined || !(frame instanceof VmFrame)) return false;
    if (frame.code !== image.code || frame.pc !== image.pc || frame.panic !== null) return false;
    if (!comparing.list(frame.regs, image.regs)) return false;
  }
  return index === frames.length;
}

/** Of two values that are no objects of a thread's own. */
export function same(a: unknown, b: unknown): boolean {
  return new Comparing(none).same(a, b);
}

function isIn({ after, upTo }: Ids, { id }: Cell): boolean {
  return id > after && id <= upTo;
}

class Drawing {
  readonly #own: Ids;
  #left = mostCells;

  constructor(own: Ids) {
    this.#own = own;
  }

  of(value: Value): unknown {
    if (value instanceof Pointer) {
      return isIn(this.#own, value.obj) ? this.#object(value.obj, value.off, -1) : value;
    }
    if (value instanceof Slice) {
      return isIn(this.#own, value.obj) ? this.#object(value.obj, value.off, value.len) : value;
    }
    if (value instanceof Iface) return new Iface(value.type, this.of(value.value));
    if (value instanceof Closure) {
      const [captures, bound] = [value.captures, value.bound].map((it) => this.#list(it));
      return new Closure(value.func, captures as Value[], bound as Value[]);
    }
    return Array.isArray(value) ? this.#list(value as readonly Value[]) : value;
  }

  #list(values: readonly Value[]): readonly unknown[] {
    return values.map((it) => this.of(it));
  }

  #object(obj: Cell, off: number, len: number): OwnObject {
    this.#left -= obj.cells.length;
    return new OwnObject(obj.id, off, len, this.#left < 0 ? null : this.#list(obj.cells));
  }
}

/** One thread's values with an earlier picture of them; objects of its own stand for the same ones throughout. */
class Comparing {
  readonly #own: Ids;
  readonly #standsFor = new Map<number, Cell>();

  constructor(own: Ids) {
    this.#own = own;
  }

  list(values: readonly unknown[], images: readonly unknown[]): boolean {
    if (values.length !== images.length) return false;
    for (let index = 0; index < values.length; index++) {
      if (!this.same(values[index], images[index])) return false;
    }
    return true;
  }

  same(a: unknown, b: unknown): boolean {
    if (Object.is(a, b)) return true;
    if (b instanceof OwnObject) return this.#object(a, b);
    if (a instanceof Pointer) return b instanceof Pointer && a.obj === b.obj && a.off === b.off;
    if (a instanceof Slice) {
      return (
        b instanceof Slice &&
        a.obj === b.obj &&
        a.off === b.off &&
        a.len === b.len &&
        a.cap === b.cap
      );
    }
    if (a instanceof Iface) {
      return b instanceof Iface && a.type === b.type && this.same(a.value, b.value);
    }
    if (a instanceof Closure) {
      if (!(b instanceof Closure) || a.func !== b.func) return false;
      return this.list(a.captures, b.captures) && this.list(a.bound, b.bound);
    }
    return Array.isArray(a) && Array.isArray(b) && this.list(a, b);
  }

  #object(value: unknown, { id, off, len, cells }: OwnObject): boolean {
    if (cells === null || !(value instanceof Pointer || value instanceof Slice)) return false;
    const { obj } = value;
    const length = value instanceof Slice ? value.len : -1;
    if (value.off !== off || length !== len || !isIn(this.#own, obj)) return false;
    const known = this.#standsFor.get(id);
    if (known !== undefined) return known === obj;
    if ([...this.#standsFor.values()].includes(obj)) return false;
    this.#standsFor.set(id, obj);
    return this.list(obj.cells, cells);
  }
}
