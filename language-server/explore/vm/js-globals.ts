// The global names of a program.

import { isModel } from "../../ir/models.js";
import { inPart, modulesOf } from "./js-modules.js";
import type { Vm } from "./js-interp.js";
import type { Realm } from "./js-realm.js";
import { replyOf } from "./js-reply.js";
import type { Task } from "./js-loop.js";
import { Abort } from "./js-values.js";

type Callback = (...args: unknown[]) => unknown;

const pure: Readonly<Record<string, unknown>> = {
  undefined,
  NaN,
  Infinity,
  Object,
  Array,
  String,
  Number,
  Boolean,
  Symbol,
  BigInt,
  JSON,
  Map,
  Set,
  WeakMap,
  WeakSet,
  RegExp,
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
  AggregateError,
  Reflect,
  Proxy,
  ArrayBuffer,
  DataView,
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  parseInt,
  parseFloat,
  isNaN,
  isFinite,
  encodeURIComponent,
  decodeURIComponent,
  encodeURI,
  decodeURI,
  // What this Node has of them is pure.
  ...Object.fromEntries(
    ["Iterator", "URL", "URLSearchParams", "TextEncoder", "TextDecoder", "atob", "btoa"]
      .filter((it) => Reflect.has(globalThis, it))
      .map((it) => [it, Reflect.get(globalThis, it)]),
  ),
};

/** The global object of one execution. */
export function globalsOf(vm: Vm, realm: Realm): object {
  const timers = timersOf(vm);
  const exports = {};
  const named: Record<string, unknown> = {
    ...pure,
    ...timers,
    Math: mathOf(vm),
    Promise: realm.promises.constructor_,
    Date: dateOf(vm),
    console: consoleOf(vm, realm),
    process: inPart(processOf(vm, realm), "process", (it) => vm.unsupported(it)),
    performance: { now: () => clockOf(vm) },
    queueMicrotask: (callback: unknown) => {
      const job = callable(callback, "callback");
      const { span } = vm;
      vm.loop.enqueue(vm.loop.lane, () => {
        vm.loop.taskSpan = span;
        job();
      });
    },
    module: { exports },
    exports,
    fetch: (url: unknown) => fetchOf(vm, String(url)),
  };
  named["require"] = (name: unknown) => {
    const text = String(name);
    const reply = (what: string, value: () => unknown): object => replyOf(vm, what, value);
    return modulesOf(vm, realm, { ...named, reply }, text) ?? realm.outside.root(text);
  };
  const globals = Object.create(Object.prototype) as Record<string, unknown>;
  for (const [name, value] of Object.entries(named)) {
    Object.defineProperty(globals, name, { value, writable: true, configurable: true });
  }
  globals["globalThis"] = globals;
  return globals;
}

/** The host's, but for what it would leave to chance. */
function mathOf(vm: Vm): object {
  const random = (): number => vm.loop.random();
  const own = { value: random, writable: true, enumerable: false, configurable: true };
  return Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(Math),
    random: own,
  }) as object;
}

/** Milliseconds since the start. */
function clockOf(vm: Vm): number {
  vm.seen?.footprint.readsClock();
  return vm.loop.now;
}

/** Those of them that are not the host's: they tell themselves what they do. */
export function ownFunctionsOf(globals: object): readonly unknown[] {
  const functions: unknown[] = [];
  for (const [name, value] of Object.entries(Object.getOwnPropertyDescriptors(globals))) {
    if (Object.hasOwn(pure, name) || name === "globalThis") continue;
    functions.push(value.value, ...membersOf(value.value));
  }
  return functions;
}

function membersOf(value: unknown): readonly unknown[] {
  if (typeof value !== "object" && typeof value !== "function") return [];
  const own = Object.values(Object.getOwnPropertyDescriptors(value)).map((it): unknown => it.value);
  return own.flatMap((it): readonly unknown[] =>
    typeof it === "object" && it !== null
      ? Object.values(Object.getOwnPropertyDescriptors(it)).map((inner): unknown => inner.value)
      : [it],
  );
}

function callable(value: unknown, what: string): Callback {
  if (typeof value === "function") return value as Callback;
  const error = new TypeError(
    `The "${what}" argument must be of type function. Received ${String(value)}`,
  );
  throw Object.assign(error, { code: "ERR_INVALID_ARG_TYPE" });
}

/** A delay as Node's timers take it: at least one millisecond. */
export function delayOf(value: unknown): number {
  const delay = Number(value);
  return delay >= 1 && delay <= 2 ** 31 - 1 ? Math.trunc(delay) : 1;
}

