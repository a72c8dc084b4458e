// `Atomics` as an agent sees it.

import type { Vm } from "../js-interp.js";
import { type Elements, scalar } from "./elements.js";
import type { AtomicOp, Element, Scalar } from "./ops.js";

/** What an agent's atomic operations come to. */
export interface AtomicHost {
  atomic(element: Element, what: AtomicOp, operands: readonly Scalar[]): Scalar;
  wait(element: Element, expected: Scalar, timeout: number | null): string;
  notify(element: Element, count: number): number;
  /** Whether it may block: a browser's window may not. */
  readonly mayBlock: boolean;
}

type Arg = ((index: number) => string) | undefined;

const operations: readonly AtomicOp[] = [
  "load",
  "store",
  "add",
  "sub",
  "and",
  "or",
  "xor",
  "exchange",
  "compareExchange",
];

export function atomicsOf(vm: Vm, elements: Elements, host: AtomicHost, arg: () => Arg): object {
  const elementAt = (view: unknown, index: unknown): Element | null => {
    if (!ArrayBuffer.isView(view) || view instanceof DataView || isFloat(view)) {
      throw new TypeError("[object Array] is not an integer typed array.");
    }
    const { length } = view as Int32Array;
    const at = Math.trunc(Number(index)) || 0;
    if (at < 0 || at >= length) throw new RangeError("Invalid atomic access index");
    if (!elements.isShared(view)) return null;
    const name = arg()?.(0);
    if (name !== undefined) elements.call(view, name);
    return elements.element(view, at);
  };
  const own = Object.create(Object.prototype) as Record<string, unknown>;
  for (const what of operations) {
    own[what] = (view: unknown, index: unknown, ...operands: unknown[]): unknown => {
      const element = elementAt(view, index);
      if (element === null) {
        const fn = Reflect.get(Atomics, what) as (...args: unknown[]) => unknown;
        return fn(view, index, ...operands);
      }
      const given = operands
        .slice(0, what === "compareExchange" ? 2 : 1)
        .map((it) => scalar(element.type, it));
      const result = host.atomic(element, what, given);
      // A store gives what it was given, as a whole number, not what was there.
      return what === "store" ? whole(given[0]) : result;
    };
  }
  own["wait"] = (view: unknown, index: unknown, expected: unknown, timeout: unknown): string => {
    const element = elementAt(view, index);
    const waits = element?.type === "Int32Array" || element?.type === "BigInt64Array";
    if (element === null || !waits) {
      throw new TypeError("[object Array] is not an int32 or BigInt64 typed array.");
    }
    if (!host.mayBlock) {
      throw new TypeError("Atomics.wait cannot be called in this context");
    }
    const most = timeout === undefined ? Infinity : Number(timeout);
    const finite = Number.isFinite(most) ? Math.max(0, most) : null;
    return host.wait(element, scalar(element.type, expected), finite);
  };
  own["notify"] = (view: unknown, index: unknown, count: unknown): number => {
    const element = elementAt(view, index);
    if (element === null) return 0;
    return host.notify(element, count === undefined ? Infinity : Math.max(0, Number(count)));
  };
  own["waitAsync"] = () => vm.unsupported("Atomics.waitAsync");
  own["isLockFree"] = (size: unknown) => Atomics.isLockFree(Number(size));
  Object.defineProperty(own, Symbol.toStringTag, { value: "Atomics", configurable: true });
  return own;
}

function whole(value: Scalar | undefined): Scalar | undefined {
  if (typeof value !== "number") return value;
  return Number.isNaN(value) ? 0 : Math.trunc(value) + 0;
}

function isFloat(view: ArrayBufferView): boolean {
  return view instanceof Float32Array || view instanceof Float64Array;
}
