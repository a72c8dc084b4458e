// The `Promise` that programs see.

import { type JobHost, PromiseData } from "./js-promise.js";
import { isProgramError } from "./js-values.js";

type Callback = (value: unknown) => unknown;

interface Capability {
  readonly promise: object;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** The promises of one execution. */
export class Promises {
  readonly constructor_: PromiseClass;
  readonly #data = new WeakMap<object, PromiseData>();
  readonly host: JobHost;

  constructor(host: JobHost) {
    this.host = host;
    this.constructor_ = makeClass(this);
  }

  /** The state behind a promise; undefined when the value is no promise. */
  dataOf(value: unknown): PromiseData | undefined {
    return typeof value === "object" && value !== null ? this.#data.get(value) : undefined;
  }

  attach(object: object): PromiseData {
    const data = new PromiseData(object, this.host);
    this.#data.set(object, data);
    return data;
  }

  /** A promise that nobody has settled yet. */
  pending(): { readonly object: object; readonly data: PromiseData } {
    const object = Object.create(this.constructor_.prototype as object) as object;
    return { object, data: this.attach(object) };
  }

  /** PromiseResolve: the promise itself, or a new one resolved with the value. */
  resolved(value: unknown): PromiseData {
    const data = this.dataOf(value);
    if (data !== undefined && (value as object).constructor === this.constructor_) return data;
    const fresh = this.pending();
    fresh.data.resolvers().resolve(value);
    return fresh.data;
  }

  capability(species: unknown): Capability {
    if (species === this.constructor_ || typeof species !== "function") {
      const { object, data } = this.pending();
      return { promise: object, ...data.resolvers() };
    }
    let resolve: unknown;
    let reject: unknown;
    const executor = (a: unknown, b: unknown): void => {
      resolve = a;
      reject = b;
    };
    const promise = Reflect.construct(species, [executor]) as object;
    return { promise, resolve: resolve as Callback, reject: reject as Callback };
  }

  /** A function of ours for programs to call: what it does is told where it is done. */
  own<F extends (...args: never[]) => unknown>(fn: F): F {
    this.host.tellsItself(fn);
    return fn;
  }

  then(promise: unknown, onFulfilled: unknown, onRejected: unknown): object {
    const data = this.dataOf(promise);
    if (data === undefined)
      throw new TypeError("Method Promise.prototype.then called on incompatible receiver");
    const result = this.capability((promise as object).constructor);
    const handle =
      (callback: unknown, otherwise: (value: unknown) => void) =>
      (value: unknown): void => {
        if (typeof callback !== "function") {
          otherwise(value);
          return;
        }
        try {
          this.host.calls(callback, [value]);
          result.resolve((callback as Callback)(value));
        } catch (error) {
          if (!isProgramError(error)) throw error;
          result.reject(error);
        }
      };
    data.react(handle(onFulfilled, result.resolve), handle(onRejected, result.reject));
    return result.promise;
  }
}

export type PromiseClass = NewableFunction & Record<string, unknown>;

interface Thenable {
  then(fulfilled: unknown, rejected: unknown): unknown;
}

function makeClass(promises: Promises): PromiseClass {
  class Promise {
    constructor(executor: unknown) {
      if (typeof executor !== "function") {
        throw new TypeError(`Promise resolver ${String(executor)} is not a function`);
      }
      const { resolve, reject } = promises.attach(this).resolvers();
      try {
        (executor as (...args: unknown[]) => unknown)(resolve, reject);
      } catch (error) {
        if (!isProgramError(error)) throw error;
        reject(error);
      }
    }

    then(onFulfilled: unknown, onRejected: unknown): unknown {
      return promises.then(this, onFulfilled, onRejected);
    }

    catch(onRejected: unknown): unknown {
      return (this as Thenable).then(undefined, onRejected);
    }

    finally(callback: unknown): unknown {
      if (typeof callback !== "function") return (this as Thenable).then(callback, callback);
      const run = callback as () => unknown;
      const after = (go: () => unknown): unknown => {
        promises.host.calls(run, []);
        return (promises.resolved(run()).object as Thenable).then(promises.own(go), undefined);
      };
      return (this as Thenable).then(
        promises.own((value: unknown) => after(() => value)),
        promises.own((reason: unknown) =>
          after(() => {
            throw reason;
          }),
        ),
      );
    }

    static resolve(value: unknown): unknown {
      if (promises.dataOf(value) !== undefined && (value as object).constructor === this)
        return value;
      const result = promises.capability(this);
      result.resolve(value);
      return result.promise;
    }

    static reject(reason: unknown): unknown {
      const result = promises.capability(this);
      result.reject(reason);
      return result.promise;
    }

    static try(fn: unknown, ...args: unknown[]): unknown {
      const result = promises.capability(this);
      try {
        promises.host.calls(fn, args);
        result.resolve((fn as (...args: unknown[]) => unknown)(...args));
      } catch (error) {
        if (!isProgramError(error)) throw error;
        result.reject(error);
      }
      return result.promise;
    }

    static withResolvers(): unknown {
      return { ...promises.capability(this) };
    }
  }
  Object.defineProperty(Promise.prototype, Symbol.toStringTag, { value: "Promise" });
  for (const [name, method] of Object.entries(combinators(promises))) {
    Object.defineProperty(Promise, name, { value: method, writable: true, configurable: true });
  }
  return Promise as unknown as PromiseClass;
}

type Each = (
  item: Thenable,
  index: number,
  done: (value: unknown) => void,
  result: Capability,
) => void;

/** The statics that wait for several promises. */
function combinators(promises: Promises): Record<string, unknown> {
  const gather = (
    self: unknown,
    items: Iterable<unknown>,
    each: Each,
    finish: (values: unknown[], result: Capability) => void,
  ): object => {
    const result = promises.capability(self);
    try {
      const values: unknown[] = [];
      promises.host.made(values);
      const resolve = (self as { resolve(value: unknown): Thenable }).resolve.bind(self);
      let remaining = 1;
      const countDown = (): void => {
        if (--remaining === 0) finish(values, result);
      };
      let index = 0;
      for (const item of items) {
        const at = index++;
        values.push(undefined);
        remaining++;
        let called = false;
        each(
          resolve(item),
          at,
          promises.own((value) => {
            if (called) return;
            called = true;
            promises.host.uses(values, true);
            values[at] = value;
            countDown();
          }),
          result,
        );
      }
      countDown();
    } catch (error) {
      if (!isProgramError(error)) throw error;
      result.reject(error);
    }
    return result.promise;
  };
  const fulfil = (values: unknown[], result: Capability): void => {
    result.resolve(values);
  };
  return {
    all(this: unknown, items: Iterable<unknown>) {
      return gather(this, items, (it, _, done, result) => it.then(done, result.reject), fulfil);
    },
    allSettled(this: unknown, items: Iterable<unknown>) {
      const each: Each = (it, _, done) => {
        it.then(
          promises.own((value: unknown) => {
            done({ status: "fulfilled", value });
          }),
          promises.own((reason: unknown) => {
            done({ status: "rejected", reason });
          }),
        );
      };
      return gather(this, items, each, fulfil);
    },
    race(this: unknown, items: Iterable<unknown>) {
      const each: Each = (it, _, __, result) => it.then(result.resolve, result.reject);
      return gather(this, items, each, () => undefined);
    },
    any(this: unknown, items: Iterable<unknown>) {
      const each: Each = (it, _, done, result) => it.then(result.resolve, done);
      return gather(this, items, each, (errors, result) => {
        result.reject(new AggregateError(errors, "All promises were rejected"));
      });
    },
  };
}