function timersOf(vm: Vm): Record<string, unknown> {
  const tasks = new WeakMap<object, Task>();
  const ids = new Map<number, object>();
  let last = 0;
  class Timeout {
    ref(): this {
      setRef(this, true);
      return this;
    }
    unref(): this {
      setRef(this, false);
      return this;
    }
    hasRef(): boolean {
      return tasks.get(this)?.ref ?? false;
    }
    [Symbol.toPrimitive](): number {
      const id = ++last;
      ids.set(id, this);
      vm.seen?.footprint.opaque();
      return id;
    }
  }
  const setRef = (timer: object, ref: boolean): void => {
    const task = tasks.get(timer);
    if (task === undefined) return;
    task.ref = ref;
    // From now on it matters to every task how many others are left.
    vm.seen?.footprint.opaque();
  };
  const start = (
    kind: "timer" | "immediate",
    callback: unknown,
    delay: number,
    repeats: boolean,
    args: readonly unknown[],
  ): object => {
    const run = callable(callback, "callback");
    const what = repeats ? "interval" : kind;
    const text = kind === "immediate" ? "an immediate" : `when the ${what} of ${delay} ms fires`;
    const label = isOwnTask(vm, callback) ? `${what}${nameOf(callback)}` : "";
    const timer = new Timeout();
    const call = (): void => {
      vm.seen?.natives.calls(run, timer, args);
      Reflect.apply(run, timer, args);
    };
    const task = { kind, delay, text, repeats, run: call };
    tasks.set(timer, vm.loop.addTask(task, label));
    return timer;
  };
  const stop = (timer: unknown): void => {
    const object = typeof timer === "object" && timer !== null ? timer : ids.get(Number(timer));
    const task = object === undefined ? undefined : tasks.get(object);
    if (task !== undefined) vm.loop.removeTask(task);
  };
  return {
    setTimeout: (callback: unknown, delay: unknown, ...args: unknown[]) =>
      start("timer", callback, delayOf(delay), false, args),
    setInterval: (callback: unknown, delay: unknown, ...args: unknown[]) =>
      start("timer", callback, delayOf(delay), true, args),
    setImmediate: (callback: unknown, ...args: unknown[]) =>
      start("immediate", callback, 1, false, args),
    clearTimeout: stop,
    clearInterval: stop,
    clearImmediate: stop,
  };
}

/** A callback that does more than pass something on gets a lane of its own. */
function isOwnTask(vm: Vm, callback: unknown): boolean {
  const closure = vm.closureOf(callback);
  if (closure === undefined || isModel(closure.func)) return false;
  let calls = 0;
  for (const { instrs } of closure.func.blocks) {
    for (const { op } of instrs) {
      if (op === "set-prop" || op === "store" || op === "await") return true;
      if (op === "call" && ++calls > 1) return true;
    }
  }
  return false;
}

function nameOf(callback: unknown): string {
  const { name } = callback as { readonly name: string };
  return name === "" ? "" : ` ${name}`;
}

const epoch = Date.UTC(2024, 0, 1);

/** `Date` on the virtual clock. */
function dateOf(vm: Vm): unknown {
  const host = globalThis.Date;
  const now = (): number => epoch + clockOf(vm);
  const date = class Date extends host {
    constructor(...args: readonly unknown[]) {
      super(...((args.length === 0 ? [now()] : args) as [number]));
    }
    static override now(): number {
      return now();
    }
  };
  return date;
}

function consoleOf(vm: Vm, realm: Realm): Record<string, unknown> {
  let indent = "";
  const counts = new Map<string, number>();
  const log = (...args: unknown[]): void => {
    const text = realm.format(args);
    vm.loop.print(indent === "" ? text : text.replaceAll(/^/gm, indent));
  };
  // What goes to standard error is no output of the program, as it is in `node file.ts 2>/dev/null`.
  const silent = (): void => undefined;
  return {
    log,
    info: log,
    debug: log,
    error: silent,
    warn: silent,
    trace: silent,
    assert: silent,
    time: silent,
    timeEnd: silent,
    timeLog: silent,
    table: () => vm.unsupported("console.table"),
    dir: (value: unknown) => {
      log(realm.inspect(value));
    },
    group: (...args: unknown[]) => {
      if (args.length > 0) log(...args);
      indent += "  ";
    },
    groupEnd: () => {
      indent = indent.slice(2);
    },
    count: (label: unknown = "default") => {
      const name = String(label);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      log(`${name}: ${count}`);
    },
  };
}

function processOf(vm: Vm, realm: Realm): Record<string, unknown> {
  return {
    env: {},
    argv: ["node", "main"],
    platform: "linux",
    pid: 1,
    exitCode: undefined,
    nextTick: (callback: unknown, ...args: unknown[]) => {
      const tick = callable(callback, "callback");
      const { lane } = vm.loop;
      vm.loop.ticks.push(() => {
        vm.loop.lane = lane;
        tick(...args);
      });
    },
    exit: () => {
      throw new Abort("exit", "process.exit", vm.span);
    },
    uptime: () => clockOf(vm) / 1000,
    cwd: () => "/",
    on: (event: unknown) => vm.unsupported(`process.on(${realm.inspect(event)})`),
    once: (event: unknown) => vm.unsupported(`process.once(${realm.inspect(event)})`),
    stdout: {
      write: (text: unknown) => {
        vm.loop.write(String(text));
        return true;
      },
    },
  };
}

function fetchOf(vm: Vm, url: string): object {
  const body = (what: string, value: () => unknown) => {
    const ask = (): object => replyOf(vm, `response.${what}()`, value);
    vm.seen?.natives.tellsItself(ask, { looks: false });
    return ask;
  };
  return replyOf(vm, `fetch(${JSON.stringify(url)})`, () => ({
    ok: true,
    status: 200,
    statusText: "OK",
    url,
    headers: new Map<string, string>(),
    json: body("json", () => vm.realm.outside.fresh("response.json()", "fetch")),
    text: body("text", () => vm.realm.outside.text("")),
    arrayBuffer: body("arrayBuffer", () => new ArrayBuffer(0)),
  }));
}
