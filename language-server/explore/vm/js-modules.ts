// The modules of Node that programs may import: what is pure is here, what talks to the world outside answers at any time.

import type { Vm } from "./js-interp.js";
import type { Realm } from "./js-realm.js";
import { isProgramError } from "./js-values.js";

type Names = Readonly<Record<string, unknown>>;
type Callback = (...args: unknown[]) => unknown;

/** The exports of a module, or null when it is not modelled. */
export function modulesOf(vm: Vm, realm: Realm, globals: Names, name: string): Names | null {
  const make = modules[name.replace(/^node:/, "")];
  return make === undefined ? null : make(vm, realm, globals);
}

const modules: Readonly<Record<string, (vm: Vm, realm: Realm, globals: Names) => Names>> = {
  "timers/promises": timersPromises,
  timers: (_, __, globals) =>
    pick(globals, [
      "setTimeout",
      "setInterval",
      "setImmediate",
      "clearTimeout",
      "clearInterval",
      "clearImmediate",
    ]),
  process: (_, __, globals) => withDefault(globals["process"] as Names),
  perf_hooks: (_, __, globals) => pick(globals, ["performance"]),
  events: (vm) => eventsOf(vm),
  assert: (_, realm) => assertOf(realm),
  "assert/strict": (_, realm) => assertOf(realm),
  "fs/promises": (_, __, globals) => filesOf(globals["reply"] as Reply | undefined),
  util: (vm, realm) => utilOf(vm, realm),
};

type Reply = (text: string, value: () => unknown) => object;

function pick(globals: Names, names: readonly string[]): Names {
  return withDefault(Object.fromEntries(names.map((it) => [it, globals[it]])));
}

function withDefault(names: Names): Names {
  return { ...names, default: names };
}

function timersPromises(_: Vm, realm: Realm, globals: Names): Names {
  const start = globals["setTimeout"] as Callback;
  const soon = globals["setImmediate"] as Callback;
  return withDefault({
    setTimeout: (delay: unknown, value: unknown) => {
      const { object, data } = realm.promises.pending();
      start(data.resolvers().resolve, delay, value);
      return object;
    },
    setImmediate: (value: unknown) => {
      const { object, data } = realm.promises.pending();
      soon(data.resolvers().resolve, value);
      return object;
    },
  });
}

function eventsOf(vm: Vm): Names {
  class EventEmitter {
    readonly #listeners = new Map<unknown, { readonly call: Callback; readonly once: boolean }[]>();

    on(event: unknown, call: Callback): this {
      return this.#add(event, call, false);
    }
    addListener(event: unknown, call: Callback): this {
      return this.#add(event, call, false);
    }
    once(event: unknown, call: Callback): this {
      return this.#add(event, call, true);
    }
    #add(event: unknown, call: Callback, once: boolean): this {
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), { call, once }]);
      return this;
    }
    off(event: unknown, call: Callback): this {
      const left = (this.#listeners.get(event) ?? []).filter((it) => it.call !== call);
      this.#listeners.set(event, left);
      return this;
    }
    removeListener(event: unknown, call: Callback): this {
      return this.off(event, call);
    }
    removeAllListeners(event: unknown): this {
      this.#listeners.delete(event);
      return this;
    }
    listenerCount(event: unknown): number {
      return this.#listeners.get(event)?.length ?? 0;
    }
    emit(event: unknown, ...args: unknown[]): boolean {
      const listeners = this.#listeners.get(event) ?? [];
      if (listeners.length === 0 && event === "error") throw args[0];
      for (const { call, once } of listeners) {
        if (once) this.off(event, call);
        Reflect.apply(call, this, args);
      }
      return listeners.length > 0;
    }
  }
  const once = (emitter: EventEmitter, event: unknown): object => {
    const { object, data } = vm.realm.promises.pending();
    const { resolve, reject } = data.resolvers();
    emitter.once(event, (...args) => {
      resolve(args);
    });
    if (event !== "error") emitter.once("error", reject);
    return object;
  };
  return { EventEmitter, once, default: EventEmitter };
}

function assertOf(realm: Realm): Names {
  class AssertionError extends Error {
    override readonly name = "AssertionError";
    readonly code = "ERR_ASSERTION";
  }
  const fail = (message: unknown, otherwise: string): never => {
    if (message instanceof Error) throw message;
    throw new AssertionError(typeof message === "string" ? message : otherwise);
  };
  const same = (a: unknown, b: unknown): boolean => realm.inspect(a) === realm.inspect(b);
  const ok = (value: unknown, message: unknown): void => {
    if (!Boolean(value)) fail(message, "The expression evaluated to a falsy value");
  };
  const differ = (a: unknown, b: unknown): string =>
    `Expected values to be strictly equal: ${realm.show(a)} !== ${realm.show(b)}`;
  const names = {
    ok,
    equal: (a: unknown, b: unknown, message: unknown) => {
      if (!Object.is(a, b)) fail(message, differ(a, b));
    },
    strictEqual: (a: unknown, b: unknown, message: unknown) => {
      if (!Object.is(a, b)) fail(message, differ(a, b));
    },
    notStrictEqual: (a: unknown, b: unknown, message: unknown) => {
      if (Object.is(a, b))
        fail(message, `Expected "actual" to be strictly unequal to: ${realm.show(b)}`);
    },
    deepStrictEqual: (a: unknown, b: unknown, message: unknown) => {
      if (!same(a, b)) fail(message, differ(a, b));
    },
    deepEqual: (a: unknown, b: unknown, message: unknown) => {
      if (!same(a, b)) fail(message, differ(a, b));
    },
    fail: (message: unknown) => fail(message, "Failed"),
    throws: (run: Callback) => {
      try {
        run();
      } catch (error) {
        if (!isProgramError(error)) throw error;
        return;
      }
      fail(undefined, "Missing expected exception.");
    },
    AssertionError,
  };
  const assert = Object.assign((value: unknown, message: unknown) => {
    ok(value, message);
  }, names);
  return { ...names, strict: assert, default: assert };
}

function filesOf(reply: Reply | undefined): Names {
  const answer =
    (name: string, value: () => unknown) =>
    (path: unknown): unknown =>
      reply?.(`${name}(${JSON.stringify(path)})`, value);
  return withDefault({
    readFile: answer("readFile", () => ""),
    writeFile: answer("writeFile", () => undefined),
    appendFile: answer("appendFile", () => undefined),
    mkdir: answer("mkdir", () => undefined),
    rm: answer("rm", () => undefined),
    unlink: answer("unlink", () => undefined),
    readdir: answer("readdir", () => []),
  });
}

function utilOf(vm: Vm, realm: Realm): Names {
  return withDefault({
    inspect: (value: unknown) => realm.inspect(value),
    format: (...args: unknown[]) => realm.format(args),
    promisify:
      (fn: Callback) =>
      (...args: unknown[]) => {
        const { object, data } = realm.promises.pending();
        const { resolve, reject } = data.resolvers();
        vm.call(
          fn,
          undefined,
          [
            ...args,
            (error: unknown, value: unknown) => {
              if (error === null || error === undefined) resolve(value);
              else reject(error);
            },
          ],
          { taints: [], selfTaint: undefined, awaited: false, name: () => "original" },
        );
        return object;
      },
  });
}
