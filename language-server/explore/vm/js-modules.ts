// The modules of Node that programs may import: what is pure is here, what talks to the world outside answers at any time.

import type { Vm } from "./js-interp.js";
import type { Realm } from "./js-realm.js";
import { isProgramError } from "./js-values.js";

type Names = Readonly<Record<string, unknown>>;
type Callback = (...args: unknown[]) => unknown;

/** The exports of a module, or null when it is not modelled. */
export function modulesOf(vm: Vm, realm: Realm, globals: Names, name: string): Names | null {
  const make = modules[name.replace(/^node:/, "")];
  if (make === undefined) return null;
  const { default: whole, ...names } = make(vm, realm, globals);
  const missing = (member: string): object => realm.outside.root(member, name);
  const all = typeof whole === "function" ? whole : inPart(whole as Names, name, missing);
  return inPart({ ...names, default: all }, name, missing);
}

/** Of something that the machine has in part: what it has not is no `undefined`, but `missing`. */
export function inPart<T extends object>(
  known: T,
  what: string,
  missing: (member: string) => unknown,
): T {
  return new Proxy(known, {
    get: (target, key) => {
      if (typeof key === "symbol" || key === "then" || key in target) {
        return Reflect.get(target, key) as unknown;
      }
      return missing(`${what}.${key}`);
    },
  });
}

const modules: Readonly<Record<string, (vm: Vm, realm: Realm, globals: Names) => Names>> = {
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
  assert: (_, realm) => assertOf(realm),
  "assert/strict": (_, realm) => assertOf(realm),
  "fs/promises": (_, realm, globals) => filesOf(realm, globals["reply"] as Reply | undefined),
  util: (vm, realm) => utilOf(vm, realm),
};

type Reply = (text: string, value: () => unknown) => object;

function pick(globals: Names, names: readonly string[]): Names {
  return withDefault(Object.fromEntries(names.map((it) => [it, globals[it]])));
}

function withDefault(names: Names): Names {
  return { ...names, default: names };
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

function filesOf(realm: Realm, reply: Reply | undefined): Names {
  const answer =
    (name: string, value: () => unknown) =>
    (path: unknown): unknown =>
      reply?.(`${name}(${JSON.stringify(path)})`, value);
  return withDefault({
    readFile: answer("readFile", () => realm.outside.text("")),
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
    promisify: (fn: Callback) => {
      // What it calls back is not known, but that it does is.
      if (realm.outside.has(fn)) return fn;
      return (...args: unknown[]) => {
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
      };
    },
  });
}
